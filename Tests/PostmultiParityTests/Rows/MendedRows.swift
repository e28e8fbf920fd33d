// Rows about faults of the stock program that ours does not share: both outcomes by hand.
//
// What concerns broken secondaries is in BrokenSecondaryRows.swift.

import Bytes
import TestSupport

extension ParityRow {
    static let mendedDestroy: [ParityRow] = [
        ParityRow(
            "destroy with mail in the queue is refused", from: .fresh,
            prepare: "echo mail >/var/spool/postfix-new/deferred/0123456789", destroyNew,
            mended: Mend(
                "destroy-with-mail",
                .status(stock: 0, ours: 1),
                .errors(stock: .has("deferred"), ours: .has("fatal: ", "/etc/postfix-new")),
                .log(stock: .has("deferred"), ours: .has("fatal: ", "/etc/postfix-new")),
                .tree(
                    below: places, stock: .both([.has("/deferred/0123456789"), .lacks("main.cf")]),
                    ours: .has("/deferred/0123456789", "/main.cf", "/hold", "/lib/postfix-new")),
                .file(
                    "/etc/postfix/main.cf", stock: .lacks("/etc/postfix-new"),
                    ours: .has("multi_instance_directories = /etc/postfix-new\n")))),
        ParityRow(
            "destroy after a run leaves nothing", from: .fresh,
            prepare: """
                \(startNew)
                postfix -c /etc/postfix-new stop
                settle
                """, destroyNew,
            mended: Mend(
                "destroy-after-a-run",
                .errors(stock: .has("please verify contents"), ours: .empty),
                .log(stock: .has("please verify contents"), ours: .lacks("verify")),
                .tree(below: places, stock: .has("/var/spool/postfix-new"), ours: .empty))),
        ParityRow(
            "destroy with a file of the operator in the queue", from: .fresh,
            prepare: "mkdir /var/spool/postfix-new/etc; echo x >/var/spool/postfix-new/etc/hosts",
            destroyNew,
            mended: Mend(
                "destroy-after-a-run",
                .errors(stock: .has("please verify"), ours: .has("/var/spool/postfix-new")),
                .log(stock: .has("please verify"), ours: .has("/var/spool/postfix-new")))),
        ParityRow(
            "destroy with copies of the system's files in the queue", from: .fresh,
            prepare: """
                cd /var/spool/postfix-new; mkdir -p etc usr/lib
                cp -pL /etc/hosts /etc/nsswitch.conf etc; echo x >etc/mine
                """,
            destroyNew,
            mended: Mend(
                "destroy-after-a-run",
                .errors(
                    stock: .has("please verify"), ours: .has("/var/spool/postfix-new/etc/mine")),
                .log(stock: .has("please verify"), ours: .has("/var/spool/postfix-new/etc/mine")),
                .tree(
                    below: places, stock: .has("etc/hosts", "etc/mine", "usr/lib"),
                    ours: .both([.has("etc/mine"), .lacks("hosts", "nsswitch", "usr")])))),
    ]

    static let mendedCreate: [ParityRow] = [
        create(
            "a failed create leaves nothing", "data_directory=/etc/hosts/x",
            Mend(
                "failed-create",
                .errors(stock: .has("mkdir: "), ours: .has("fatal: ", "/etc/hosts")),
                .log(stock: .empty, ours: .has("fatal: ", "/etc/hosts")),
                .tree(below: places, stock: .has("/etc/postfix-a"), ours: .empty))),
        create(
            "a configuration directory with a blank", "config_directory=/var/mta/a b",
            blank(inStock: .has("/var/mta"))),
        create(
            "a queue directory with a blank", "queue_directory=/var/mta/a b",
            blank(inStock: .has("/etc/postfix-a"))),
        create(
            "a data directory with a newline", "data_directory=/var/mta/a\nb",
            blank(inStock: .has("/etc/postfix-a"))),
        create(
            "a queue directory with a dollar sign", "queue_directory=/var/mta/$x",
            blank(inStock: .has("/etc/postfix-a"), stockStatus: 0)),
        create(
            "a queue directory in use by another spelling",
            "queue_directory=/var/spool/./postfix-out", conflict, from: .three),
        create(
            "a queue directory in use through a link", "queue_directory=/var/mta/out", conflict,
            from: .three, prepare: "mkdir /var/mta; ln -s /var/spool/postfix-out /var/mta/out"),
        create(
            "a queue directory inside another", "queue_directory=/var/spool/postfix-out/a",
            conflict, from: .three),
        derived(
            "a queue directory derived from one of one component",
            "mkdir /queue; postconf -e queue_directory=/queue",
            "queue_directory = /queue/postfix-a"),
        derived(
            "a queue directory derived from one of one component with slashes at its end",
            "mkdir /queue; postconf -e queue_directory=/queue//",
            "queue_directory = /queue/postfix-a"),
        derived(
            "a queue directory derived from one that ends in a slash",
            "mkdir -p /var/mta/queue; postconf -e queue_directory=/var/mta/queue/",
            "queue_directory = /var/mta/queue/postfix-a"),
        derived(
            "a data directory derived from one of one component",
            "install -d -o postfix /data; postconf -e data_directory=/data",
            "data_directory = /data/postfix-a"),
        derived(
            "a data directory derived from one that ends in a slash",
            "install -d -o postfix /var/mta/data; postconf -e data_directory=/var/mta/data/",
            "data_directory = /var/mta/data/postfix-a"),
    ]

