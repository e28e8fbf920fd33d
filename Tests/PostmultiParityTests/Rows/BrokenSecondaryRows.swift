// Rows about one broken secondary among sound ones: the stock program then does nothing at all,
// ours serves the sound ones, reports the broken one, and fails.

import Bytes

extension ParityRow {
    static let brokenSecondary: [ParityRow] = [
        broken("the configuration directory of one is missing", "rm -r /etc/postfix-in"),
        broken("the main.cf of one is missing", "rm /etc/postfix-in/main.cf"),
        broken(
            "the main.cf of one is a directory",
            "rm /etc/postfix-in/main.cf; mkdir /etc/postfix-in/main.cf"),
        broken("the main.cf of one is a link to itself", "ln -sf main.cf /etc/postfix-in/main.cf"),
        broken("the main.cf of one is empty", ": >/etc/postfix-in/main.cf"),
        broken("a line of one lacks its equals sign", append("word")),
        broken("an expansion of one is not closed", append("multi_instance_name = ${mail_name")),
        broken("an expansion of one is of itself", append("queue_directory = $queue_directory")),
        broken("a boolean of one is neither", append("multi_instance_enable = perhaps")),
        broken("one has the name of another", append("multi_instance_name = postfix-out")),
        broken("one has the queue of another", append("queue_directory = /var/spool/postfix-out")),
        broken("one has the data of the primary", append("data_directory = /var/lib/postfix")),
        broken(
            "the main.cf of one is binary", "head -c 3000 /usr/bin/env >/etc/postfix-in/main.cf"),
        broken(
            "one is listed by a relative path",
            """
            postconf -e 'multi_instance_directories = \
                /etc/postfix-out postfix-in /etc/postfix-aux'
            """, subject: "postfix-in"),
        broken(
            "the main.cf of one is a pipe",
            "rm /etc/postfix-in/main.cf; mkfifo /etc/postfix-in/main.cf", hangs: true),
    ]

    static let besideBroken: [ParityRow] = [
        beside(
            "a command for all runs for the sound ones",
            .run("-x", "printenv", "config_directory"),
            .output(
                stock: .empty,
                ours: .exactly("/etc/postfix\n/etc/postfix-out\n/etc/postfix-aux\n")),
            .errors(stock: failed, ours: .has("/etc/postfix-in")),
            .log(stock: failed, ours: .has("/etc/postfix-in"))),
        beside(
            "a command for a sound one runs",
            .run("-i", "out", "-x", "printenv", "config_directory"),
            .output(stock: .empty, ours: .exactly("/etc/postfix-out\n")),
            .status(stock: 1, ours: 0),
            .errors(stock: failed, ours: .lacks("fatal")),
            .log(stock: failed, ours: .lacks("fatal"))),
        beside(
            "a unit of a sound one starts",
            .run("-i", "out", "-p", "check"),
            .status(stock: 1, ours: 0),
            .errors(stock: failed, ours: .lacks("fatal")),
            .log(stock: failed, ours: .lacks("fatal"))),
        beside(
            "a sound one is edited",
            .run("-e", "disable", "-i", "out"),
            .status(stock: 1, ours: 0),
            .errors(stock: failed, ours: .lacks("fatal")),
            .log(stock: failed, ours: .lacks("fatal")),
            .file(
                "/etc/postfix-out/main.cf", stock: .has("\nmulti_instance_enable = yes\n"),
                ours: .has("\nmulti_instance_enable = no\n"))),
        beside(
            "the broken one is deported",
            .run("-e", "deport", "-i", "/etc/postfix-in"),
            .status(stock: 1, ours: 0),
            .errors(stock: failed, ours: .lacks("fatal")),
            .log(stock: failed, ours: .lacks("fatal")),
            .file(
                "/etc/postfix/main.cf", stock: .has("/etc/postfix-in /etc/postfix-aux\n"),
                ours: .has("multi_instance_directories = /etc/postfix-out /etc/postfix-aux\n"))),
    ]

    private static let failed = Claim.has("Failed to obtain all required /etc/postfix-in/main.cf")

    /// The instance in the middle is broken in some way; the others are listed nevertheless.
    private static func broken(
        _ name: String, _ change: ByteString, subject: ByteString = "/etc/postfix-in",
        hangs: Bool = false
    ) -> ParityRow {
        ParityRow(
            name, from: .three, prepare: change,
            .shell("timeout 20 postmulti -l"),
            mended: Mend(
                "broken-secondary",
                .output(
                    stock: .empty,
                    ours: .has(
                        "-               -               y         /etc/postfix\n",
                        "\npostfix-out     mta             y         /etc/postfix-out\n",
                        "\npostfix-aux     -               n         /etc/postfix-aux\n")),
                .status(stock: hangs ? 124 : 1, ours: 1),
                .errors(stock: hangs ? .empty : .has("fatal: "), ours: .has(subject)),
                .log(stock: hangs ? .empty : .has("fatal: "), ours: .has(subject))))
    }

    private static func beside(
        _ name: String, _ step: Step, _ differences: Difference...
    ) -> ParityRow {
        var mend = Mend("broken-secondary")
        mend.differences = differences
        return ParityRow(
            name, from: .three,
            // The check fills the jail that some releases have, so that no step does.
            prepare: "postfix -c /etc/postfix-out check; rm /etc/postfix-in/main.cf", step,
            mended: mend)
    }

    private static func append(_ line: ByteString) -> ByteString {
        "printf '%s\\n' \(line.quotedForShell) >>/etc/postfix-in/main.cf"
    }
}
