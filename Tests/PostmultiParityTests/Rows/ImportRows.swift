// Rows about `postmulti -e import` and `-e deport`.

import Bytes

extension ParityRow {
    static let importing: [ParityRow] = [
        ParityRow("import by name", from: .stray, .run("-e", "import", "-I", "postfix-old")),
        ParityRow(
            "import by directory", from: .stray,
            .run("-e", "import", "config_directory=/etc/postfix-old"), .run("-l")),
        ParityRow(
            "import with a slash at the end", from: .stray,
            .run("-e", "import", "config_directory=/etc/postfix-old/"), .run("-l")),
        ParityRow(
            "import under a new name", from: .stray,
            .run(
                "-e", "import", "-I", "postfix-b", "-G", "x", "config_directory=/etc/postfix-old"),
            .run("-l")),
        ParityRow(
            "import without its name", from: .stray,
            .run("-e", "import", "-I", "-", "config_directory=/etc/postfix-old"), .run("-l")),
        ParityRow(
            "import at the front", from: .three, prepare: deport,
            .run("-e", "import", "-a", "-I", "postfix-aux"), .run("-l")),
        ParityRow(
            "import before a group", from: .three, prepare: deport,
            .run("-e", "import", "-g", "mta", "-I", "postfix-aux"), .run("-l")),
        ParityRow(
            "import before a named one", from: .three, prepare: deport,
            .run("-e", "import", "-i", "in", "-I", "postfix-aux"), .run("-l")),
        ParityRow(
            "import before an unknown one", from: .three, prepare: deport,
            .run("-e", "import", "-i", "nobody", "-I", "postfix-aux")),
        ParityRow(
            "import takes the directory off the alternate ones", from: .three, prepare: deport,
            .run("-e", "import", "-I", "postfix-aux"), .run("-l")),
        ParityRow(
            "import of an enabled one", from: .stray,
            prepare: "postconf -c /etc/postfix-old -e multi_instance_enable=yes",
            .run("-e", "import", "-I", "postfix-old"), .run("-l")),
        ParityRow(
            "import mends rights and missing directories", from: .stray,
            prepare: """
                rmdir /var/spool/postfix-old/hold; chmod 777 /var/spool/postfix-old/maildrop
                chown mail /var/lib/postfix-old /var/spool/postfix-old/active
                """, .run("-e", "import", "-I", "postfix-old")),
        ParityRow(
            "import before init", from: .pristine, .run("-e", "import", "-I", "postfix-a"),
            mended: .saysWhy("/etc/postfix-a")),
        ParityRow("import lacks a name", from: .stray, .run("-e", "import")),
        ParityRow(
            "import with a queue directory", from: .stray,
            .run("-e", "import", "-I", "postfix-old", "queue_directory=/var/mta/q")),
        ParityRow(
            "import with a data directory", from: .stray,
            .run("-e", "import", "-I", "postfix-old", "data_directory=/var/mta/q")),
        ParityRow(
            "import of a registered one", from: .three,
            .run("-e", "import", "-I", "postfix-out")),
        ParityRow(
            "import of the primary", from: .three,
            .run("-e", "import", "config_directory=/etc/postfix")),
        ParityRow(
            "import of what is not there", from: .initialised,
            .run("-e", "import", "-I", "postfix-none"), mended: .saysWhy("/etc/postfix-none")),
        ParityRow(
            "import lacks a master.cf", from: .stray, prepare: "rm /etc/postfix-old/master.cf",
            .run("-e", "import", "-I", "postfix-old")),
        ParityRow(
            "import with a queue directory in use", from: .stray,
            prepare: "postconf -c /etc/postfix-old -e queue_directory=/var/spool/postfix",
            .run("-e", "import", "-I", "postfix-old")),
        ParityRow(
            "import with a name in use", from: .three,
            prepare: deport + "postconf -c /etc/postfix-aux -e multi_instance_name=postfix-in",
            .run("-e", "import", "config_directory=/etc/postfix-aux")),
        ParityRow(
            "import with a bad name", from: .stray,
            .run("-e", "import", "-I", "b", "config_directory=/etc/postfix-old")),
    ]

    static let deporting: [ParityRow] = [
        ParityRow("deport", from: .three, .run("-e", "deport", "-i", "aux"), .run("-l")),
        ParityRow(
            "deport by directory", from: .three, .run("-e", "deport", "-i", "/etc/postfix-aux")),
        ParityRow("deport the last", from: .fresh, .run("-e", "deport", "-i", "new"), .run("-l")),
        ParityRow(
            "deport and import", from: .fresh, .run("-e", "deport", "-i", "new"),
            .run("-e", "import", "-I", "postfix-new"), .run("-l")),
        ParityRow(
            "deport adds to alternate directories", from: .fresh,
            prepare: "postconf -e 'alternate_config_directories = /etc/x,/etc/y'",
            .run("-e", "deport", "-i", "new")),
        ParityRow(
            "deport of one that is an alternate directory", from: .fresh,
            prepare: "postconf -e 'alternate_config_directories = /etc/x /etc/postfix-new'",
            .run("-e", "deport", "-i", "new")),
        ParityRow("deport of an enabled one", from: .three, .run("-e", "deport", "-i", "out")),
        ParityRow("deport of the primary", from: .three, .run("-e", "deport", "-i", "-")),
        ParityRow("deport of an unknown one", from: .three, .run("-e", "deport", "-i", "no")),
        ParityRow("deport without a name", from: .three, .run("-e", "deport")),
        ParityRow(
            "deport of a group or of all", from: .three, .run("-e", "deport", "-g", "mta"),
            .run("-e", "deport", "-a")),
        ParityRow(
            "deport where the wrapper is empty", from: .fresh,
            prepare: "postconf -e multi_instance_wrapper=", .run("-e", "deport", "-i", "new")),
        ParityRow(
            "deport of a running one", from: .fresh, prepare: startNew,
            compare: [.answers, .log, .files], .run("-e", "deport", "-i", "new")),
        ParityRow(
            "deport keeps the rest of the list", from: .three,
            prepare: """
                postmulti -e disable -i in; settle
                postconf -X multi_instance_directories
                printf '%s\\n' 'multi_instance_directories = /etc/postfix-out,' \
                    '  /etc/postfix-in,,' '  /etc/postfix-aux' >>/etc/postfix/main.cf
                """, .run("-e", "deport", "-i", "in"), .run("-l")),
    ]

    private static let deport: ByteString = "postmulti -e deport -i aux; settle; "

    /// Starts the instance without any service that opens a port.
    static let startNew: ByteString = """
        postconf -c /etc/postfix-new -M# smtp/inet || :
        settle
        postfix -c /etc/postfix-new start
        """
}

extension Mend {
    /// The reason, which the stock program leaves to a child, stands before its own message.
    fileprivate static func saysWhy(_ directory: ByteString) -> Mend {
        let fatal: ByteString = """
            fatal: Failed to obtain all required \(directory)/main.cf parameters

            """
        let reason: ByteString = "error: open \(directory)/main.cf: No such file or directory\n"
        return Mend(
            "says-why", .errors(stock: .has(fatal), ours: .has(reason, fatal)),
            .log(stock: .has(fatal), ours: .has(reason, fatal)))
    }
}
