// What destroy must refuse, what it must remove, and what it must leave.

import Bytes

/// Situations of the instance postfix-new, made by `create`.
enum DestroyScenarios {
    static let all = mail + states + leftBehind + links + places

    private static let destroy: [ByteString] = ["-e", "destroy", "-i", "new"]

    /// Nothing of the instance is there any more.
    private static let allGone = """
        for place in /etc /var/spool /var/lib; do
            if [ -e $place/postfix-new ]; then find $place/postfix-new; exit 1; fi
        done
        """

    // MARK: mail in the queue

    private static let mail: [Scenario] =
        ["maildrop", "incoming", "active", "deferred/0", "hold", "corrupt"].map { queue in
            Scenario(
                name: "mail in \(queue)", prepare: message("\(queue)/0A1B2C"), arguments: destroy,
                outcome: .refused, says: ["\(queue.prefix { $0 != "/" }): 1"])
        } + [
            Scenario(
                name: "mail in several queues",
                prepare: message("deferred/0/1/01A") + message("deferred/0/2/02A")
                    + message("deferred/03A") + message("hold/04A") + message("hold/05A"),
                arguments: destroy, outcome: .refused, says: ["deferred: 3", "hold: 2"]),
            Scenario(
                name: "mail deleted as the message advises",
                prepare: message("hold/0A1B2C3D4E") + "postsuper -c /etc/postfix-new -d ALL",
                arguments: destroy, outcome: .done, check: allGone),
        ]

    private static func message(_ path: String) -> String {
        """
        file=/var/spool/postfix-new/\(path)
        mkdir -p ${file%/*}; echo mail >$file; chmod 700 $file
        chown -R postfix ${file%/*}\n
        """
    }

    // MARK: running, enabled, after a run

    private static let states = [
        Scenario(
            name: "the instance is enabled",
            prepare: "postconf -c /etc/postfix-new -e multi_instance_enable=yes",
            arguments: destroy, outcome: .refused, says: ["enabled"]),
        Scenario(
            name: "the instance runs", prepare: "postfix -c /etc/postfix-new start",
            arguments: destroy, outcome: .refused, says: ["not stopped"],
            check: "postfix -c /etc/postfix-new status",
            cleanUp: "postfix -c /etc/postfix-new stop"),
        Scenario(
            name: "the instance runs, and is to be deported",
            prepare: "postfix -c /etc/postfix-new start",
            arguments: ["-e", "deport", "-i", "new"], outcome: .refused, says: ["not stopped"],
            cleanUp: "postfix -c /etc/postfix-new stop"),
        Scenario(
            name: "its main.cf is damaged while mail waits",
            prepare: message("hold/0A1B2C")
                + "echo multi_instance_enable = maybe >>/etc/postfix-new/main.cf",
            arguments: destroy, outcome: .done, says: ["/etc/postfix-new"],
            check: "ls /etc/postfix-new/main.cf /var/spool/postfix-new/hold/0A1B2C >/dev/null"),
        Scenario(
            name: "after a run with mail", prepare: runWithMail, arguments: destroy,
            outcome: .done, check: allGone),
        Scenario(
            name: "a jail with copies of the system's files",
            prepare: """
                cd /var/spool/postfix-new; mkdir -p etc/ssl/certs usr/lib
                cp -pL /etc/hosts /etc/services /etc/nsswitch.conf /etc/localtime etc
                [ ! -f /etc/ssl/certs/ca-certificates.crt ] \\
                    || cp -pL /etc/ssl/certs/ca-certificates.crt etc/ssl/certs
                """,
            arguments: destroy, outcome: .done, check: allGone),
    ]

    /// Starts the instance, lets it deliver a message and make its caches, and stops it.
    private static let runWithMail = """
        postconf -c /etc/postfix-new -e local_transport=discard: default_transport=discard: \\
            authorized_submit_users=static:anyone \\
            'smtp_tls_session_cache_database = btree:$data_directory/smtp_scache' \\
            'address_verify_map = btree:$data_directory/verify_cache'
        touch -d '1 hour ago' /etc/postfix-new/main.cf
        postfix -c /etc/postfix-new start
        printf 'Subject: test\\n\\ntest\\n' | sendmail -C /etc/postfix-new root@localhost
        tries=0
        until postqueue -c /etc/postfix-new -p | grep -q 'queue is empty'; do
            tries=$((tries + 1)); [ $tries -lt 100 ]; sleep 0.1
        done
        cd /var/lib/postfix-new
        for cache in smtp_scache verify_cache; do
            postmap -c /etc/postfix-new btree:$cache </dev/null || : >$cache.db
        done
        chown postfix *.db
        postfix -c /etc/postfix-new stop
        """

    // MARK: what others have put there

