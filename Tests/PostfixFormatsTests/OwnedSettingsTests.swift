// Settings and services that belong to a blueprint: their lines change, all others stay.

import Bytes
import PostfixFormats
import TestSupport
import Testing

@Suite struct `Owned settings` {
    private func owning(_ text: ByteString, _ settings: OwnedSetting...) -> ByteString {
        MainCF(text).owning(settings).text
    }

    @Test func `are added at the end, each with its reason`() {
        #expect(
            owning(
                "a = 1\n", OwnedSetting("c", "3", reason: "why"), OwnedSetting("b", "2"))
                == "a = 1\n# blueprint: why\nc = 3\n# blueprint\nb = 2\n")
    }

    @Test func `that stand there already with the same value are left as they are`() {
        let text: ByteString = "# mine\nb  =  2,\n   3\n"
        #expect(owning(text, OwnedSetting("b", "2,   3")) == text)
    }

    @Test func `take the place of a line with another value, and leave its comments`() {
        #expect(
            owning(
                "a = 1\nb = 2\n# in the midst\n  3\n# behind\nc = 4\n",
                OwnedSetting("b", "5", reason: "why"))
                == "a = 1\n# blueprint: why\nb = 5\n# in the midst\n# behind\nc = 4\n")
    }

    @Test func `go when nobody wants them any more, and nothing else goes`() {
        #expect(
            owning("a = 1\n# blueprint: why\nb = 2\n  3\n# behind\n# blueprint\nc = 3\n")
                == "a = 1\n# behind\n")
    }

    @Test func `change the last of several lines, which is the one that counts`() {
        #expect(
            owning("a = 1\na = 2\n", OwnedSetting("a", "3")) == "a = 1\n# blueprint\na = 3\n")
    }

    @Test func `get a new reason in the place of an old one`() {
        #expect(
            owning("# blueprint: old\na = 1\nb = 2\n", OwnedSetting("a", "1", reason: "new"))
                == "# blueprint: new\na = 1\nb = 2\n")
    }

    @Test func `are not what a comment in the midst of a parameter stands above`() {
        let text: ByteString = "a = 1\n# blueprint\n  2\nb = 3\n"
        #expect(MainCF(text).ownedNames == [])
        #expect(owning(text) == text)
    }

    @Test(arguments: 0..<300)
    func `of any file are so after one edit, and another one changes nothing`(seed: UInt64) {
        var numbers = SeededNumbers(seed: seed)
        let pieces: [ByteString] = [
            "a = 1\n", "b=2\n", "c = $a\n", "  continued\n", "# comment\n", "#\n", "\n", " \n",
            "# blueprint\n", "# blueprint: why\n", "# blueprints\n", "a = 3\n", "a\n", "= 4\n",
        ]
        var text: ByteString = ""
        for _ in 0..<Int.random(in: 0..<12, using: &numbers) {
            text += pieces.randomElement(using: &numbers) ?? ""
        }
        let settings = ["a", "b", "d"].filter { _ in Bool.random(using: &numbers) }
            .map { OwnedSetting(ByteString($0), "\(Int.random(in: 1..<4, using: &numbers))") }
        let once = MainCF(text).owning(settings)
        #expect(once.owning(settings).text == once.text)
        for setting in settings { #expect(once.value(of: setting.name) == setting.value) }
        // What is nobody's and not asked for keeps its value; comments keep their number.
        let old = MainCF(text)
        let owned = Set(old.ownedNames)
        for entry in old.entries
        where !owned.contains(entry.name) && !settings.contains(where: { $0.name == entry.name }) {
            #expect(once.value(of: entry.name) == old.value(of: entry.name))
        }
        func count(_ text: ByteString) -> Int {
            text.split { $0 == 0x0A }.count { $0 == "# comment" }
        }
        #expect(count(once.text) == count(text))
    }
}

@Suite struct `Owned services` {
    private let stock: ByteString = """
        # services
        smtp      inet  n       -       y       -       -       smtpd
        # between
        pickup    unix  n       -       y       60      1       pickup
          -o a=b

        """

    private let listener = OwnedService(
        "127.0.0.1:10026", "inet", fields: [.private: "n", .command: "smtpd"], reason: "listens")

    @Test func `are added at the end, and the stock one can be put out of work`() throws {
        let result = try MasterCF(stock).owning(
            [listener], without: [ServicePattern("smtp", "inet")])
        #expect(
            result.text == """
                # services
                #smtp      inet  n       -       y       -       -       smtpd
                # between
                pickup    unix  n       -       y       60      1       pickup
                  -o a=b
                # blueprint: listens
                127.0.0.1:10026 inet n   -       -       -       -       smtpd

                """)
        #expect(
            try result.owning([listener], without: [ServicePattern("smtp", "inet")]).text
                == result.text)
        #expect(try result.owning([], without: []).text == result.text.droppingListener)
    }

    @Test func `keep the fields and options that nobody asks for`() throws {
        let wish = OwnedService("pickup", "unix", fields: [.wakeup: "30", .command: "pickup"])
        let result = try MasterCF(stock).owning([wish], without: [])
        let service = try #require(result.service("pickup", "unix"))
        #expect(service[.wakeup] == "30" && service[.chroot] == "y")
        #expect(service.parameters.map(\.name) == ["a"])
        #expect(result.text.text.hasPrefix("# services\nsmtp      inet"))
    }

    @Test func `have exactly the options that are asked for`() throws {
        let wish = OwnedService(
            "pickup", "unix", fields: [:], options: [MainCF.Assignment("c", "x y")])
        let result = try MasterCF(stock).owning([wish], without: [])
        let service = try #require(result.service("pickup", "unix"))
        #expect(service.parameters.map(\.name) == ["c"])
        #expect(service.parameters.first?.value == "x y")
        #expect(try result.owning([wish], without: []).text == result.text)
    }

    @Test func `leave the mark of the next service where it is when they change`() throws {
        let text: ByteString = """
            a unix - - n - - error
            # blueprint
            b unix - - n - - error

            """
        let both = [
            OwnedService("a", "unix", fields: [.processLimit: "5"]),
            OwnedService("b", "unix", fields: [:]),
        ]
        let result = try MasterCF(text).owning(both, without: [])
        #expect(result.ownedServices == [ServicePattern("b", "unix")])
    }
}

extension ByteString {
    /// Without the last two lines.
    fileprivate var droppingListener: ByteString {
        ByteString(text.split(separator: "\n").dropLast(2).map { "\($0)\n" }.joined())
    }
}
