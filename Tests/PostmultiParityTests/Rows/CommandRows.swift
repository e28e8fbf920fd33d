// Rows about `postmulti -x`: which instances, in which order, and what a child is given.

import Bytes

extension ParityRow {
    static let commands: [ParityRow] = [
        ParityRow("a child's surroundings, single Postfix", from: .pristine, record()),
        ParityRow("a child's surroundings, initialised", from: .initialised, record()),
        ParityRow("a child's surroundings, three instances", from: .three, record()),
        ParityRow("-x with -R", from: .three, .run("-xR", "printenv", "config_directory")),
        ParityRow("-x with -a", from: .three, .run("-x", "-a", "printenv", "MAIL_CONFIG")),
        ParityRow("-x with -g", from: .three, .run("-x", "-g", "mta", "printenv", "MAIL_CONFIG")),
        ParityRow(
            "-x with -g and -R", from: .three, .run("-xRg", "mta", "printenv", "MAIL_CONFIG")),
        ParityRow("-x with -i", from: .three, record("-i", "aux")),
        ParityRow("-x with -i -", from: .three, record("-i", "-")),
        ParityRow("-x with a directory", from: .three, record("-i", "/etc/postfix-out")),
        ParityRow("-x with an unknown name", from: .three, record("-i", "nobody")),
        ParityRow("-x with an unknown group", from: .three, record("-g", "nobody")),
        ParityRow(
            "-x with a nameless secondary", from: .three,
            prepare: "postmulti -e assign -i aux -I -", record("-i", "/etc/postfix-aux")),
        ParityRow(
            "-x with a named primary", from: .three,
            prepare: "postmulti -e assign -i - -I postfix-main -G all", record("-i", "main")),
        ParityRow(
            "-x with a disabled primary", from: .three, prepare: "postmulti -e disable -i -",
            .run("-x", "printenv", "multi_instance_enable")),
        ParityRow(
            "arguments reach the child untouched", from: .three,
            .run("-i-", "-x", "/mnt/record", "a b", "", "$HOME", "*", "-l", "--", "x\ny", "é\\")),
        ParityRow(
            "arguments that are not UTF-8 reach the child", from: .three,
            .run("-i-", "-x", "/mnt/record", ByteString([0xE9, 0xFF, 0x80]))),
        ParityRow(
            "options behind the command are the command's", from: .three,
            .run("-x", "-i", "out", "printf", "%s\\n", "-i", "in", "-R", "-z")),
        ParityRow(
            "-- ends the options of -x", from: .three,
            .run("-i", "out", "-x", "--", "printf", "%s\\n", "-x")),
    ]

    static let commandResults: [ParityRow] = [
        ParityRow("every child succeeds", from: .three, .run("-x", "true")),
        ParityRow("every child fails", from: .three, .run("-x", "false")),
        ParityRow(
            "one child fails, all are run", from: .three,
            .run("-x", "sh", "-c", "echo $MAIL_CONFIG; test $MAIL_CONFIG != /etc/postfix-out")),
        ParityRow("a child exits with 7", from: .three, .run("-i-", "-x", "sh", "-c", "exit 7")),
        ParityRow(
            "a child exits with 255", from: .three, .run("-i-", "-x", "sh", "-c", "exit 255")),
        ParityRow(
            "a child is killed", from: .three,
            .run("-x", "sh", "-c", "echo $MAIL_CONFIG; kill -TERM $$")),
        ParityRow("a command is not there", from: .three, .run("-x", "no-such-command", "x")),
        ParityRow(
            "a command is not there, by path", from: .three, .run("-i-", "-x", "/no/such/command")),
        ParityRow(
            "a command may not be run", from: .three, .run("-i-", "-x", "/etc/postfix/main.cf")),
        ParityRow("a command is a directory", from: .three, .run("-i-", "-x", "/etc")),
        ParityRow("a command is an empty string", from: .three, .run("-i-", "-x", "")),
        ParityRow(
            "a script without a first line that names its shell", from: .three,
            prepare: "echo 'echo run $config_directory' >/usr/bin/plain; chmod 755 /usr/bin/plain",
            .run("-x", "plain")),
        ParityRow(
            "a command that is not on PATH is found beside Postfix", from: .three,
            environment: ["PATH=/usr/bin"],
            .shell("/usr/sbin/postmulti -i out -x postconf -h multi_instance_name")),
        ParityRow(
            "children share standard input", from: .three, input: "one\ntwo\nthree\n",
            .run("-x", "sh", "-c", "read line; echo $multi_instance_name $line")),
        ParityRow(
            "children write to standard error", from: .three,
            .run("-x", "sh", "-c", "echo $multi_instance_name >&2")),
        ParityRow(
            "directory and mask of a child", from: .three,
            .shell("cd /var/spool; umask 077; postmulti -i- -x sh -c 'pwd; umask'")),
        ParityRow(
            "descriptors of a child", from: .three, .run("-x", "ls", "/proc/self/fd")),
        ParityRow(
            "signals of a child", from: .three,
            .shell("postmulti -i- -x sh -c 'grep -E \"^Sig(Blk|Ign)\" /proc/self/status'")),
        ParityRow(
            "postconf as a child sees each instance", from: .three,
            .run("-x", "postconf", "-h", "queue_directory")),
        ParityRow(
            "nested calls are for a secondary", from: .three,
            .run("-i", "out", "-x", "postmulti", "-l")),
        ParityRow(
            "no matching instance off a terminal", from: .three, offTerminal: true,
            .run("-i", "nobody", "-x", "true"),
            mended: .offTerminal("postmulti: fatal: No matching instances\n")),
        ParityRow(
            "a missing command off a terminal", from: .three, offTerminal: true,
            .run("-i-", "-x", "no-such-command"),
            mended: .offTerminal(
                "postmulti: fatal: execvp no-such-command: No such file or directory\n")),
        ParityRow(
            "a user who is not root runs a command", from: .three,
            .shell(
                "setpriv --reuid nobody --regid nogroup --clear-groups postmulti -x id -un")),
    ]

    /// A child that tells its arguments and its environment.
    private static func record(_ selection: ByteString...) -> Step {
        .postmulti(selection + ["-x", "/mnt/record", "some", "word"])
    }
}
