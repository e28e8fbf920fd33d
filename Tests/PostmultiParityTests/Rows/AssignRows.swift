// Rows about `postmulti -e assign`, `-e enable` and `-e disable`.

import Bytes

extension ParityRow {
    static let assigning: [ParityRow] = [
        ParityRow("assign a name", from: .three, assign("out", "-I", "postfix-b"), .run("-l")),
        ParityRow("assign a group", from: .three, assign("aux", "-G", "x"), .run("-l")),
        ParityRow(
            "assign both", from: .three, assign("out", "-I", "postfix-b", "-G", "x"), .run("-l")),
        ParityRow("take the name away", from: .three, assign("out", "-I", "-"), .run("-l")),
        ParityRow("take the group away", from: .three, assign("out", "-G", "-"), .run("-l")),
        ParityRow("an empty name and group", from: .three, assign("in", "-I", "", "-G", "")),
        ParityRow(
            "take both away from one without", from: .initialised, assign("-", "-I-", "-G-")),
        ParityRow("assign what is so already", from: .three, assign("out", "-I", "postfix-out")),
        ParityRow("assign its own group", from: .three, assign("out", "-G", "mta")),
        ParityRow("assign to the primary", from: .three, assign("-", "-I", "postfix-p", "-Gq")),
        ParityRow("assign to a directory", from: .three, assign("/etc/postfix-in", "-G", "q")),
        ParityRow("assign a name in use", from: .three, assign("out", "-I", "postfix-in")),
        ParityRow(
            "swap two names through a third", from: .three, assign("out", "-I", "postfix-x"),
            assign("in", "-I", "postfix-out"), assign("x", "-I", "postfix-in"), .run("-l")),
        ParityRow("assign a bad name", from: .three, assign("out", "-I", "b")),
        ParityRow("assign a name with a slash", from: .three, assign("out", "-I", "postfix-/")),
        ParityRow("assign a bad group", from: .three, assign("out", "-G", "a,b")),
        ParityRow("assign a group of all signs", from: .three, assign("out", "-G", "!@%-_=+:./")),
        ParityRow(
            "assign a name of all signs", from: .three, assign("out", "-I", "postfix-!@%-_=+:."),
            .run("-l")),
        ParityRow("assign to an unknown one", from: .three, assign("nobody", "-G", "a")),
        ParityRow("assign without a name", from: .three, .run("-e", "assign", "-G", "a")),
        ParityRow("assign to a group", from: .three, .run("-e", "assign", "-gmta", "-Ga")),
        ParityRow("assign to all", from: .three, .run("-e", "assign", "-a", "-Ga")),
        ParityRow("assign before init", from: .pristine, assign("-", "-G", "a")),
        ParityRow(
            "assign what is so already before init", from: .pristine, assign("-", "-G", "-")),
        ParityRow(
            "an unknown one is judged before the bad name", from: .three,
            assign("nobody", "-I", "b")),
    ]

    static let enabling: [ParityRow] = [
        ParityRow("enable", from: .three, .run("-e", "enable", "-i", "aux"), .run("-l")),
        ParityRow("disable", from: .three, .run("-e", "disable", "-i", "out"), .run("-l")),
        ParityRow("enable the enabled", from: .three, .run("-e", "enable", "-i", "out")),
        ParityRow("disable the disabled", from: .three, .run("-e", "disable", "-i", "aux")),
        ParityRow(
            "enable and disable", from: .fresh, .run("-e", "enable", "-i", "new"),
            .run("-e", "disable", "-i", "new"), .run("-e", "enable", "-i", "postfix-new")),
        ParityRow("enable by directory", from: .three, .run("-eenable", "-i/etc/postfix-aux")),
        ParityRow("disable the primary", from: .three, .run("-e", "disable", "-i", "-")),
        ParityRow(
            "nothing is edited while the primary is disabled", from: .three,
            .run("-e", "disable", "-i", "-"), .run("-e", "enable", "-i", "aux"),
            .run("-e", "enable", "-i", "-"), .run("-e", "init"),
            .run("-e", "enable", "-i", "aux")),
        ParityRow("enable an unknown one", from: .three, .run("-e", "enable", "-i", "nobody")),
        ParityRow("enable without a name", from: .three, .run("-e", "enable")),
        ParityRow("enable a group", from: .three, .run("-e", "enable", "-g", "mta")),
        ParityRow("disable all", from: .three, .run("-e", "disable", "-a")),
        ParityRow("enable before init", from: .pristine, .run("-e", "enable", "-i", "-")),
        ParityRow("disable before init", from: .pristine, .run("-e", "disable", "-i", "-")),
        ParityRow(
            "enable keeps comments and order", from: .three,
            prepare: """
                sed -i '/multi_instance_enable/d' /etc/postfix-aux/main.cf
                printf '%s\\n' '# before' 'multi_instance_enable = no' '# after' 'z = 1' \
                    >>/etc/postfix-aux/main.cf
                """, .run("-e", "enable", "-i", "aux")),
    ]

    private static func assign(_ name: ByteString, _ arguments: ByteString...) -> Step {
        .postmulti(["-e", "assign", "-i", name] + arguments)
    }
}
