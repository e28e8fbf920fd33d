// Rows about what `postmulti -e create` refuses, and with which words.

import Bytes

extension ParityRow {
    static let refusing: [ParityRow] = [
        ParityRow("create before init", from: .pristine, create("-I", "postfix-a")),
        ParityRow(
            "create where the wrapper is empty", from: .initialised,
            prepare: "postconf -e multi_instance_wrapper=", create("-I", "postfix-a")),
        ParityRow(
            "create where the primary is not enabled", from: .initialised,
            prepare: "postconf -e multi_instance_enable=no", create("-I", "postfix-a")),
        ParityRow(
            "create where the primary is enabled in capitals", from: .initialised,
            prepare: "postconf -e multi_instance_enable=YES", create("-I", "postfix-a")),
        ParityRow("create lacks a name", from: .initialised, create()),
        ParityRow("create lacks a name, given as -", from: .initialised, create("-I", "-")),
        ParityRow("create with an empty name", from: .initialised, create("-I", "")),
        ParityRow(
            "create lacks the queue directory", from: .initialised,
            create("config_directory=/var/mta/a")),
        ParityRow(
            "create lacks the data directory", from: .initialised,
            create("config_directory=/var/mta/a", "queue_directory=/var/mta/q")),
        ParityRow("a relative directory", from: .initialised, create("config_directory=a")),
        ParityRow("an empty directory", from: .initialised, create("queue_directory=")),
        ParityRow("the root directory", from: .initialised, create("data_directory=/")),
        ParityRow("many slashes", from: .initialised, create("data_directory=///")),
        ParityRow("a parameter without equals sign", from: .initialised, create("word")),
        ParityRow("a parameter without name", from: .initialised, create("=/x")),
        ParityRow("an empty parameter", from: .initialised, create("")),
        ParityRow("a parameter with blanks in its name", from: .initialised, create("a b=/x")),
        ParityRow("another parameter", from: .initialised, create("myhostname=/x")),
        ParityRow(
            "a good parameter before a bad one", from: .initialised,
            create("queue_directory=/var/mta/q", "daemon_directory=/x")),
        ParityRow(
            "a name without the prefix", from: .initialised, create("-I", "a")),
        ParityRow("a name of the prefix alone", from: .initialised, create("-I", "postfix-")),
        ParityRow("a name with a slash", from: .initialised, create("-I", "postfix-a/b")),
        ParityRow("a name with a blank", from: .initialised, create("-I", "postfix-a b")),
        ParityRow("a name with a newline", from: .initialised, create("-I", "postfix-a\nb")),
        ParityRow("a name that is not ASCII", from: .initialised, create("-I", "postfix-ä")),
        ParityRow("a name that begins with -", from: .initialised, create("-I", "-a")),
        ParityRow("a name of the path above", from: .initialised, create("-I", "..")),
        ParityRow(
            "a name of shell characters", from: .initialised, create("-I", "postfix-$(id)")),
        ParityRow(
            "a slash is refused before the prefix", from: .initialised, create("-I", "a/b")),
        ParityRow(
            "a group with a blank", from: .initialised, create("-I", "postfix-a", "-G", "a b")),
        ParityRow(
            "a group with an asterisk", from: .initialised, create("-I", "postfix-a", "-G*")),
        ParityRow(
            "the name is judged before the group", from: .initialised,
            create("-I", "a b", "-G", "a b")),
    ]

    static let refusingConflicts: [ParityRow] = [
        ParityRow("a name in use", from: .three, create("-I", "postfix-out")),
        ParityRow(
            "a name in use with other directories", from: .three,
            create(
                "-I", "postfix-out", "config_directory=/var/mta/a", "queue_directory=/var/mta/q",
                "data_directory=/var/mta/d")),
        ParityRow(
            "a configuration directory in use", from: .three,
            create("-I", "postfix-a", "config_directory=/etc/postfix-in")),
        ParityRow(
            "the primary's configuration directory", from: .initialised,
            create("-I", "postfix-a", "config_directory=/etc/postfix")),
        ParityRow(
            "a queue directory in use", from: .three,
            create("-I", "postfix-a", "queue_directory=/var/spool/postfix-in")),
        ParityRow(
            "the primary's queue directory", from: .initialised,
            create("-I", "postfix-a", "queue_directory=/var/spool/postfix")),
        ParityRow(
            "a data directory in use as queue directory", from: .three,
            create("-I", "postfix-a", "data_directory=/var/spool/postfix-aux")),
        ParityRow(
            "one directory for all", from: .initialised,
            create(
                "-I", "postfix-a", "config_directory=/var/mta/a", "queue_directory=/var/mta/a",
                "data_directory=/var/mta/a")),
        ParityRow(
            "a shared directory as configuration directory", from: .initialised,
            create("-I", "postfix-a", "config_directory=/usr/sbin")),
        ParityRow(
            "a shared directory as queue directory", from: .initialised,
            create("-I", "postfix-a", "queue_directory=/usr/lib/postfix/sbin")),
        ParityRow(
            "the prototype of main.cf is missing", from: .initialised,
            prepare: "rm $(postconf -h meta_directory)/main.cf.proto",
            create("-I", "postfix-a")),
        ParityRow(
            "the prototype of master.cf is missing", from: .initialised,
            prepare: "rm $(postconf -h meta_directory)/master.cf.proto",
            create("-I", "postfix-a")),
        ParityRow(
            "create by a user who is not root", from: .initialised,
            compare: [.tree, .files],
            .shell(
                """
                setpriv --reuid nobody --regid nogroup --clear-groups \
                    postmulti -e create -I postfix-a
                """)),
        ParityRow(
            "create before init off a terminal", from: .pristine, offTerminal: true,
            create("-I", "postfix-a"),
            mended: .helperOffTerminal(
                """
                fatal: multi_instance_wrapper is empty, run 'postmulti -e init' first.
                """)),
    ]

    private static func create(_ arguments: ByteString...) -> Step {
        .postmulti(["-e", "create"] + arguments)
    }
}
