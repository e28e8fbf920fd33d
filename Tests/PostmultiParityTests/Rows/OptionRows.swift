// Rows about the command line itself: which options go together, and which refusal comes first.

import Bytes

extension ParityRow {
    static let options: [ParityRow] = [
        ParityRow("no option at all", from: .three, .run()),
        ParityRow("only a command", from: .three, .run("status")),
        ParityRow("an unknown option", from: .three, .run("-z")),
        ParityRow("an unknown option in a bundle", from: .three, .run("-lz")),
        ParityRow("a long option", from: .three, .run("--list")),
        ParityRow("the option for help", from: .three, .run("-h"), .run("-?")),
        ParityRow("a colon as option", from: .three, .run("-:")),
        ParityRow("-e lacks its action", from: .three, .run("-e")),
        ParityRow("-g lacks its group", from: .three, .run("-l", "-g")),
        ParityRow("-i lacks its name", from: .three, .run("-li")),
        ParityRow("-G lacks its group", from: .three, .run("-e", "assign", "-G")),
        ParityRow("-I lacks its name", from: .three, .run("-e", "assign", "-I")),
        ParityRow("an unknown action", from: .three, .run("-e", "explode")),
        ParityRow("an empty action", from: .three, .run("-e", "")),
        ParityRow("an action in capitals", from: .three, .run("-e", "CREATE")),
        ParityRow("an abbreviated action", from: .three, .run("-e", "dis", "-i", "out")),
        ParityRow("-a and -g", from: .three, .run("-l", "-a", "-g", "mta")),
        ParityRow("-a and -i", from: .three, .run("-l", "-a", "-i", "out")),
        ParityRow("-g and -i", from: .three, .run("-l", "-g", "mta", "-i", "out")),
        ParityRow("-g twice", from: .three, .run("-l", "-g", "mta", "-g", "mta")),
        ParityRow("-i twice", from: .three, .run("-l", "-i", "out", "-i", "out")),
        ParityRow("-a twice is once", from: .three, .run("-l", "-a", "-a")),
        ParityRow("-l and -p", from: .three, .run("-l", "-p", "status")),
        ParityRow("-l and -x", from: .three, .run("-l", "-x", "true")),
        ParityRow("-p and -x", from: .three, .run("-p", "-x", "true")),
        ParityRow("-l and -e", from: .three, .run("-l", "-e", "init")),
        ParityRow("-x, -p and -x again", from: .three, .run("-x", "-p", "-x", "true")),
        ParityRow("two actions", from: .three, .run("-e", "enable", "-e", "disable", "-i", "aux")),
        ParityRow("one action twice", from: .three, .run("-e", "enable", "-e", "enable", "-iaux")),
        ParityRow("-x and -p lack a command", from: .three, .run("-x"), .run("-p")),
        ParityRow("-x lacks a command behind --", from: .three, .run("-x", "--")),
        ParityRow("-p and -R", from: .three, .run("-p", "-R", "status")),
        ParityRow("-e and -R", from: .three, .run("-e", "enable", "-R", "-i", "aux")),
        ParityRow(
            "-e and -R twice", from: .three, .run("-e", "enable", "-R", "-R", "-i", "aux")),
        ParityRow("-G twice", from: .three, .run("-e", "assign", "-i", "out", "-Ga", "-Ga")),
        ParityRow(
            "-I twice", from: .three,
            .run("-e", "assign", "-i", "out", "-I", "postfix-a", "-I", "postfix-a")),
    ]

    static let optionsTogether: [ParityRow] = [
        ParityRow("-l and -I", from: .three, .run("-l", "-I", "postfix-a")),
        ParityRow("-x and -G", from: .three, .run("-x", "-G", "mta", "true")),
        ParityRow("-p and -I", from: .three, .run("-p", "-I", "postfix-a", "status")),
        ParityRow(
            "-I with actions that assign nothing", from: .three,
            .run("-e", "enable", "-i", "out", "-I", "postfix-a"),
            .run("-e", "disable", "-i", "out", "-I", "postfix-a"),
            .run("-e", "destroy", "-i", "out", "-I", "postfix-a"),
            .run("-e", "deport", "-i", "out", "-G", "a"), .run("-e", "init", "-G", "a")),
        ParityRow("assign lacks what to assign", from: .three, .run("-e", "assign", "-i", "out")),
        ParityRow(
            "parameters with actions that take none", from: .three,
            .run("-e", "enable", "-i", "out", "a=b"), .run("-e", "disable", "-i", "out", "a=b"),
            .run("-e", "destroy", "-i", "out", "a=b"), .run("-e", "deport", "-i", "out", "a=b"),
            .run("-e", "init", "a=b")),
        ParityRow(
            "parameters with assign", from: .three,
            .run("-e", "assign", "-i", "out", "-G", "b", "a=b")),
        ParityRow("options end at the first word", from: .three, .run("-l", "word", "-z")),
        ParityRow("a lone minus is a word", from: .three, .run("-l", "-")),
        ParityRow(
            "the first wrong option is reported, not a later one", from: .three,
            .run("-l", "-e", "explode", "-z"), .run("-l", "-z", "-e", "explode")),
        ParityRow(
            "the second -G is refused before the action is seen", from: .three,
            .run("-Ga", "-Gb", "-e", "explode"), .run("-e", "explode", "-Ga", "-Gb")),
        ParityRow(
            "selections are counted before modes", from: .three, .run("-a", "-g", "mta"),
            .run("-l", "-x", "-i", "a", "-i", "b")),
        ParityRow(
            "modes are counted before their arguments", from: .three,
            .run("-l", "-x", "-R"), .run("-R", "-I", "postfix-a")),
        ParityRow(
            "-R is refused before an assignment", from: .three,
            .run("-p", "-R", "-I", "postfix-a", "status"),
            .run("-e", "enable", "-R", "-i", "out", "-G", "a")),
        ParityRow(
            "an assignment is refused before parameters", from: .three,
            .run("-e", "enable", "-i", "out", "-G", "a", "b=c")),
        ParityRow(
            "the command line is judged before main.cf of secondaries", from: .three,
            prepare: "rm /etc/postfix-out/main.cf", .run("-l", "-x"), .run("-l", "word")),
        ParityRow(
            "verbose refusals", from: .three, .run("-v"), .run("-lv", "-a", "-g", "mta"),
            .run("-v", "-e", "explode")),
        ParityRow(
            "a word too many for -e of an unknown instance", from: .three,
            .run("-e", "enable", "-i", "nobody", "word")),
        ParityRow(
            "a refusal off a terminal", from: .three, offTerminal: true, .run("-l", "-x"),
            mended: .offTerminal(
                "postmulti: fatal: Specify exactly one of '-e', '-l', '-p', '-x'\n")),
    ]
}
