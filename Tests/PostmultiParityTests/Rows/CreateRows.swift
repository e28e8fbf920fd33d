// Rows about `postmulti -e create`: what is made, under which names, and at which place.

import Bytes

extension ParityRow {
    static let creating: [ParityRow] = [
        ParityRow("create by name", from: .initialised, .run("-e", "create", "-I", "postfix-a")),
        ParityRow(
            "create by name and group", from: .initialised,
            .run("-e", "create", "-I", "postfix-a", "-G", "mta"), .run("-l")),
        ParityRow(
            "create in a group given as -", from: .initialised,
            .run("-e", "create", "-I", "postfix-a", "-G", "-"), .run("-l")),
        ParityRow(
            "create in an empty group", from: .initialised,
            .run("-e", "create", "-I", "postfix-a", "-G", ""), .run("-l")),
        ParityRow(
            "verbose create", from: .initialised, .run("-ve", "create", "-I", "postfix-a")),
        ParityRow(
            "two creates", from: .initialised, .run("-e", "create", "-I", "postfix-a"),
            .run("-e", "create", "-I", "postfix-b"), .run("-l")),
        ParityRow(
            "create at the end", from: .three, .run("-e", "create", "-I", "postfix-a"),
            .run("-l")),
        ParityRow(
            "create at the front", from: .three, .run("-e", "create", "-a", "-I", "postfix-a"),
            .run("-l")),
        ParityRow(
            "create at the front where nothing is", from: .initialised,
            .run("-e", "create", "-a", "-I", "postfix-a"), .run("-l")),
        ParityRow(
            "create before a group", from: .three,
            prepare: """
                postconf -e 'multi_instance_directories = \
                    /etc/postfix-aux /etc/postfix-out /etc/postfix-in'
                """, .run("-e", "create", "-g", "mta", "-I", "postfix-a"), .run("-l")),
        ParityRow(
            "create before a named one", from: .three,
            .run("-e", "create", "-i", "in", "-I", "postfix-a"), .run("-l")),
        ParityRow(
            "create before one named by its directory", from: .three,
            .run("-e", "create", "-i", "/etc/postfix-aux", "-I", "postfix-a"), .run("-l")),
        ParityRow(
            "create before an unknown one", from: .three,
            .run("-e", "create", "-i", "nobody", "-I", "postfix-a")),
        ParityRow(
            "create before an unknown group", from: .three,
            .run("-e", "create", "-g", "nobody", "-I", "postfix-a")),
        ParityRow(
            "create before the primary", from: .three,
            .run("-e", "create", "-i", "-", "-I", "postfix-a")),
        ParityRow(
            "create with all directories given", from: .initialised,
            .run(
                "-e", "create", "-I", "postfix-a", "config_directory=/var/mta/a/config",
                "queue_directory=/var/mta/a/queue", "data_directory=/var/mta/a/data"),
            .run("-l")),
        ParityRow(
            "create a nameless one", from: .initialised,
            .run(
                "-e", "create", "config_directory=/var/mta/a", "queue_directory=/var/mta/q",
                "data_directory=/var/mta/d", "-G", "x")),
        ParityRow(
            "create a nameless one in a group", from: .initialised,
            .run(
                "-e", "create", "-G", "x", "-I", "-", "config_directory=/var/mta/a",
                "queue_directory=/var/mta/q", "data_directory=/var/mta/d"), .run("-l")),
        ParityRow(
            "slashes at the end go", from: .initialised,
            .run(
                "-e", "create", "-I", "postfix-a", "config_directory=/var/mta/a//",
                "queue_directory=/var/mta/q/", "data_directory=/var/mta/d///"), .run("-l")),
        ParityRow(
            "blanks around the equals sign", from: .initialised,
            .run("-e", "create", "-I", "postfix-a", "queue_directory = /var/mta/q  ")),
        ParityRow(
            "the last of two directories counts", from: .initialised,
            .run(
                "-e", "create", "-I", "postfix-a", "queue_directory=/var/mta/p",
                "queue_directory=/var/mta/q")),
        ParityRow(
            "directories next to those of the primary", from: .initialised,
            prepare: """
                mkdir -p /var/mta/queue /var/mta/data
                postconf -e queue_directory=/var/mta/queue// data_directory=/var/mta/data
                """, compare: [.answers, .log, .files],
            .run("-e", "create", "-I", "postfix-a")),
        ParityRow(
            "directories next to those of the primary, with many slashes", from: .initialised,
            prepare: """
                mkdir -p /var/mta/q/queue /var/mta/d/data
                postconf -e queue_directory=/var//mta/q//queue data_directory=//var/mta/d/data///
                """, compare: [.answers, .log, .files],
            .run("-e", "create", "-I", "postfix-a")),
    ]

