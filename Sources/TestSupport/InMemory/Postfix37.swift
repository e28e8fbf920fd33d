// What `postconf` of Postfix 3.7 says, cut down to what checks ask for.

package import Bytes

/// The answers of the installed Postfix 3.7.
package enum Postfix37 {
    /// `postconf -d`, as Debian 12 has it.
    package static let defaults: ByteString = """
        alias_database = hash:/etc/aliases
        alias_maps = hash:/etc/aliases, nis:mail.aliases
        alternate_config_directories =
        anvil_rate_time_unit = 60s
        append_dot_mydomain = ${{$compatibility_level} <level {1} ? {yes} : {no}}
        authorized_submit_users = static:anyone
        biff = yes
        body_checks =
        bounce_queue_lifetime = 5d
        command_directory = /usr/sbin
        compatibility_level = 0
        config_directory = /etc/postfix
        content_filter =
        daemon_directory = /usr/lib/postfix/sbin
        data_directory = /var/lib/postfix
        default_database_type = hash
        default_destination_recipient_limit = 50
        default_transport = smtp
        fallback_relay =
        fallback_transport =
        header_checks =
        import_environment = MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ XAUTHORITY DISPLAY LANG=C \
        POSTLOG_SERVICE POSTLOG_HOSTNAME
        inet_interfaces = all
        inet_protocols = all
        local_header_rewrite_clients = permit_inet_interfaces
        local_recipient_maps = proxy:unix:passwd.byname $alias_maps
        local_transport = local:$myhostname
        mail_owner = postfix
        mailbox_command =
        mailbox_size_limit = 51200000
        mailbox_transport =
        maillog_file =
        maillog_file_prefixes = /var, /dev/stdout
        master_service_disable =
        maximal_queue_lifetime = 5d
        message_size_limit = 10240000
        meta_directory = /etc/postfix
        multi_instance_directories =
        multi_instance_enable = no
        multi_instance_group =
        multi_instance_name =
        multi_instance_wrapper =
        mydestination = $myhostname, localhost.$mydomain, localhost
        mydomain = example.com
        myhostname = mta1.example.com
        mynetworks = 127.0.0.0/8 203.0.113.0/24 [::1]/128
        mynetworks_style = ${{$compatibility_level} <level {2} ? {subnet} : {host}}
        myorigin = $myhostname
        parent_domain_matches_subdomains = \
        debug_peer_list,fast_flush_domains,mynetworks,permit_mx_backup_networks,\
        qmqpd_authorized_clients,relay_domains,smtpd_access_maps
        postmulti_control_commands = reload flush
        postmulti_start_commands = start
        postmulti_stop_commands = stop abort drain quick-stop
        process_name = postconf
        qmgr_message_active_limit = 20000
        queue_directory = /var/spool/postfix
        queue_minfree = 0
        readme_directory = /usr/share/doc/postfix
        recipient_delimiter =
        relay_domains = ${{$compatibility_level} <level {2} ? {$mydestination} : {}}
        relay_recipient_maps =
        relay_transport = relay
        relayhost =
        sender_dependent_default_transport_maps =
        sender_dependent_relayhost_maps =
        setgid_group = postdrop
        shlib_directory = /usr/lib/postfix
        smtp_bind_address =
        smtp_bind_address6 =
        smtp_connect_timeout = 30s
        smtp_data_done_timeout = 600s
        smtp_data_init_timeout = 120s
        smtp_data_xfer_timeout = 180s
        smtp_destination_recipient_limit = $default_destination_recipient_limit
        smtp_dns_support_level =
        smtp_fallback_relay = $fallback_relay
        smtp_generic_maps =
        smtp_helo_name = $myhostname
        smtp_helo_timeout = 300s
        smtp_mail_timeout = 300s
        smtp_rcpt_timeout = 300s
        smtp_send_xforward_command = no
        smtp_tls_cert_file =
        smtp_tls_chain_files =
        smtp_tls_key_file = $smtp_tls_cert_file
        smtp_tls_security_level =
        smtpd_authorized_xclient_hosts =
        smtpd_authorized_xforward_hosts =
        smtpd_banner = $myhostname ESMTP $mail_name
        smtpd_client_connection_count_limit = 50
        smtpd_client_connection_limit_exceptions =
        smtpd_client_event_limit_exceptions = \
        ${smtpd_client_connection_limit_exceptions:$mynetworks}
        smtpd_client_port_logging = no
        smtpd_client_restrictions =
        smtpd_helo_restrictions =
        smtpd_proxy_filter =
        smtpd_recipient_limit = 1000
        smtpd_recipient_restrictions =
        smtpd_reject_unlisted_recipient = yes
        smtpd_relay_restrictions = ${{$compatibility_level} <level {1} ? {} : \
        {permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination}}
        smtpd_restriction_classes =
        smtpd_sasl_auth_enable = no
        smtpd_sender_restrictions =
        smtpd_timeout = ${stress?{10}:{300}}s
        smtpd_tls_auth_only = no
        smtpd_tls_cert_file =
        smtpd_tls_chain_files =
        smtpd_tls_dcert_file =
        smtpd_tls_eccert_file =
        smtpd_tls_key_file = $smtpd_tls_cert_file
        smtpd_tls_security_level =
        soft_bounce = no
        stress =
        syslog_facility = mail
        syslog_name = ${multi_instance_name?{$multi_instance_name}:{postfix}}
        transport_maps =
        virtual_alias_domains = $virtual_alias_maps
        virtual_alias_maps = $virtual_maps
        virtual_mailbox_domains = $virtual_mailbox_maps
        virtual_transport = virtual

        """

    /// `postconf -m`.
    package static let tableTypes: ByteString = """
        btree
        cidr
        hash
        inline
        pipemap
        proxy
        regexp
        static
        texthash
        unionmap

        """
}