    private static let leftBehind: [Scenario] =
        [
            "/etc/postfix-new/virtual", "/etc/postfix-new/tables/virtual",
            "/var/spool/postfix-new/README", "/var/spool/postfix-new/etc/resolv.conf",
            "/var/spool/postfix-new/private/notes", "/var/spool/postfix-new/pid/other",
            "/var/spool/postfix-new/saved/mail", "/var/lib/postfix-new/certificates.pem",
        ].map { file in
            Scenario(
                name: "somebody's \(file)", prepare: "mkdir -p \(file.directory); echo x >\(file)",
                arguments: destroy, outcome: .done, says: [listed(file)],
                check: """
                    [ -e \(file) ] || { echo "gone: \(file)"; exit 1; }
                    [ ! -e /etc/postfix-new/main.cf ] || { echo "main.cf is left"; exit 1; }
                    """)
        }

    /// What is said to be left: the file, or the strange directory that it is in.
    private static func listed(_ file: String) -> String {
        let isInStrangeDirectory = file.contains("/tables/") || file.contains("/etc/resolv")
        return isInStrangeDirectory ? file.directory : file
    }

    // MARK: links that the owner of the queue has planted

    private static let links: [Scenario] =
        [
            "deferred/A", "defer/A", "active/A", "incoming/A", "hold/A", "corrupt/A", "flush/A",
            "private/smtp", "public/qmgr", "maildrop/A", "trace/A", "saved/A", "bounce/A",
        ].flatMap { name in
            [("file", "/srv/victim/file"), ("directory", "/srv/victim")].map { kind, target in
                planted("/var/spool/postfix-new/\(name)", kind, target)
            }
        } + [
            planted("/var/lib/postfix-new/prng_exch", "file", "/srv/victim/file"),
            planted("/var/lib/postfix-new/master.lock", "directory", "/srv/victim"),
        ]

    private static func planted(_ link: String, _ kind: String, _ target: String) -> Scenario {
        Scenario(
            name: "\(link) is a link to a \(kind)",
            prepare: """
                rm -rf /srv/victim; mkdir -p /srv/victim/0; echo x >/srv/victim/file
                setpriv --reuid=postfix --regid=postdrop --clear-groups ln -s \(target) \(link)
                """,
            arguments: destroy, outcome: .doneOrRefused, says: [link],
            check: "cat /srv/victim/file >/dev/null && [ -d /srv/victim/0 ] && [ -L \(link) ]")
    }

    // MARK: directories in strange places

    private static let places = [
        Scenario(
            name: "directories within one another",
            prepare: """
                postmulti -e create -I postfix-nested config_directory=/srv/pf \\
                    queue_directory=/srv/pf/spool data_directory=/srv/pf/lib
                """,
            arguments: ["-e", "destroy", "-i", "nested"], outcome: .done,
            check: "[ ! -e /srv/pf ] || { find /srv/pf; exit 1; }",
            cleanUp: "rm -rf /srv/pf"),
        Scenario(
            name: "queue directory shared by a link",
            prepare: redirect("queue_directory", to: "/srv/link")
                + "ln -sfn /var/spool/postfix-out /srv/link",
            arguments: destroy, outcome: .refused, says: ["overlaps", "/etc/postfix-out"]),
        Scenario(
            name: "directories reached by links",
            prepare: """
                mkdir -p /srv/pf/spool; ln -s /srv/pf/spool /var/spool/postfix-linked
                postmulti -e create -I postfix-linked
                """,
            arguments: ["-e", "destroy", "-i", "linked"], outcome: .done,
            says: ["/var/spool/postfix-linked"],
            check: "[ -L /var/spool/postfix-linked ] && [ ! -e /srv/pf/spool/hold ]",
            cleanUp: "rm -rf /srv/pf /var/spool/postfix-linked /etc/postfix-linked"),
        Scenario(
            name: "data directory is another's configuration",
            prepare: redirect("data_directory", to: "/etc/../etc/postfix-out"),
            arguments: destroy, outcome: .refused, says: ["overlaps", "/etc/postfix-out"]),
        Scenario(
            name: "queue directory holds another's",
            prepare: redirect("queue_directory", to: "/var/spool"),
            arguments: destroy, outcome: .refused, says: ["/var/spool"]),
        Scenario(
            name: "queue directory within another's",
            prepare: redirect("queue_directory", to: "/var/spool/postfix-out/deferred"),
            arguments: destroy, outcome: .refused, says: ["overlaps", "/etc/postfix-out"]),
    ]

    private static func redirect(_ parameter: String, to path: String) -> String {
        "sed -i 's,^\(parameter) *=.*,\(parameter) = \(path),' /etc/postfix-new/main.cf\n"
    }
}

extension String {
    /// The path without its last component.
    fileprivate var directory: String {
        lastIndex(of: "/").map { String(self[..<$0]) } ?? "."
    }
}
