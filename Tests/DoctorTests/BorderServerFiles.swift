// The configuration files of the border mail server, and of a Debian host with one instance.

import Bytes
import HostAccess
import Instances
import TestSupport

extension BorderServer {
    static let nullClient: ByteString = """
        myhostname = mta1.example.com
        mydomain = example.com
        myorigin = $mydomain
        master_service_disable = inet
        mydestination =
        local_transport = error:5.1.1 Mailbox unavailable
        alias_database =
        alias_maps =
        local_recipient_maps =
        relayhost = [mailhub.example.com]
        indexed = ${default_database_type}:${config_directory}/
        smtp_generic_maps = ${indexed}generic
        virtual_alias_maps = ${indexed}virtual

        """

    static let output: ByteString = """
        multi_instance_group = mta
        multi_instance_enable = yes
        myhostname = mta1-out.example.com
        inet_interfaces = loopback-only
        mynetworks = 127.0.0.0/8 [::1]/128
        smtpd_authorized_xforward_hosts = $mynetworks
        smtpd_client_connection_count_limit = 0
        smtpd_client_event_limit_exceptions = $mynetworks
        smtp_bind_address = 0.0.0.0
        local_header_rewrite_clients =
        mydestination =
        alias_maps =
        alias_database =
        local_recipient_maps =
        local_transport = error:5.1.1 Mailbox unavailable
        recipient_delimiter = +
        smtpd_relay_restrictions =
        smtpd_recipient_restrictions = permit_mynetworks, reject
        smtpd_timeout = 1200s
        parent_domain_matches_subdomains =
        relay_domains = example.com, .example.com
        relay_transport = relay:[mailhub.example.com]
        smtpd_client_port_logging = no
        master_service_disable =
        authorized_submit_users = root

        """

    static let input: ByteString = """
        multi_instance_group = mta
        multi_instance_enable = yes
        myhostname = mx1.example.com
        inet_interfaces = 203.0.113.25
        mynetworks = 127.0.0.0/8
        relay_domains = example.com
        parent_domain_matches_subdomains =
        smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
        mydestination =
        alias_maps =
        alias_database =
        local_recipient_maps =
        local_transport = error:5.1.1 Mailbox unavailable
        local_header_rewrite_clients =
        default_transport = smtp:[127.0.0.1]:10025
        relay_transport = $default_transport
        virtual_transport = $default_transport
        transport_maps =
        smtp_bind_address = 0.0.0.0
        smtp_send_xforward_command = yes
        smtp_destination_recipient_limit = 1000
        smtp_data_done_timeout = 1200s
        smtpd_client_port_logging = no
        master_service_disable =
        authorized_submit_users = root

        """

    /// Debian's master.cf, cut down to services that matter here.
    static let masterCF: ByteString = "smtp      inet  n - n - - smtpd\n" + localServices

    static let outputMasterCF: ByteString =
        "127.0.0.1:10026 inet n - n - - smtpd\n" + localServices

    private static let localServices: ByteString = """
        pickup    unix  n - n 60    1 pickup
        cleanup   unix  n - n -     0 cleanup
        qmgr      unix  n - n 300   1 qmgr
        bounce    unix  - - n -     0 bounce
        smtp      unix  - - n -     - smtp
        relay     unix  - - n -     - smtp
        error     unix  - - n -     - error
        local     unix  - n n -     - local
        anvil     unix  - - n -     1 anvil
        postlog   unix-dgram n  - n - 1 postlogd

        """

    /// What Debian's installer writes for "Internet site".
    static let debianMainCF: ByteString = """
        smtpd_banner = $myhostname ESMTP $mail_name (Debian/GNU)
        biff = no
        append_dot_mydomain = no
        readme_directory = no
        compatibility_level = 3.6
        smtpd_relay_restrictions = permit_mynetworks permit_sasl_authenticated \
        defer_unauth_destination
        myhostname = mta1.example.com
        alias_maps = hash:/etc/aliases
        alias_database = hash:/etc/aliases
        mydestination = $myhostname, example.com, localhost
        relayhost =
        mynetworks = 127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128
        mailbox_size_limit = 0
        recipient_delimiter = +
        inet_interfaces = all
        inet_protocols = all
        smtp_tls_security_level = may

        """

    /// A Debian host as it is after the installation.
    static func debian() -> BorderServer {
        let masterCF: ByteString = """
            smtp      inet  n       -       y       -       -       smtpd
            pickup    unix  n       -       y       60      1       pickup
            cleanup   unix  n       -       y       -       0       cleanup
            qmgr      unix  n       -       n       300     1       qmgr
            smtp      unix  -       -       y       -       -       smtp
            relay     unix  -       -       y       -       -       smtp
                    -o syslog_name=postfix/$service_name
            error     unix  -       -       y       -       -       error
            local     unix  -       n       n       -       -       local
            postlog   unix-dgram n  -       n       -       1       postlogd
            maildrop  unix  -       n       n       -       -       pipe
              flags=DRXhu user=vmail argv=/usr/bin/maildrop -d ${recipient}

            """
        let host = BorderServer(primary: debianMainCF, masterCF: masterCF)
        host.memory.files.addFile("/etc/aliases", "postmaster: root\n")
        host.memory.files.addFile("/etc/aliases.db")
        // What the jail lacks is put there when the instance is started.
        host.memory.files.addFile("/usr/lib/postfix/configure-instance.sh", mode: 0o755)
        return host
    }
}
