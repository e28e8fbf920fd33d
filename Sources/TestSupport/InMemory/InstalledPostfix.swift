// A Postfix on the host in memory: programs, defaults, prototypes and the primary instance.
//
// The files are cut down to what the product looks at, in the form of Debian's Postfix 3.7. What
// Postfix really ships is the business of tests against the real one.

package import Bytes
package import HostAccess

extension InMemoryHost {
    /// A host with Postfix, and a primary that manages no instances yet but is ready to.
    package static func withPostfix(
        reportUnexpected: @escaping (ChildCommand) -> Void
    ) -> InMemoryHost {
        var host = InMemoryHost(reportUnexpected: reportUnexpected)
        host.accounts.users = [
            "root": UserAccount(id: 0, primaryGroup: 0),
            "postfix": UserAccount(id: 105, primaryGroup: 113),
        ]
        host.accounts.groups = ["root": 0, "postfix": 113, "postdrop": 114]
        let files = host.files
        for directory: ByteString in [
            "/run", "/tmp", "/usr/sbin", "/usr/lib/postfix/sbin", "/var/cache",
            "/var/spool/postfix",
        ] {
            files.addDirectory(directory)
        }
        files.addDirectory("/var/lib/postfix", mode: 0o700, owner: 105, group: 113)
        files.addFile("/usr/sbin/postconf", "the program", mode: 0o755)
        files.addFile("/etc/postfix/main.cf", InstalledPostfix.primaryMainCF)
        files.addFile("/etc/postfix/master.cf", InstalledPostfix.masterCF)
        files.addFile("/etc/postfix/main.cf.proto", InstalledPostfix.mainPrototype)
        files.addFile("/etc/postfix/master.cf.proto", InstalledPostfix.masterCF)
        files.addFile("/etc/postfix/postfix-files", InstalledPostfix.postfixFiles)
        host.processes.answer("/usr/sbin/postconf", output: InstalledPostfix.defaults)
        return host
    }

    /// Puts a secondary's files where they would be, without registering it.
    ///
    /// - Parameter extra: More lines for its main.cf.
    package func addInstance(_ name: ByteString, extra: ByteString = "") {
        files.addFile(
            "/etc/\(name)/main.cf",
            """
            queue_directory = /var/spool/\(name)
            data_directory = /var/lib/\(name)
            multi_instance_name = \(name)
            \(extra)
            """)
        files.addFile("/etc/\(name)/master.cf", InstalledPostfix.masterCF)
        files.addDirectory("/var/spool/\(name)")
        files.addDirectory("/var/lib/\(name)", mode: 0o700, owner: 105)
    }

    /// Puts secondaries' files where they would be and registers them, in this order.
    package func addRegisteredInstances(_ names: [ByteString], extra: ByteString = "") {
        for name in names { addInstance(name, extra: extra) }
        register(names.map { "/etc/\($0)" as ByteString })
    }

    /// Sets the list of secondaries in the primary's main.cf, by one more line at its end.
    package func register(_ directories: [ByteString]) {
        let name: ByteString = "multi_instance_directories ="
        let list = directories.reduce(name) { "\($0) \($1)" }
        appendToPrimary(list)
    }

    /// Puts more lines at the end of the primary's main.cf, and takes away the lines there that set
    /// the same parameters.
    package func appendToPrimary(_ lines: ByteString) {
        let path: ByteString = "/etc/postfix/main.cf"
        let present = (files.contents(of: path) ?? "").split { $0 == 0x0A }
        let names = Set(lines.split { $0 == 0x0A }.map(parameterName))
        let kept = present.filter { !names.contains(parameterName($0)) }
        files.addFile(path, (kept + [lines]).reduce("") { "\($0)\($1)\n" })
    }

    /// What stands in front of the equals sign, and of the blanks before that.
    private func parameterName(_ line: ByteString) -> ByteString {
        ByteString(line.bytes.prefix { $0 != 0x3D && $0 != 0x20 })
    }
}

/// The files of the Postfix in memory.
package enum InstalledPostfix {
    /// The primary's main.cf after `postmulti -e init`.
    package static let primaryMainCF: ByteString = """
        # The primary of the tests.
        myhostname = mail.example.com
        setgid_group = postdrop
        multi_instance_wrapper = ${command_directory}/postmulti -p --
        multi_instance_enable = yes

        """

    package static let masterCF: ByteString = """
        smtp      inet  n       -       y       -       -       smtpd
        pickup    unix  n       -       y       60      1       pickup

        """

    package static let mainPrototype: ByteString = """
        # The prototype of the tests.
        compatibility_level = 3.7
        command_directory = /usr/sbin
        data_directory = /var/lib/postfix
        setgid_group =
        html_directory =

        """

    /// The queue directories, and a few entries that no instance has for itself.
    package static let postfixFiles: ByteString = """
        # A comment.
        $config_directory:d:root:-:755:u
        $data_directory:d:$mail_owner:-:700:uc
        $daemon_directory:d:root:-:755:u
        $queue_directory:d:root:-:755:uc
        $queue_directory/active:d:$mail_owner:-:700:ucr
        $queue_directory/deferred:d:$mail_owner:-:700:ucr
        $queue_directory/maildrop:d:$mail_owner:$setgid_group:730:uc
        $queue_directory/pid:d:root:-:755:uc
        $queue_directory/private:d:$mail_owner:-:700:uc
        $queue_directory/public:d:$mail_owner:$setgid_group:710:uc
        $meta_directory/main.cf.proto:f:root:-:644
        $daemon_directory/bounce:f:root:-:755
        $config_directory/main.cf:f:root:-:644:p
        $config_directory/master.cf:f:root:-:644:p
        $config_directory/access:f:root:-:644:p1o

        """

    /// What `postconf -d` says, of the parameters that matter to instances.
    package static let defaults: ByteString = """
        address_verify_map = btree:$data_directory/verify_cache
        alternate_config_directories =
        command_directory = /usr/sbin
        config_directory = /etc/postfix
        daemon_directory = /usr/lib/postfix/sbin
        data_directory = /var/lib/postfix
        import_environment = MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ LANG=C
        inet_interfaces = all
        inet_protocols = all
        lmtp_tls_session_cache_database =
        mail_owner = postfix
        maillog_file =
        maillog_file_prefixes = /var, /dev/stdout
        master_service_disable =
        meta_directory = /etc/postfix
        multi_instance_directories =
        multi_instance_enable = no
        multi_instance_group =
        multi_instance_name =
        multi_instance_wrapper =
        postmulti_control_commands = reload flush
        postmulti_start_commands = start
        postmulti_stop_commands = stop abort drain quick-stop
        postscreen_cache_map = btree:$data_directory/postscreen_cache
        queue_directory = /var/spool/postfix
        setgid_group = postdrop
        shlib_directory = /usr/lib/postfix
        smtp_tls_session_cache_database =
        smtpd_tls_session_cache_database =
        syslog_facility = mail
        syslog_name = ${multi_instance_name?{$multi_instance_name}:{postfix}}

        """
}
