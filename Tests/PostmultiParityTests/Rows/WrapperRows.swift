// Rows about `postmulti -p`: the words that start, stop and control, with postfix(1) replaced by
// a program that only tells how it was called.

import Bytes

extension ParityRow {
    static let wrapper: [ParityRow] = [
        row("start is check for the disabled", .run("-p", "start")),
        row("stop goes backwards and skips the disabled", .run("-p", "stop")),
        row(
            "other words that stop", .run("-p", "abort"), .run("-p", "drain"),
            .run("-p", "quick-stop")),
        row("words that control", .run("-p", "reload"), .run("-p", "flush")),
        row(
            "other words are for all", .run("-p", "status"), .run("-p", "check"),
            .run("-p", "set-permissions"), .run("-p", "upgrade-configuration"),
            .run("-p", "anything")),
        row("start in the foreground is an other word", .run("-p", "start-fg")),
        row("the empty word is an other word", .run("-p", "")),
        row("start of one", .run("-i", "out", "-p", "start")),
        row("start of one that is disabled", .run("-i", "aux", "-p", "start")),
        row("stop of one that is disabled", .run("-i", "aux", "-p", "stop")),
        row("control of one that is disabled", .run("-i", "aux", "-p", "reload")),
        row("status of one that is disabled", .run("-i", "aux", "-p", "status")),
        row("start of the primary", .run("-i", "-", "-p", "start")),
        row("start of a group", .run("-g", "mta", "-p", "start")),
        row("stop of a group", .run("-g", "mta", "-p", "stop")),
        row("start of an unknown one", .run("-i", "nobody", "-p", "start")),
        row("start of an unknown group", .run("-g", "nobody", "-p", "start")),
        row("-a with -p", .run("-a", "-p", "stop")),
        row("more words than one", .run("-p", "start", "-v", "a b", "")),
        row("an option as the word", .run("-p", "--", "-v", "start")),
        row("-v and -D before the word", .run("-pv", "start")),
        row("-- before the word", .run("-p", "--", "stop")),
        row(
            "start of disabled ones with more words", .run("-i", "aux", "-p", "start", "fast")),
        row(
            "other words for start",
            prepare: "postconf -e 'postmulti_start_commands = start, begin,launch'",
            .run("-p", "begin"), .run("-p", "launch"), .run("-p", "start,")),
        row(
            "other words for stop, start no more among the first",
            prepare: """
                postconf -e 'postmulti_stop_commands = halt\tstart' postmulti_start_commands=
                """, .run("-p", "start"), .run("-p", "stop")),
        row(
            "a word that starts and stops",
            prepare: "postconf -e postmulti_stop_commands=start", .run("-p", "start")),
        row(
            "other words for control", prepare: "postconf -e postmulti_control_commands=status",
            .run("-p", "status"), .run("-p", "reload")),
        row(
            "words by another parameter",
            prepare: "postconf -e mine=start 'postmulti_control_commands = $mine'",
            .run("-p", "start")),
    ]

    static let wrapperVaried: [ParityRow] = [
        ParityRow(
            "start without secondaries", from: .initialised, prepare: replacePostfix,
            .run("-p", "start"), .run("-p", "stop")),
        ParityRow(
            "start without secondaries, disabled", from: .initialised,
            prepare: "postmulti -e disable -i -\n" + replacePostfix, .run("-p", "start"),
            .run("-p", "stop")),
        ParityRow(
            "start before init", from: .pristine, prepare: replacePostfix, .run("-p", "start")),
        row(
            "a disabled primary is checked only", prepare: "postmulti -e disable -i -",
            .run("-p", "start"), .run("-p", "stop"), .run("-i", "-", "-p", "reload")),
        row(
            "all are disabled",
            prepare: """
                for name in - in out; do postmulti -e disable -i $name; settle; done
                """, .run("-p", "start"), .run("-p", "stop")),
        row(
            "the exit status is 1 if one fails",
            prepare: fail("test $MAIL_CONFIG != /etc/postfix-out"), .run("-p", "status"),
            .run("-i", "in", "-p", "status")),
        row("the exit status is 1 whatever fails", prepare: fail("exit 77"), .run("-p", "start")),
        row("a killed postfix(1) counts as 1", prepare: fail("kill -9 $$"), .run("-p", "stop")),
        row(
            "postfix(1) is not there", prepare: "rm /usr/sbin/postfix",
            .run("-p", "status")),
        ParityRow(
            "postfix(1) of another command directory", from: .three,
            prepare: """
                mkdir /usr/lib/mail; ln -s /usr/sbin/post* /usr/lib/mail
                ln -sf /mnt/record /usr/lib/mail/postfix
                postconf -e command_directory=/usr/lib/mail
                """, .run("-p", "status"), .run("-i-", "-x", "/mnt/record")),
        row(
            "-p with variables", environment: ["config_directory=/x", "TZ=UTC"],
            .run("-p", "stop")),
        ParityRow(
            "standard input of -p", from: .three,
            prepare: fail("read line; echo $MAIL_CONFIG $line"), input: "one\ntwo\n",
            .run("-p", "status")),
    ]

    private static let replacePostfix: ByteString =
        "rm /usr/sbin/postfix; cp /mnt/record /usr/sbin/postfix"

    /// A postfix(1) that ends as this shell text does.
    private static func fail(_ text: ByteString) -> ByteString {
        """
        rm /usr/sbin/postfix
        printf '%s\\n' '#!/bin/sh' 'echo $MAIL_CONFIG $*' '\(text)' >/usr/sbin/postfix
        chmod 755 /usr/sbin/postfix
        """
    }

    private static func row(
        _ name: String, prepare: ByteString = "",
        environment: [ByteString] = [], _ steps: Step...
    ) -> ParityRow {
        var row = ParityRow(
            name, from: .three, prepare: prepare, environment: environment)
        row.steps = steps
        let replaced = prepare.occurs("/usr/sbin/postfix")
        if !replaced { row.preparation += "\n" + replacePostfix }
        return row
    }
}
