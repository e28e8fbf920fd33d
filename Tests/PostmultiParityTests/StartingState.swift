// The hosts from which rows start, each made once a test run with the stock programs.
//
// Nothing here may depend on how the machine's own Postfix is configured: the first state takes
// all of that away.

import Bytes

/// A host to start from; rows vary it with their preparation.
enum StartingState: String, Sendable {
    /// One Postfix that has never heard of instances.
    case pristine
    /// After `postmulti -e init`.
    case initialised
    /// `postfix-out` and `postfix-in`, enabled, in group `mta`, and `postfix-aux`, disabled.
    case three
    /// One disabled instance `postfix-new` that has never run.
    case fresh
    /// A whole instance in /etc/postfix-old that is not registered.
    case stray

    /// The state that this one is made from.
    var parent: StartingState? {
        switch self {
        case .pristine: nil
        case .initialised: .pristine
        case .three, .fresh: .initialised
        case .stray: .fresh
        }
    }

    /// Shell text that makes the state from its parent.
    var script: ByteString {
        switch self {
        case .pristine: Self.pristineScript
        case .initialised: "postmulti -e init"
        case .three:
            """
            for name in out in aux; do
                postmulti -e create -I postfix-$name -G mta; settle
            done
            postmulti -e assign -i aux -G -; settle
            postmulti -e enable -i out; postmulti -e enable -i in
            \(Jail.clear("/var/spool/postfix-*"))
            """
        case .fresh:
            """
            postmulti -e create -I postfix-new
            \(Jail.clear("/var/spool/postfix-new"))
            """
        case .stray:
            """
            postmulti -e deport -i new; settle
            mv /etc/postfix-new /etc/postfix-old
            mv /var/spool/postfix-new /var/spool/postfix-old
            mv /var/lib/postfix-new /var/lib/postfix-old
            postconf -c /etc/postfix-old -e queue_directory=/var/spool/postfix-old \
                data_directory=/var/lib/postfix-old multi_instance_name=postfix-old
            settle
            postconf -e alternate_config_directories=
            """
        }
    }

    /// A small main.cf much like a packaged one, without what differs between releases.
    private static let pristineScript: ByteString = """
        rm -rf /etc/postfix-* /var/spool/postfix-* /var/lib/postfix-* /var/mta
        find /var/spool/postfix /var/lib/postfix -type f -delete
        cat >/etc/postfix/main.cf <<'END'
        # See /usr/share/postfix/main.cf.dist for a commented, more complete version

        compatibility_level = 3.6
        smtpd_banner = $myhostname ESMTP $mail_name
        biff = no

        # appending .domain is the MUA's job.
        append_dot_mydomain = no
        readme_directory = no
        myhostname = host.example.test
        mydestination = $myhostname, localhost.$mydomain,
            localhost
        relayhost =
        mynetworks = 127.0.0.0/8
        mailbox_size_limit = 0
        recipient_delimiter = +
        inet_interfaces = loopback-only
        inet_protocols = ipv4
        alias_maps =
        alias_database =
        END
        cp "$(postconf -h meta_directory)/master.cf.proto" /etc/postfix/master.cf
        chmod 644 /etc/postfix/main.cf /etc/postfix/master.cf
        settle
        postfix check
        """
}
