// Rows about `postmulti -e destroy`.

import Bytes

extension ParityRow {
    static let destroying: [ParityRow] = [
        ParityRow("destroy a fresh one", from: .fresh, destroy("new"), .run("-l")),
        ParityRow("destroy by full name", from: .fresh, destroy("postfix-new")),
        ParityRow("destroy by directory", from: .fresh, destroy("/etc/postfix-new")),
        ParityRow("destroy one of three", from: .three, destroy("aux"), .run("-l")),
        ParityRow(
            "destroy and create again", from: .fresh, destroy("new"),
            .run("-e", "create", "-I", "postfix-new"), .run("-l")),
        ParityRow(
            "destroy takes the directory off the alternate ones", from: .fresh,
            prepare: "postconf -e 'alternate_config_directories = /etc/x /etc/postfix-new'",
            destroy("new")),
        ParityRow(
            "destroy where directories lie apart", from: .initialised,
            prepare: """
                postmulti -e create -I postfix-a config_directory=/var/mta/c \
                    queue_directory=/var/mta/q data_directory=/var/mta/d
                \(Jail.clear("/var/mta/q"))
                """, destroy("a")),
        ParityRow("destroy an enabled one", from: .three, destroy("out")),
        ParityRow("destroy the primary", from: .three, destroy("-")),
        ParityRow("destroy an unknown one", from: .three, destroy("nobody")),
        ParityRow("destroy without a name", from: .three, .run("-e", "destroy")),
        ParityRow(
            "destroy a group or all", from: .three, .run("-e", "destroy", "-g", "mta"),
            .run("-e", "destroy", "-a")),
        ParityRow(
            "destroy where the primary is not enabled", from: .fresh,
            prepare: "postconf -e multi_instance_enable=no", destroy("new")),
        ParityRow(
            "destroy of a running one", from: .fresh, prepare: startNew,
            compare: [.answers, .log, .files], destroy("new")),
        ParityRow(
            "destroy with other files in the configuration", from: .fresh,
            prepare: "echo x >/etc/postfix-new/map; mkdir /etc/postfix-new/sasl",
            destroy("new"),
            mended: Mend(
                "names-what-is-left",
                .errors(stock: .lacks("map"), ours: .has(left, "new/map: ", "new/sasl: ")),
                .log(stock: .lacks("map"), ours: .has(left, "new/map: ", "new/sasl: ")))),
        ParityRow(
            "destroy with a missing queue subdirectory", from: .fresh,
            prepare: "rmdir /var/spool/postfix-new/hold", destroy("new"),
            mended: nothingToVerify),
        ParityRow(
            "destroy with a missing data directory", from: .fresh,
            prepare: "rmdir /var/lib/postfix-new", destroy("new"),
            mended: nothingToVerify),
        ParityRow(
            "destroy where master.cf is missing", from: .fresh,
            prepare: "rm /etc/postfix-new/master.cf", destroy("new")),
    ]

    private static let left: ByteString = """
        warning: /etc/postfix-new: please verify contents and remove by hand
        """

    /// What is gone already needs nobody's care.
    private static let nothingToVerify = Mend(
        "destroy-after-a-run",
        .errors(stock: .has("please verify contents"), ours: .empty),
        .log(stock: .has("please verify contents"), ours: .lacks("verify")))

    private static func destroy(_ name: ByteString) -> Step { .run("-e", "destroy", "-i", name) }
}
