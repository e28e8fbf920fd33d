// Header fields that are put in front of messages: always one field each, whatever is in them.

import SMTPProtocol
import Testing

@testable import FilterProxy

@Suite struct `A header field` {
    @Test(arguments: [
        ("plain", "X: plain\r\n"),
        ("", "X: \r\n"),
        ("a\r\nEvil: b", "X: a Evil: b\r\n"),
        ("a\nEvil: b", "X: a Evil: b\r\n"),
        ("a\rEvil: b\r\n\r\nbody", "X: a Evil: b body\r\n"),
        ("a\u{2028}Evil: b\u{85}c", "X: a Evil: b c\r\n"),
        ("a\r\n\tfolded", "X: a\r\n\tfolded\r\n"),
        ("a\r\n \r\n b\n", "X: a\r\n\tb\r\n"),
        ("\r\n folded", "X: folded\r\n"),
        ("nul\0bell\u{7}del\u{7F}", "X: nul?bell?del?\r\n"),
        ("caf\u{E9}", "X: caf??\r\n"),
    ])
    func `is one field, whatever its value is`(value: String, wire: String) {
        #expect(HeaderField("X", value).wire == wire)
    }

    @Test(arguments: [
        String(repeating: "word ", count: 1000), String(repeating: "x", count: 5000),
        String(repeating: "x\n\t", count: 10_000), String(repeating: "y", count: 100_000),
    ])
    func `has lines and a length that are allowed`(value: String) {
        let wire = HeaderField("X-Name", value).wire
        let lines = wire.split(separator: "\r\n")
        #expect(lines.allSatisfy { $0.utf8.count <= 998 })
        #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("\t") && $0.count > 1 })
        #expect(wire.utf8.count < 20_000 + 3 * lines.count)
        #expect(!wire.dropLast().contains("\r\n\r\n"))
    }

    @Test(arguments: [
        ("X-Filtered", true), ("a", true), ("X_1!", true), ("", false), ("A B", false),
        ("A:", false), ("A\r\nB", false), ("\u{E9}", false),
        (String(repeating: "a", count: 77), false),
    ])
    func `has a name that is one`(name: String, isName: Bool) {
        #expect(HeaderField.isName(name) == isName)
    }
}

@Suite struct `A field template` {
    private let moment = FieldTemplate.Moment(seconds: 1_795_277_100, hostName: "mx.example.com")

    private func wire(_ lines: [String], _ envelope: Envelope = .example) throws -> String {
        FieldTemplate.wire(try lines.map { try FieldTemplate(line: $0) }, envelope, moment)
    }

    @Test func `is filled in, the last one on top`() throws {
        let wire = try wire([
            "X-A: ${queue_id} ${sender} ${helo} ${client_address} ${client_name}",
            "X-B: $ {} ${host_name} ${protocol} ${date}.",
        ])
        #expect(
            wire == "X-B: $ {} mx.example.com ESMTP Sat, 21 Nov 2026 16:05:00 +0000.\r\n"
                + "X-A: 4ABC alice@example.net helo.example.net 203.0.113.77 client.example.net\r\n"
        )
    }

    @Test func `says unknown of what is not told`() throws {
        #expect(
            try wire(["X: ${queue_id} [${sender}] ${client_address}"], Envelope())
                == "X: unknown [] unknown\r\n")
    }

    @Test func `makes the trace field of the protocol`() {
        let wire = FieldTemplate.wire([.trace], .example, moment)
        #expect(
            wire == "Received: from helo.example.net (client.example.net [203.0.113.77]) "
                + "by mx.example.com (postilion-filter) with ESMTP id 4ABC; "
                + "Sat, 21 Nov 2026 16:05:00 +0000\r\n")
    }

    @Test func `lets no client break out of a comment or a field`() throws {
        var envelope = Envelope.example
        envelope.origin.hello = Array("x) by evil;\r\nEvil: \u{E9}\0".utf8)
        envelope.origin.name = Array(repeating: 0x61, count: 5000)
        envelope.sender = Array("\"a\r\nEvil: b\"@example.com".utf8)
        let wire = FieldTemplate.wire([.trace], envelope, moment)
        #expect(wire.hasPrefix("Received: from x??by?evil???Evil:???? ("))
        #expect(wire.split(separator: "\r\n").count == 1)
        #expect(try self.wire(["X: ${sender}"], envelope) == "X: \"a Evil: b\"@example.com\r\n")
    }
}

@Suite struct `A date in a header field` {
    @Test(arguments: [
        (0, "Thu, 1 Jan 1970 00:00:00 +0000"), (951_782_399, "Mon, 28 Feb 2000 23:59:59 +0000"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 +0000"),
        (4_107_542_400, "Mon, 1 Mar 2100 00:00:00 +0000"),
        (1_735_689_599, "Tue, 31 Dec 2024 23:59:59 +0000"),
    ])
    func `is that of the calendar`(seconds: Int, text: String) {
        // As date -u -R says, but for the zero in front of a day of one digit.
        #expect(MailDate.text(seconds) == text)
    }
}

@Suite struct `An encoded word` {
    @Test(arguments: [
        ("plain text", "plain text"), ("", ""), ("\u{E9}", "=?utf-8?q?=C3=A9?="),
        ("a ?\u{FC}=_", "=?utf-8?q?a_=3F=C3=BC=3D=5F?="),
    ])
    func `is used where it must be`(text: String, encoded: String) {
        #expect(EncodedWords.text(text) == encoded)
    }

    @Test func `is never too long, and cuts no character`() {
        let words = EncodedWords.text(String(repeating: "\u{20AC}", count: 100))
            .split(separator: "\n ")
        #expect(words.count == 17)
        #expect(words.allSatisfy { $0.utf8.count <= 75 && $0.hasPrefix("=?utf-8?q?=E2") })
    }
}