    static let creatingOver: [ParityRow] = [
        ParityRow(
            "create over empty directories", from: .initialised,
            prepare: """
                install -d -m 700 -o postfix /etc/postfix-a
                install -d -m 711 -o mail -g mail /var/spool/postfix-a /var/lib/postfix-a
                """, .run("-e", "create", "-I", "postfix-a")),
        ParityRow(
            "create over other files", from: .initialised,
            prepare: """
                mkdir -p /etc/postfix-a/sub /var/spool/postfix-a/active /var/lib/postfix-a
                echo x >/etc/postfix-a/map; echo x >/var/spool/postfix-a/active/mail
                """, .run("-e", "create", "-I", "postfix-a")),
        ParityRow(
            "create over a main.cf alone", from: .initialised,
            prepare: "mkdir /etc/postfix-a; echo 'mine = 1' >/etc/postfix-a/main.cf",
            .run("-e", "create", "-I", "postfix-a"), mended: .half(without: "master.cf")),
        ParityRow(
            "create over a master.cf alone", from: .initialised,
            prepare: "mkdir /etc/postfix-a; echo '# mine' >/etc/postfix-a/master.cf",
            .run("-e", "create", "-I", "postfix-a"), mended: .half(without: "main.cf")),
        ParityRow(
            "create over a whole instance imports it", from: .stray,
            .run("-e", "create", "-I", "postfix-old"), .run("-l")),
        ParityRow(
            "create over a whole instance with another queue", from: .stray,
            .run("-e", "create", "-I", "postfix-old", "queue_directory=/var/mta/q"),
            .run("-l")),
        ParityRow(
            "create over a whole instance with a new name", from: .stray,
            .run(
                "-e", "create", "-I", "postfix-b", "-G", "x", "config_directory=/etc/postfix-old"),
            .run("-l")),
        ParityRow(
            "create takes the directory off the alternate ones", from: .initialised,
            prepare: """
                postconf -e 'alternate_config_directories = /etc/x, /etc/postfix-a /etc/y'
                """, .run("-e", "create", "-I", "postfix-a")),
        ParityRow(
            "create where the alternate ones are others", from: .initialised,
            prepare: "postconf -e 'alternate_config_directories = /etc/x, /etc/y'",
            .run("-e", "create", "-I", "postfix-a")),
        ParityRow(
            "create over what a failed create left", from: .initialised,
            prepare: "mkdir -p /etc/postfix-a/.tmp; echo old >/etc/postfix-a/.tmp/main.cf",
            .run("-e", "create", "-I", "postfix-a"),
            mended: Mend(
                "failed-create",
                .tree(below: ["/etc/postfix-a/.tmp"], stock: .empty, ours: .has(".tmp/main.cf")))),
        ParityRow(
            "create clones shared settings", from: .initialised,
            prepare: """
                postconf -e 'mail_owner = postfix' 'setgid_group = postdrop' \
                    'sendmail_path = /usr/sbin/sendmail' 'html_directory = no' \
                    'sample_directory = /etc/postfix/samples' \
                    'manpage_directory = /usr/share/man' 'daemon_directory=/usr/lib/postfix/sbin'
                """, .run("-e", "create", "-I", "postfix-a")),
        ParityRow(
            "create clones a setting as it is written", from: .initialised,
            prepare: "postconf -e 'sample_directory = ${config_directory}/samples'",
            .run("-e", "create", "-I", "postfix-a"),
            mended: Mend(
                "settings-not-expanded",
                .file(
                    "/etc/postfix-a/main.cf",
                    stock: .both([.has("\nmailq_path ="), .lacks("${config_directory}/samples")]),
                    ours: .both([
                        .has("\nsample_directory = ${config_directory}/samples\n"),
                        .lacks("\nmailq_path ="),
                    ])))),
        ParityRow(
            "create clones no setting that is empty", from: .initialised,
            prepare: "postconf -e readme_directory=", .run("-e", "create", "-I", "postfix-a")),
        ParityRow(
            "create where the primary's main.cf has rights of its own", from: .initialised,
            prepare: "chmod 600 /etc/postfix/main.cf; chgrp mail /etc/postfix/main.cf",
            .run("-e", "create", "-I", "postfix-a"), mended: .keepsRights("600 root:mail")),
        ParityRow(
            "create where the list of directories is continued", from: .three,
            prepare: """
                postconf -X multi_instance_directories
                printf '%s\\n' 'multi_instance_directories = /etc/postfix-out,' \
                    '# about the next' '  /etc/postfix-in' 'z = 1' >>/etc/postfix/main.cf
                """, .run("-e", "create", "-I", "postfix-a"), .run("-l")),
    ]
}

extension Mend {
    /// One of an instance's two files is somebody's work; the stock program writes over it.
    fileprivate static func half(without file: ByteString) -> Mend {
        let refusal: ByteString = "fatal: '/etc/postfix-a' lacks a \(file) file\n"
        return Mend(
            "half-an-instance", .status(stock: 0, ours: 1),
            .errors(stock: .empty, ours: .exactly("postfix/postmulti-script: \(refusal)")),
            .log(stock: .lacks("fatal"), ours: .has(refusal)),
            .tree(
                below: ["/etc/postfix-a", "/var/spool/postfix-a", "/var/lib/postfix-a"],
                stock: .has("/etc/postfix-a/main.cf", "/etc/postfix-a/master.cf", "/active"),
                ours: .lacks("/etc/postfix-a/\(file)", "/active", "/var/lib")),
            .file(
                "/etc/postfix/main.cf", stock: .has("/etc/postfix-a"),
                ours: .lacks("/etc/postfix-a")),
            .file(
                "/etc/postfix-a/main.cf", stock: .lacks("mine = 1"), ours: .lacks("queue_directory")
            ),
            .file("/etc/postfix-a/master.cf", stock: .lacks("# mine"), ours: .lacks("pickup")))
    }
}
