// Rows about the environment that postmulti finds and the logging that it asks for.

import Bytes
import TestSupport

extension ParityRow {
    static let environment: [ParityRow] = [
        ParityRow(
            "MAIL_CONFIG names the default directory", from: .three,
            environment: ["MAIL_CONFIG=/etc/postfix"], .run("-l")),
        ParityRow(
            "MAIL_CONFIG names the default directory with a slash", from: .three,
            environment: ["MAIL_CONFIG=/etc/postfix/"], .run("-l")),
        ParityRow(
            "MAIL_CONFIG names a secondary", from: .three,
            environment: ["MAIL_CONFIG=/etc/postfix-out"], .run("-l"),
            .run("-i", "out", "-p", "status"), .run("-e", "disable", "-i", "out")),
        ParityRow(
            "MAIL_CONFIG names nothing there is", from: .three,
            environment: ["MAIL_CONFIG=/nowhere"], .run("-l")),
        ParityRow(
            "MAIL_CONFIG is empty", from: .three, environment: ["MAIL_CONFIG="], .run("-l")),
        ParityRow(
            "MAIL_CONFIG is judged before the options", from: .three,
            environment: ["MAIL_CONFIG=/etc/postfix-out"], .run("-z"), .run()),
        ParityRow(
            "MAIL_LOGTAG names the tag", from: .three, environment: ["MAIL_LOGTAG=mytag"],
            .run("-l", "x"), .run("-x", "printenv", "MAIL_LOGTAG")),
        ParityRow(
            "MAIL_LOGTAG names the tag of the helper", from: .pristine,
            environment: ["MAIL_LOGTAG=mytag"], .run("-e", "create", "-I", "postfix-a")),
        ParityRow(
            "MAIL_VERBOSE is set", from: .three, environment: ["MAIL_VERBOSE=1"],
            .run("-l"), .run("-i-", "-x", "printenv", "MAIL_VERBOSE")),
        ParityRow("-v sets MAIL_VERBOSE", from: .three, .run("-v", "-i-", "-x", "/mnt/record")),
        ParityRow(
            "PATH is not set", from: .three,
            .shell("unset PATH; /usr/sbin/postmulti -i- -x /mnt/record")),
        ParityRow(
            "PATH is empty", from: .three,
            .shell("PATH= /usr/sbin/postmulti -i- -x /mnt/record")),
        ParityRow(
            "PATH of the caller stays behind the commands", from: .three,
            environment: ["PATH=/usr/sbin:/usr/bin:/bin:/opt/my own/bin"],
            .run("-i-", "-x", "printenv", "PATH")),
        ParityRow(
            "variables of the same names are replaced", from: .three,
            environment: [
                "config_directory=/x", "queue_directory=/x", "multi_instance_name=x",
                "multi_instance_group=x", "multi_instance_enable=maybe", "data_directory=/x",
                "command_directory=/x", "daemon_directory=/x",
            ], .run("-i", "in", "-x", "/mnt/record")),
        ParityRow(
            "other variables reach the child of -x", from: .three,
            environment: ["HOME=/home/x", "TZ=Asia/Tokyo", "LC_ALL=C", "odd=a b  c$d"],
            .run("-i", "in", "-x", "/mnt/record")),
        ParityRow(
            "time zone and language change no message", from: .three,
            environment: ["TZ=Asia/Tokyo", "LANG=de_DE.UTF-8", "LC_ALL=de_DE.UTF-8"],
            .run("-i", "nobody", "-x", "true")),
        ParityRow(
            "POSIXLY_CORRECT is set", from: .three, environment: ["POSIXLY_CORRECT=1"],
            .run("-z"), .run("-l")),
    ]

    static let logging: [ParityRow] = [
        ParityRow(
            "syslog_name names the tag", from: .three,
            prepare: "postconf -e syslog_name=relay", .run("-l", "x"),
            .run("-e", "enable", "-i", "nobody")),
        ParityRow(
            "syslog_name names the tag of the helper", from: .pristine,
            prepare: "postconf -e syslog_name=relay", .run("-e", "create", "-I", "postfix-a")),
        ParityRow(
            "the name of the primary makes the tag", from: .three,
            prepare: "postmulti -e assign -i - -I postfix-main", .run("-l", "x")),
        ParityRow(
            "syslog_facility is another", from: .three,
            prepare: "postconf -e syslog_facility=local3", .run("-l", "x")),
        ParityRow(
            "syslog_facility is unknown", from: .three,
            prepare: "postconf -e syslog_facility=nonsense", .run("-l", "x"), .run("-l")),
        ParityRow(
            "messages go to maillog_file", from: .three,
            prepare: "postconf -e maillog_file=/var/log/mail.test", .run("-l", "x"),
            .shell(Self.showLog), .run("-e", "enable", "-i", "nobody"), .shell(Self.showLog)),
        ParityRow(
            "messages of the helper go to maillog_file", from: .pristine,
            prepare: "postconf -e maillog_file=/var/log/mail.test",
            .run("-e", "create", "-I", "postfix-a"), .shell(Self.showLog),
            mended: losesHelperMessages
                ? Mend(
                    "lost-log-lines", .output(stock: .lacks("wrapper"), ours: .has("wrapper")))
                : nil),
        ParityRow(
            "maillog_file lies where it may not", from: .three,
            prepare: "postconf -e maillog_file=/etc/mail.test", .run("-l", "x"), .run("-l")),
        ParityRow(
            "maillog_file lies in a directory that is not there", from: .three,
            prepare: "postconf -e maillog_file=/var/log/none/mail.test", .run("-l", "x"),
            .run("-l"), mended: .opensLogFileLate),
        ParityRow(
            "a newline and control characters in a message", from: .three,
            .run("-e", "enable", "-i", "no\nbody\u{1}\u{7f}"), .run("-e", "a\tb")),
        ParityRow(
            "a message longer than syslog takes", from: .three,
            .run("-e", "enable", "-i", ByteString(String(repeating: "long ", count: 900)))),
        ParityRow(
            "a message that is not UTF-8", from: .three,
            .run("-e", "enable", "-i", ByteString([0xFF, 0xE9, 0x41]))),
        ParityRow(
            "a percent sign in a message", from: .three,
            .run("-e", "enable", "-i", "100%s%n%m")),
    ]

    private static let losesHelperMessages = TestedPostfix.version >= PostfixVersion("3.8")

    /// Log lines without their time and process id, which sed(1) cannot know in advance.
    private static let showLog: ByteString = #"""
        sed -E 's/^.{15} //; s/\[[0-9]+\]/[]/' /var/log/mail.test
        stat -c '%a %U' /var/log/mail.test
        """#
}

extension Mend {
    /// Since 3.10 the stock program opens the log file before there is anything to log.
    fileprivate static let opensLogFileLate: Mend? = {
        if TestedPostfix.version < PostfixVersion("3.10") { return nil }
        let missing = Claim.has("cannot create file exclusively: No such file or directory\n")
        return Mend(
            "log-file-on-demand",
            .errors(stock: missing, ours: .has("Command not allowed with '-l'\n"), step: 1),
            .output(stock: .empty, ours: .has("/etc/postfix\n", "/etc/postfix-out\n")),
            .errors(stock: missing, ours: .empty), .status(stock: 1, ours: 0),
            .log(stock: missing, ours: .empty))
    }()
}
