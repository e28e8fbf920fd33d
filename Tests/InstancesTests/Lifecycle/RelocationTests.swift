// Paths that change, in texts that hold much that only looks like them.

import Bytes
import Instances
import Testing

@Suite struct `A relocation` {
    private let relocation = Relocation([
        .init(old: "/etc/postfix-a", new: "/etc/postfix-b"),
        .init(old: "/var/spool/postfix-a", new: "/srv/b"),
        .init(old: "/var/spool/postfix-a/data", new: "/data/b"),
    ])

    @Test(
        arguments: [
            ("x = hash:/etc/postfix-a/t", "x = hash:/etc/postfix-b/t"),
            ("x=/etc/postfix-a", "x=/etc/postfix-b"),
            ("x = /etc/postfix-a,/etc/postfix-a/y", "x = /etc/postfix-b,/etc/postfix-b/y"),
            ("x = {/etc/postfix-a/y}", "x = {/etc/postfix-b/y}"),
            ("  /var/spool/postfix-a/data/x", "  /data/b/x"),
            ("  /var/spool/postfix-a/database", "  /srv/b/database"),
            (
                "s unix - - n - - x\n  -o p=/etc/postfix-a/q\n",
                "s unix - - n - - x\n  -o p=/etc/postfix-b/q\n"
            ),
        ] as [(ByteString, ByteString)])
    func `changes paths into the directories`(row: (old: ByteString, new: ByteString)) {
        #expect(relocation.text(row.old) == row.new)
    }

    @Test(
        arguments: [
            "# /etc/postfix-a/t\n", " # /etc/postfix-a\n", "x = /etc/postfix-ab",
            "x = /etc/postfix-a.old/t", "x = /etc/postfix-a-b", "x = /chroot/etc/postfix-a/t",
            "x = ${y}/etc/postfix-a", "x = //etc/postfix-a", "x = etc/postfix-a", "", "\n\n",
        ] as [ByteString])
    func `leaves all else`(text: ByteString) {
        #expect(relocation.text(text) == text)
    }

    @Test func `of a path takes the innermost directory`() {
        #expect(relocation.path("/var/spool/postfix-a/data/x") == "/data/b/x")
        #expect(relocation.path("/var/spool/postfix-a") == "/srv/b")
        #expect(relocation.path("/var/spool/postfix-ab") == "/var/spool/postfix-ab")
    }
}
