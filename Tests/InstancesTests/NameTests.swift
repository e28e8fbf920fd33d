// Instance and group names: what may be assigned, and the short form.

import Bytes
import Instances
import Testing

@Suite struct `Names` {
    @Test(
        arguments: [
            "postfix-out", "postfix-", "postfix-a.b", "postfix-!@%-_=+:.", "postfix-postfix-x",
            "postfix-0",
        ] as [ByteString])
    func `of instances may hold letters, digits and safe punctuation`(name: ByteString) throws {
        #expect(try InstanceName(assigning: name).text == name)
    }

    @Test(
        arguments: [
            ("", .unsafeInstanceName("")), ("postfix-a b", .unsafeInstanceName("postfix-a b")),
            ("postfix-a\n", .unsafeInstanceName("postfix-a\n")),
            ("postfix-$x", .unsafeInstanceName("postfix-$x")),
            ("postfix-a,b", .unsafeInstanceName("postfix-a,b")),
            ("postfix-ä", .unsafeInstanceName("postfix-ä")),
            ("postfix-a/b", .slashInInstanceName("postfix-a/b")),
            ("/postfix-a", .slashInInstanceName("/postfix-a")),
            // Safe characters are looked at first, then slashes, then the prefix.
            ("a b/c", .unsafeInstanceName("a b/c")), ("a/b", .slashInInstanceName("a/b")),
            ("out", .instanceNameWithoutPrefix("out")),
            ("postfix", .instanceNameWithoutPrefix("postfix")),
            ("Postfix-a", .instanceNameWithoutPrefix("Postfix-a")),
            (" postfix-a", .unsafeInstanceName(" postfix-a")),
        ] as [(ByteString, NameRefusal)])
    func `of instances are refused for a reason`(name: ByteString, reason: NameRefusal) {
        #expect(throws: reason) { try InstanceName(assigning: name) }
    }

    @Test(arguments: ["mta", "a/b", "postfix-out", "-", "."] as [ByteString])
    func `of groups need no prefix and may hold slashes`(name: ByteString) throws {
        #expect(try GroupName(assigning: name).text == name)
    }

    @Test(arguments: ["", "a b", "a\tb", "a*", "ä"] as [ByteString])
    func `of groups are safe as well`(name: ByteString) {
        #expect(throws: NameRefusal.unsafeGroupName(name)) { try GroupName(assigning: name) }
    }

    @Test func `of every single byte are judged as Postfix does`() {
        let safe = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
            .union("!@%-_=+:./".utf8)
        for byte in UInt8.min...UInt8.max {
            let isAccepted = (try? GroupName(assigning: ByteString([byte]))) != nil
            #expect(isAccepted == safe.contains(byte), "byte \(byte)")
        }
    }

    @Test(
        arguments: [
            ("postfix-out", "out"), ("postfix-", ""), ("out", "out"), ("postfix", "postfix"),
            ("postfix-postfix-x", "postfix-x"),
        ] as [(ByteString, ByteString)])
    func `have a short form`(name: ByteString, short: ByteString) {
        #expect(InstanceName(recorded: name).short == short)
    }
}