    static let mendedOther: [ParityRow] = [
        ParityRow(
            "an old value with an asterisk is kept", from: .fresh,
            prepare: """
                mkdir /etc/x1 /etc/x2
                postconf -e 'alternate_config_directories = /etc/x[12] /etc/y'
                """, .run("-e", "deport", "-i", "new"),
            mended: Mend(
                "old-values-expanded",
                .file(
                    "/etc/postfix/main.cf",
                    stock: .has("= /etc/x1 /etc/x2 /etc/y /etc/postfix-new"),
                    ours: .has("= /etc/x[12] /etc/y /etc/postfix-new")))),
        ParityRow(
            "edits one after the other do not wait", from: .three,
            .shell(
                """
                before=$(date +%s%N)
                postmulti -e enable -i aux; postmulti -e disable -i aux
                postmulti -e enable -i aux
                test $(($(date +%s%N) - before)) -lt 2000000000 && echo quick || echo slow
                """),
            mended: Mend(
                "hot-files", .output(stock: .exactly("slow\n"), ours: .exactly("quick\n")))),
        ParityRow(
            "creates at once all count", from: .initialised,
            .shell(
                """
                for name in a b c d; do postmulti -e create -I postfix-$name & done; wait
                postmulti -l | sort
                """),
            mended: Mend(
                "no-lock",
                .output(
                    stock: .has("/etc/postfix\n"),
                    ours: .has(
                        "/etc/postfix-a\n", "/etc/postfix-b\n", "/etc/postfix-c\n",
                        "/etc/postfix-d\n")),
                .errors(stock: .has(), ours: .empty),
                .log(stock: .has(), ours: .empty),
                .tree(below: places + ["/etc/postfix/main.cf"], stock: .has(), ours: .has()),
                .file("/etc/postfix/main.cf", stock: .has(), ours: .has("/etc/postfix-c")))),
        // The stock program's updates of March 2025 no longer glue, in whatever release.
        ParityRow(
            "a line without end is not glued to the next", from: .pristine,
            prepare: "printf 'last = one' >>/etc/postfix/main.cf", .run("-e", "init"),
            mended: Mend(
                "last-line-without-end",
                .file(
                    "/etc/postfix/main.cf", stock: .has("\nlast = one"),
                    ours: .both([.has("\nlast = one\n"), .lacks("onemulti")])))),
    ]

