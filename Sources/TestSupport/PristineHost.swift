// The host from which tests with real programs start: one Postfix that knows no instances.
//
// Nothing here may depend on how the machine's own Postfix is configured: all of that is taken
// away, inside a sandbox.

package import Bytes

/// Shell text that makes the host.
package enum PristineHost {
    /// Gives every main.cf an age at which no Postfix program takes it for half written.
    package static let settle: ByteString = """
        settle() {
            find /etc/postfix* /var/mta* -name main.cf -type f \
                -exec touch -d '1 minute ago' {} + 2>/dev/null || :
        }

        """

    /// Makes the host, with a small main.cf much like a packaged one, without what differs
    /// between releases.
    ///
    /// It needs `settle`.
    package static let making: ByteString = """
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
