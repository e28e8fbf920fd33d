// Rows about `postmulti -e init`, and with it about how main.cf is edited.

import Bytes

extension ParityRow {
    static let initialising: [ParityRow] = [
        ParityRow("init", from: .pristine, .run("-e", "init")),
        ParityRow("init twice", from: .pristine, .run("-e", "init"), .run("-e", "init")),
        ParityRow("verbose init", from: .pristine, .run("-v", "-e", "init")),
        ParityRow("init with a selection", from: .three, .run("-e", "init", "-i", "nobody")),
        ParityRow("init with -a", from: .pristine, .run("-e", "init", "-a")),
        ParityRow(
            "init replaces another wrapper", from: .pristine,
            prepare: """
                postconf -e 'multi_instance_wrapper = /usr/bin/true' multi_instance_enable=no
                """, .run("-e", "init"),
            mended: Mend(
                "init-logs-what-it-replaces",
                .log(stock: .empty, ours: .has("/usr/bin/true")))),
        ParityRow(
            "init where settings are continued over lines", from: .pristine,
            prepare: """
                printf '%s\\n' 'multi_instance_enable =' '   no' '# a comment' \
                    'multi_instance_wrapper =' '' '   # within' \
                    '' 'last = 1' >>/etc/postfix/main.cf
                """, .run("-e", "init")),
        ParityRow(
            "init where a setting occurs twice", from: .pristine,
            prepare: """
                printf '%s\\n' 'multi_instance_enable = no' 'other = x' \
                    'multi_instance_enable = no' >>/etc/postfix/main.cf
                """, .run("-e", "init")),
        ParityRow(
            "init where a setting is commented out", from: .pristine,
            prepare: "printf '%s\\n' '#multi_instance_enable = no' >>/etc/postfix/main.cf",
            .run("-e", "init")),
        ParityRow(
            "init where lines end as on other systems", from: .pristine,
            prepare: "sed -i 's/$/\\r/' /etc/postfix/main.cf", .run("-e", "init"), .run("-l")),
        ParityRow(
            "init where text is not UTF-8", from: .pristine,
            prepare: "printf 'greeting = Gr\\374\\337e\\n' >>/etc/postfix/main.cf",
            compare: [.answers, .log, .files], .run("-e", "init")),
        ParityRow(
            "init keeps mode and owner of main.cf", from: .pristine,
            prepare: "chmod 640 /etc/postfix/main.cf; chown postfix:mail /etc/postfix/main.cf",
            .run("-e", "init"), mended: .keepsRights("640 postfix:mail")),
        ParityRow(
            "init where main.cf is a link", from: .pristine,
            prepare: "mv /etc/postfix/main.cf /etc/real.cf; ln -s ../real.cf /etc/postfix/main.cf",
            .run("-e", "init"), .shell("grep multi /etc/real.cf")),
        ParityRow(
            "init where main.cf has a second name", from: .pristine,
            prepare: "ln /etc/postfix/main.cf /etc/second.cf", .run("-e", "init"),
            .shell("grep multi /etc/second.cf")),
        ParityRow(
            "init where a file of an edit was left behind", from: .pristine,
            prepare: "echo left >/etc/postfix/main.cf.tmp", .run("-e", "init")),
        ParityRow(
            "init of an empty main.cf", from: .pristine, prepare: ": >/etc/postfix/main.cf",
            .run("-e", "init"), .run("-l")),
        ParityRow(
            "init by a user who is not root", from: .pristine,
            compare: [.tree, .files],
            .shell(
                "setpriv --reuid nobody --regid nogroup --clear-groups postmulti -e init")),
    ]
}

extension Mend {
    /// An edited main.cf keeps its mode and owner; the stock program makes a new file with its own.
    static func keepsRights(_ rights: ByteString) -> Mend {
        Mend(
            "rights-of-main.cf",
            .tree(
                below: ["/etc/postfix/main.cf"], stock: .has("f 644 root:root "),
                ours: .has("f \(rights) ")),
            .file(
                "/etc/postfix/main.cf", stock: .has("\nmulti_instance_enable = yes\n"),
                ours: .has("\nmulti_instance_enable = yes\n")))
    }
}
