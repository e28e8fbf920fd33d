// Rows about `postmulti -l`: what is listed, in which order, and in which form.

import Bytes

extension ParityRow {
    static let listing: [ParityRow] = [
        ParityRow("a single Postfix is listed as enabled", from: .pristine, .run("-l")),
        ParityRow("an initialised Postfix is listed alone", from: .initialised, .run("-l")),
        ParityRow("three instances are listed in order", from: .three, .run("-l")),
        ParityRow("-a lists all", from: .three, .run("-l", "-a")),
        ParityRow("bundled -la lists all", from: .three, .run("-la")),
        ParityRow("bundled -al lists all", from: .three, .run("-al")),
        ParityRow("-R reverses the list", from: .three, .run("-l", "-R")),
        ParityRow("-R twice is no reversal", from: .three, .run("-lRR")),
        ParityRow("-l twice is once", from: .three, .run("-l", "-l")),
        ParityRow("a group is listed", from: .three, .run("-l", "-g", "mta")),
        ParityRow("a reversed group is listed", from: .three, .run("-lRg", "mta")),
        ParityRow("an unknown group lists nothing", from: .three, .run("-l", "-g", "none")),
        ParityRow("the empty group lists nothing", from: .three, .run("-l", "-g", "")),
        ParityRow("group - lists nothing", from: .three, .run("-l", "-g", "-")),
        ParityRow("a full name is listed", from: .three, .run("-l", "-i", "postfix-out")),
        ParityRow("a short name is listed", from: .three, .run("-l", "-i", "out")),
        ParityRow("an attached name is listed", from: .three, .run("-liout")),
        ParityRow("a directory is listed", from: .three, .run("-l", "-i", "/etc/postfix-in")),
        ParityRow(
            "a directory with a slash at its end is unknown", from: .three,
            .run("-l", "-i", "/etc/postfix-in/")),
        ParityRow("- is the primary", from: .three, .run("-l", "-i", "-")),
        ParityRow("the primary's directory", from: .three, .run("-l", "-i", "/etc/postfix")),
        ParityRow("an unknown name lists nothing", from: .three, .run("-l", "-i", "nobody")),
        ParityRow("the empty name lists nothing", from: .three, .run("-l", "-i", "")),
        ParityRow("part of a name lists nothing", from: .three, .run("-l", "-i", "postfix-")),
        ParityRow("verbose listing", from: .three, .run("-lv")),
        ParityRow("-- ends the options of -l", from: .three, .run("-l", "--")),
        ParityRow("-l takes no command", from: .three, .run("-l", "status")),
        ParityRow("-l takes no command behind --", from: .three, .run("-l", "--", "-R")),
    ]
}

/// Listing hosts that are set up in less usual ways.
extension ParityRow {
    static let listingVaried: [ParityRow] = [
        ParityRow(
            "the primary has a name and a group", from: .three,
            prepare: "postmulti -e assign -i - -I postfix-main -G mta",
            .run("-l"), .run("-l", "-i", "main"), .run("-l", "-i", "-"), .run("-lg", "mta"),
            .run("-l", "-i", "/etc/postfix")),
        ParityRow(
            "long names push the columns", from: .three,
            prepare: """
                postmulti -e assign -i out -I postfix-a-long-name-of-an-instance \
                    -G a-long-name-of-a-group
                """, .run("-l")),
        ParityRow(
            "a nameless secondary", from: .three, prepare: "postmulti -e assign -i out -I -",
            .run("-l"), .run("-l", "-i", "/etc/postfix-out"), .run("-l", "-i", "out"),
            .run("-l", "-i", "postfix-out"), .run("-l", "-i", "-")),
        ParityRow(
            "a name without the prefix, set by hand", from: .three,
            prepare: "postconf -c /etc/postfix-out -e multi_instance_name=relay",
            .run("-l"), .run("-l", "-i", "relay"), .run("-l", "-i", "postfix-relay")),
        ParityRow(
            "the name is part of an expansion", from: .three,
            prepare: """
                postconf -c /etc/postfix-out -e 'multi_instance_name = postfix-${mail_name}' \
                    'multi_instance_group = ${multi_instance_name?{of}:{none}}'
                """, .run("-l")),
        ParityRow(
            "the list of directories has commas, tabs and new lines", from: .three,
            prepare: """
                postconf -X multi_instance_directories
                printf 'multi_instance_directories = /etc/postfix-out,\\t/etc/postfix-in,,\\n' \
                    >>/etc/postfix/main.cf
                printf ' \\t /etc/postfix-aux ,\\n' >>/etc/postfix/main.cf
                """, .run("-l")),
        ParityRow(
            "the list of directories has only commas", from: .three,
            prepare: """
                postconf -e 'multi_instance_directories = , ,' multi_instance_enable=no
                """, .run("-l")),
        ParityRow(
            "the list of directories comes from another parameter", from: .three,
            prepare: """
                postconf -e 'team = /etc/postfix-out /etc/postfix-aux' \
                    'multi_instance_directories = $team'
                """, .run("-l")),
        ParityRow(
            "the last of two settings counts", from: .three,
            prepare: """
                printf '%s\\n' 'multi_instance_directories = /etc/postfix-aux' \
                    >>/etc/postfix/main.cf
                """, .run("-l")),
        ParityRow(
            "yes in capitals enables", from: .three,
            prepare: "postconf -c /etc/postfix-aux -e multi_instance_enable=YES", .run("-l")),
        ParityRow(
            "the primary is disabled", from: .three,
            prepare: "postmulti -e disable -i -", .run("-l"), .run("-l", "-i", "-")),
        ParityRow(
            "a disabled primary without secondaries is listed as enabled", from: .initialised,
            prepare: "postmulti -e disable -i -", .run("-l")),
        ParityRow(
            "instances without wrapper", from: .three,
            prepare: "postconf -X multi_instance_wrapper multi_instance_enable", .run("-l")),
        ParityRow(
            "a directory is listed twice", from: .three,
            prepare: """
                postconf -e 'multi_instance_directories = /etc/postfix-out /etc/postfix-out'
                """, .run("-l")),
        ParityRow(
            "an instance has the directories of another syntax", from: .three,
            prepare: """
                postconf -c /etc/postfix-out -e 'queue_directory = ${queue_base}/postfix-out' \
                    'queue_base = /var/spool'
                """, .run("-l"), .run("-x", "-i", "out", "printenv", "queue_directory")),
        ParityRow(
            "the program has another name", from: .three,
            prepare: "cp /usr/sbin/postmulti /usr/sbin/mymulti",
            .shell("mymulti -l -i out; mymulti -z")),
        ParityRow(
            "the program is called by its path", from: .three,
            .shell("/usr/sbin/postmulti -l -i out; /usr/sbin/postmulti -l x")),
        ParityRow(
            "nothing can be written to standard output", from: .three,
            .shell("postmulti -l >/dev/full")),
        ParityRow(
            "standard output is closed", from: .three, .shell("postmulti -l >&-")),
        ParityRow(
            "standard input and standard error are closed", from: .three,
            .shell("postmulti -l <&- 2>&-; postmulti -l x <&- 2>&-")),
        ParityRow(
            "a user who is not root lists", from: .three,
            .shell("setpriv --reuid nobody --regid nogroup --clear-groups postmulti -l")),
    ]
}