    static let json: [ParityRow] = [
        ParityRow(
            "JSON of three instances", from: .three, .run("-jl"),
            mended: json(
                cut: "\"group\": \"m\"",
                """
                {"name": "-","group": "-","enabled": "y","config_directory": "/etc/postfix"}
                {"name": "postfix-out","group": "mta","enabled": "y",\
                "config_directory": "/etc/postfix-out"}
                {"name": "postfix-in","group": "mta","enabled": "y",\
                "config_directory": "/etc/postfix-in"}
                {"name": "postfix-aux","group": "-","enabled": "n",\
                "config_directory": "/etc/postfix-aux"}

                """)),
        ParityRow(
            "JSON of one, selected", from: .three, .run("-l", "-j", "-j", "-i", "aux"),
            mended: json(
                cut: nil,
                """
                {"name": "postfix-aux","group": "-","enabled": "n",\
                "config_directory": "/etc/postfix-aux"}

                """)),
        ParityRow(
            "JSON of odd characters", from: .three,
            prepare: #"""
                postconf -c /etc/postfix-aux -e 'multi_instance_group = a"b\c'
                """#, .run("-jl", "-i", "aux"),
            mended: json(
                cut: "\"group\": \"a\"",
                #"""
                {"name": "postfix-aux","group": "a\"b\\c","enabled": "n",\#
                "config_directory": "/etc/postfix-aux"}

                """#)),
        ParityRow(
            "JSON without -l", from: .three, .run("-jx", "true"),
            mended: hasJSON
                ? nil
                : Mend(
                    "json",
                    .errors(
                        stock: .has("invalid option -- 'j'"),
                        ours: .exactly("postmulti: fatal: JSON output available only with '-l'\n")),
                    .log(
                        stock: .has("Usage:"),
                        ours: .has("fatal: JSON output available only with '-l'\n")))),
    ]

    private static let hasJSON = TestedPostfix.version >= PostfixVersion("3.11")

    /// Until 3.10 -j is unknown; since then it cuts the group to its first character.
    private static func json(cut: ByteString?, _ ours: ByteString) -> Mend? {
        if !hasJSON {
            return Mend(
                "json", .output(stock: .empty, ours: .exactly(ours)), .status(stock: 1, ours: 0),
                .errors(stock: .has("invalid option -- 'j'"), ours: .empty),
                .log(stock: .has("Usage:"), ours: .empty))
        }
        guard let cut else { return nil }
        return Mend("json", .output(stock: .has(cut), ours: .exactly(ours)))
    }

    private static let places = [
        "/etc/postfix-new", "/var/spool/postfix-new", "/var/lib/postfix-new", "/etc/postfix-a",
        "/var/spool/postfix-a", "/var/lib/postfix-a", "/var/mta",
    ]

    private static let destroyNew = Step.run("-e", "destroy", "-i", "new")

    /// Only the stock program starts to make what it cannot bring to an end.
    private static func blank(inStock left: Claim, stockStatus: Int = 1) -> Mend {
        Mend(
            "directories-with-blanks", .status(stock: stockStatus, ours: 1),
            .errors(stock: .has(), ours: .has("fatal: ", "/var/mta/")),
            .log(stock: .has(), ours: .has("fatal: ", "/var/mta/")),
            .tree(below: places, stock: left, ours: .empty),
            .file(
                "/etc/postfix/main.cf", stock: .has(), ours: .lacks("multi_instance_directories")))
    }

    /// The stock program compares directories by their spelling only.
    private static let conflict = Mend(
        "conflicts-by-spelling", .status(stock: 0, ours: 1),
        .errors(stock: .empty, ours: .has("fatal: ", "postfix-out")),
        .log(stock: .lacks("fatal"), ours: .has("fatal: ", "postfix-out")),
        .tree(
            below: places + ["/var/spool/postfix-out"], stock: .has("/etc/postfix-a"),
            ours: .lacks("/etc/postfix-a ")),
        .file(
            "/etc/postfix/main.cf", stock: .has("/etc/postfix-a"), ours: .lacks("/etc/postfix-a\n"))
    )

    /// The stock program derives a directory that lies within the primary's, and makes it; ours
    /// derives the same one, and refuses it.
    private static func derived(
        _ name: String, _ prepare: ByteString, _ setting: ByteString
    ) -> ParityRow {
        let path = ByteString(setting.bytes.drop { $0 != UInt8(ascii: "/") })
        return ParityRow(
            name, from: .initialised, prepare: prepare, .run("-e", "create", "-I", "postfix-a"),
            mended: Mend(
                "conflicts-by-spelling", .status(stock: 0, ours: 1),
                .errors(stock: .empty, ours: .has("fatal: ", path, "/etc/postfix")),
                .log(stock: .lacks("fatal"), ours: .has("fatal: ", path)),
                .tree(below: places, stock: .has("/etc/postfix-a"), ours: .lacks("postfix-a")),
                .file("/etc/postfix-a/main.cf", stock: .has("\n\(setting)\n"), ours: .empty),
                .file("/etc/postfix-a/master.cf", stock: .has(), ours: .empty),
                .file(
                    "/etc/postfix/main.cf", stock: .has("/etc/postfix-a"),
                    ours: .lacks("/etc/postfix-a"))))
    }

    private static func create(
        _ name: String, _ parameter: ByteString, _ mend: Mend,
        from start: StartingState = .initialised, prepare: ByteString = ""
    ) -> ParityRow {
        ParityRow(
            name, from: start, prepare: prepare, .run("-e", "create", "-I", "postfix-a", parameter),
            mended: mend)
    }
}
