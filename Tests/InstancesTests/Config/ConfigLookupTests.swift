// Where values come from, and what differs in meaning.

import Bytes
import Instances
import PostfixFormats
import Testing

@Suite struct `The value of a name` {
    private let instance = configured(
        "postfix-x", "myorigin = a\nmyorigin = b.$mydomain\nmydomain = example.com")

    private func values(
        _ word: ByteString, isExpanded: Bool = false
    ) throws -> [ConfigValue] {
        try instance.values(of: #require(ConfigName(word)), isExpanded: isExpanded)
    }

    private func inMaster(_ name: ByteString, _ value: ByteString, _ line: Int) -> ConfigValue {
        ConfigValue(
            name: name, value: value, origin: .file(path: "/etc/postfix-x/master.cf", line: line))
    }

    @Test func `comes from the last line that sets it`() throws {
        let found = try values("myorigin")
        // Three lines stand in front of the first one.
        let path: ByteString = "/etc/postfix-x/main.cf"
        #expect(
            found == [
                ConfigValue(
                    name: "myorigin", value: "b.$mydomain", origin: .file(path: path, line: 5))
            ])
        #expect(try values("myorigin", isExpanded: true)[0].value == "b.example.com")
        #expect(
            instance.overruled("myorigin") == [
                ConfigValue(name: "myorigin", value: "a", origin: .file(path: path, line: 4))
            ])
    }

    @Test func `is built in if nothing sets it`() throws {
        #expect(try values("multi_instance_enable").map(\.origin) == [.builtIn])
    }

    @Test func `of services is one for each`() throws {
        #expect(
            try values("*/inet/chroot") == [
                inMaster("smtp/inet/chroot", "y", 1), inMaster("submission/inet/chroot", "y", 2),
            ])
        #expect(
            try values("*/*/smtpd_tls_security_level") == [
                inMaster("submission/inet/smtpd_tls_security_level", "may", 2)
            ])
        #expect(
            instance.overrides(of: "smtpd_tls_security_level")
                == (try values("*/*/smtpd_tls_security_level")))
    }

    @Test func `is missing for a reason`() throws {
        func failure(_ word: ByteString) throws -> ConfigLookupFailure? {
            let name = try #require(ConfigName(word))
            do {
                _ = try instance.values(of: name, isExpanded: false)
                return nil
            } catch {
                return error
            }
        }
        #expect(try failure("myorigim") == .unknownParameter(similar: ["myorigin"]))
        #expect(try failure("smtp/unix/chroot") == .noSuchService(similar: []))
        #expect(try failure("smtp/inet/myorigin") == .notSetForService)
    }
}

@Suite struct `The difference between two instances` {
    private func difference(
        _ left: (main: ByteString, master: ByteString),
        _ right: (main: ByteString, master: ByteString)
    ) -> [ConfigDifference] {
        // Both have the same directories, so that only what is asked for can differ.
        configured("postfix-x", left.main, master: left.master)
            .differences(from: configured("postfix-x", right.main, master: right.master))
    }

    private let smtp: ByteString = "smtp inet n - y - - smtpd"

    @Test func `is neither order, nor white space, nor a default spelt out`() {
        let left: ByteString = "a = 1\nb = x,\n  y\nmulti_instance_enable = no\n"
        let services = smtp + "\nslow unix - - n - - smtp\n"
        #expect(difference((left, services), ("b = x,   y\na = 1\n", services)) == [])
        let other: ByteString = "slow unix y y n 0 - smtp\nsmtp   inet n - y - -   smtpd\n"
        #expect(difference(("", services), ("", other)) == [])
    }

    @Test func `is not what only is written in another way`() {
        #expect(difference(("a = 5\nb = 5", smtp), ("a = 5\nb = $a", smtp)) == [])
    }

    @Test func `is a value, or that there is one, and not what follows from it`() {
        #expect(
            difference(("a = 1\nb = $a\nc =", smtp), ("a = 2\nb = $a", smtp)) == [
                ConfigDifference(name: "a", left: "1", right: "2"),
                ConfigDifference(name: "c", left: "", right: nil),
            ])
    }

    @Test func `is a field, a setting or an argument of a service`() {
        let other: ByteString = "smtp inet n - n - - smtpd -o a=1 -v"
        #expect(
            difference(("", smtp), ("", other)) == [
                ConfigDifference(name: "smtp/inet/chroot", left: "y", right: "n"),
                ConfigDifference(name: "smtp/inet/a", left: nil, right: "1"),
                ConfigDifference(name: "smtp/inet/arguments", left: "", right: "-v"),
            ])
    }

    @Test func `is a service that one has`() {
        let found = difference(("", smtp), ("", smtp + "\nslow unix - - n - - smtp\n"))
        #expect(found.map(\.name) == ["slow/unix"])
        #expect(found[0].left == nil && found[0].right?.hasPrefix("slow ") == true)
    }
}
