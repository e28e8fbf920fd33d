// Rows about a primary whose files are missing, broken or odd.
//
// Broken secondaries are in BrokenSecondaryRows.swift.

import Bytes
import TestSupport

extension ParityRow {
    static let badPrimary: [ParityRow] = [
        ParityRow(
            "main.cf is missing", from: .three, prepare: "rm /etc/postfix/main.cf", .run("-l"),
            .run("-e", "init"), .run("-i", "out", "-p", "status")),
        ParityRow(
            "the configuration directory is missing", from: .three, prepare: "rm -r /etc/postfix",
            .run("-l"), .run("-z")),
        ParityRow(
            "main.cf is a directory", from: .three,
            prepare: "rm /etc/postfix/main.cf; mkdir /etc/postfix/main.cf", .run("-l")),
        ParityRow(
            "main.cf is a link to itself", from: .three,
            prepare: "ln -sf main.cf /etc/postfix/main.cf", .run("-l"), .run("-e", "init")),
        ParityRow(
            "main.cf is a link to nothing", from: .three,
            prepare: "ln -sf /nowhere /etc/postfix/main.cf", .run("-l")),
        bad("main.cf is empty", ": >/etc/postfix/main.cf"),
        bad("main.cf has only comments", "echo '# x' >/etc/postfix/main.cf"),
        bad("a line lacks its equals sign", append("word")),
        bad("a line begins with an equals sign", append("= word")),
        bad("a name has a blank", append("two words = 1")),
        bad("main.cf begins with a continuation", "sed -i '1i\\  x = 1' /etc/postfix/main.cf"),
        bad(
            "main.cf is binary", "head -c 3000 /usr/bin/env >>/etc/postfix/main.cf",
            mended: .noWordOfNUL(but: "missing '=' after attribute name: \"?ELF???\"")),
        bad(
            "main.cf has NUL bytes", "printf 'a = b\\000c\\n' >>/etc/postfix/main.cf",
            mended: .noWordOfNUL(but: "")),
        bad(
            "main.cf begins with a byte order mark",
            "sed -i '1s/^/\\xef\\xbb\\xbf/' /etc/postfix/main.cf"),
        bad(
            "the first setting of main.cf has a byte order mark",
            "printf '\\357\\273\\277multi_instance_enable = no\\n' >>/etc/postfix/main.cf"),
        bad("lines of main.cf end as on other systems", "sed -i 's/$/\\r/' /etc/postfix/main.cf"),
        bad("text of main.cf is not UTF-8", "printf 'a = \\374\\377\\n' >>/etc/postfix/main.cf"),
        bad(
            "a name of an instance is not UTF-8",
            "printf 'multi_instance_name = postfix-\\374\\n' >>/etc/postfix/main.cf"),
        bad("an expansion is not closed", append("multi_instance_name = ${mail_name")),
        bad("an expansion of itself", append("multi_instance_name = $multi_instance_name")),
        bad(
            "expansions in a circle",
            append("multi_instance_name = $one\none = $two\ntwo = $one")),
        bad("an expansion of the unknown", append("multi_instance_name = a$unknown_thing")),
        bad("a boolean is neither", append("multi_instance_enable = perhaps")),
        bad("a boolean is empty", append("multi_instance_enable =")),
        unjudged(
            "a number of another parameter is none", "line_length_limit = many",
            "bad numerical configuration: line_length_limit = many"),
        unjudged(
            "a time of another parameter is none", "ipc_timeout = long",
            "parameter ipc_timeout: bad time value or unit: long"),
        bad(
            "main.cf is large",
            "head -c 9000000 /dev/zero | tr '\\0' '#' | fold -w 90 >>/etc/postfix/main.cf"),
        bad(
            "a line of main.cf is long",
            "(printf 'a = '; head -c 3000000 /dev/zero | tr '\\0' x) >>/etc/postfix/main.cf"
        ),
    ]

    static let badPlaces: [ParityRow] = [
        bad("the command directory is missing", append("command_directory = /nowhere")),
        bad("the command directory is a file", append("command_directory = /etc/hosts")),
        bad("the daemon directory is missing", append("daemon_directory = /nowhere")),
        bad("the library directory is missing", append("shlib_directory = /nowhere")),
        bad("the library directory is no", append("shlib_directory = no")),
        bad("the directory of prototypes is missing", append("meta_directory = /nowhere")),
        bad("the daemon directory is relative", append("daemon_directory = lib")),
        bad(
            "the command directory is the daemon directory",
            append(
                "command_directory = /usr/lib/postfix/sbin")),
        bad("the queue directory is missing", append("queue_directory = /nowhere")),
        unjudged(
            "the data directory is empty", "data_directory =",
            "bad string length 0 < 1: data_directory = "),
        bad(
            "the queue directory is the data directory",
            append("data_directory = /var/spool/postfix")
        ),
        unjudged(
            "the owner of mail is nobody", "mail_owner = no-such-user",
            "mail_owner: unknown user name value: no-such-user"),
        ParityRow(
            "main.cf may not be read", from: .three, prepare: "chmod 600 /etc/postfix/main.cf",
            .shell("setpriv --reuid nobody --regid nogroup --clear-groups postmulti -l")),
        ParityRow(
            "the program of the installation is the only one on PATH", from: .three,
            environment: ["PATH=/nowhere"], .shell("/usr/sbin/postmulti -l")),
        ParityRow(
            "names of 4096 characters", from: .three,
            .run("-l", "-i", long), .run("-x", "-g", long, "true"),
            .run("-e", "enable", "-i", long),
            .run("-p", long)),
        ParityRow(
            "a directory that begins with a minus", from: .initialised,
            .run("-e", "create", "-I", "postfix-a", "config_directory=-x")),
        ParityRow("an action of 4096 characters", from: .three, .run("-e", long)),
    ]

    private static let long = ByteString(String(repeating: "x", count: 4096))

    /// A row with three instances, played after the primary's main.cf was changed.
    private static func bad(
        _ name: String, _ change: ByteString, mended mend: Mend? = nil
    ) -> ParityRow {
        ParityRow(
            name, from: .three, prepare: change, .run("-l"), .run("-i", "out", "-x", "true"),
            mended: mend)
    }

    /// A row about a value that no part of the work at hand needs.
    private static func unjudged(
        _ name: String, _ setting: ByteString, _ complaint: ByteString
    ) -> ParityRow {
        ParityRow(
            name, from: .three, prepare: append(setting), .run("-l"),
            mended: Mend(
                "values-not-needed",
                .output(stock: .empty, ours: .has("/etc/postfix\n", "/etc/postfix-aux\n")),
                .errors(stock: .has(complaint), ours: .empty), .status(stock: 1, ours: 0),
                .log(stock: .has(complaint), ours: .empty)))
    }

    private static func append(_ lines: ByteString) -> ByteString {
        "printf '%s\\n' \(lines.quotedForShell) >>/etc/postfix/main.cf"
    }
}

extension Mend {
    /// Since 3.9 the stock program warns of NUL bytes, and goes on as before.
    fileprivate static func noWordOfNUL(but said: ByteString) -> Mend? {
        if TestedPostfix.version < PostfixVersion("3.9") { return nil }
        let warning: ByteString = "warning: /etc/postfix/main.cf, line 24: text after null byte"
        let ours = Claim.both([.has(said), .lacks(warning)])
        return Mend(
            "nul-bytes", .errors(stock: .has(warning, said), ours: ours, step: 1),
            .errors(stock: .has(warning, said), ours: ours),
            .log(stock: .has(warning, said), ours: ours))
    }
}
