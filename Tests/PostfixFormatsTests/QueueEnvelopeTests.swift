// What the envelopes of queue files tell, read in pieces of any size.

import Bytes
import PostfixFormats
import Testing

/// A record of any length.
private func record(_ type: ByteString, _ data: ByteString = "") -> [UInt8] {
    var length = data.count
    var bytes = type.bytes
    repeat {
        bytes.append(UInt8(length & 0x7F) | (length > 127 ? 0x80 : 0))
        length >>= 7
    } while length > 0
    return bytes + data.bytes
}

/// A number as cleanup(8) writes it.
private func field(_ number: Int) -> ByteString {
    let text = ByteString("\(number)")
    return ByteString([UInt8](repeating: 0x20, count: 15 - text.count)) + text
}

/// A file of cleanup(8): sizes, envelope, content, what was extracted of it, and the end.
private func file(
    _ envelope: [[UInt8]], content: [UInt8], extracted: [[UInt8]] = []
) -> [UInt8] {
    let sizes = record("C", "\(field(content.count)) \(field(0)) \(field(1))")
    let start = sizes + record("T", "1700000000 5") + envelope.joined()
    return start + record("M") + content + record("X") + extracted.joined() + record("E")
}

/// Reads a file in pieces of so many bytes, or more where it asks for them.
private func envelope(
    of file: [UInt8], pieceBytes: Int = 4096, isNew: Bool = false
) -> QueueEnvelope {
    var reader = QueueEnvelopeReader(fileBytes: file.count, isNew: isNew)
    var offset = 0
    var length = pieceBytes
    while true {
        let piece = Array(file.dropFirst(offset).prefix(length))
        guard case .bytes(let next) = reader.read(piece.span, at: offset),
            next != offset || piece.count == length, next < file.count
        else { return reader.envelope }
        length = next == offset ? length * 2 : pieceBytes
        offset = next
    }
}

@Suite struct `The envelope of a queue file` {
    private let content = record("N", "Subject: R") + record("N", "") + record("N", "S <x@y>")

    @Test(arguments: [1, 2, 3, 7, 16, 100, 4096])
    func `is the same in pieces of any size`(_ pieceBytes: Int) {
        let long = ByteString([UInt8](repeating: 0x78, count: 300))
        let file = file(
            [
                record("A", "log_helo_name=\(long)"), record("S", "a@example.com"),
                record("O", "b"), record("R", "b@example.net"), record("D", "done@example.net"),
                record("R", "\(long)@example.net"),
            ], content: content, extracted: [record("R", "extracted@example.net")])
        let envelope = envelope(of: file, pieceBytes: pieceBytes)
        #expect(envelope.isComplete)
        #expect(envelope.arrivedSeconds == 1_700_000_000)
        #expect(envelope.messageBytes == content.count)
        #expect(envelope.sender == "a@example.com")
        #expect(
            envelope.recipients
                == ["b@example.net", "\(long)@example.net", "extracted@example.net"])
    }

    @Test func `has an empty sender for notices, and none if there is no such record`() {
        #expect(envelope(of: file([record("S")], content: [])).sender == "")
        #expect(envelope(of: file([], content: [])).sender == nil)
    }

    @Test func `takes nothing from the content, whatever that looks like`() {
        let crafted = record("R", "crafted@example.com") + record("E")
        let envelope = envelope(of: file([record("S", "a")], content: crafted))
        #expect(envelope.recipients == [])
        #expect(envelope.isComplete)
    }

    @Test func `goes through the lines of a new message, which has no sizes`() {
        let file =
            record("T", "17 0") + record("S", "a") + record("M") + content + record("X")
            + record("R", "b@example.com") + record("E")
        let new = envelope(of: file, isNew: true)
        #expect(new.recipients == ["b@example.com"] && new.messageBytes == nil)
        // What stands there before cleanup(8) has been at it does not count.
        let preliminary = record("C", field(5)) + file
        #expect(envelope(of: preliminary, isNew: true) == new)
    }

    @Test func `follows pointers, and does not go round in circles`() {
        let start = record("T", "17 0") + record("S", "a")
        let pointerBytes = record("p", field(0)).count
        let appended = record("R", "late@example.com")
        // The last record lies behind the recipient that a filter has appended.
        let end = start.count + pointerBytes
        let there = record("p", field(end + 2)) + record("E")
        let file = start + there + appended + record("p", field(end))
        let whole = envelope(of: file)
        #expect(whole.recipients == ["late@example.com"] && whole.isComplete)

        let circle = start + record("R", "b") + record("p", field(start.count))
        let stopped = envelope(of: circle)
        #expect(!stopped.isComplete)
        #expect(stopped.recipients.count < circle.count)
    }

    @Test func `is not complete if the file is cut off anywhere`() {
        let whole = file(
            [record("S", "a@example.com"), record("R", "b@example.com")], content: content)
        for length in whole.indices {
            #expect(!envelope(of: Array(whole[..<length])).isComplete)
        }
    }

    @Test func `ends where a length is beyond any file`() {
        let damage: [UInt8] = [0x52, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]
        let envelope = envelope(of: record("S", "a") + damage + record("R", "b"))
        #expect(envelope.sender == "a" && envelope.recipients == [])
        let jump = record("C", "\(Int.max)") + record("S", "a") + record("M") + record("E")
        #expect(!PostfixFormatsTests.envelope(of: jump).isComplete)
    }
}

@Suite struct `The log of deferrals of a message` {
    @Test func `tells recipients and reasons, an old form too`() {
        let text = """
            <b@example.com>: old words
            recipient=b@example.com
            offset=300
            status=4.4.1
            reason=connect to mx[192.0.2.1]:25: refused

            <c@example.com>:    since long ago

            recipient=
            reason=nobody

            """
        #expect(
            DeferLog(Array(text.utf8)).recipients == [
                .init(address: "b@example.com", reason: "connect to mx[192.0.2.1]:25: refused"),
                .init(address: "c@example.com", reason: "since long ago"),
                .init(address: "(MAILER-DAEMON)", reason: "nobody"),
            ])
    }

    @Test func `may be empty, damaged, or end early`() {
        #expect(DeferLog([]).recipients == [])
        #expect(DeferLog([0x0A, 0x0A]).recipients == [])
        let cut = DeferLog(Array("recipient=b@example.com\nreas".utf8)).recipients
        #expect(
            cut == [.init(address: "b@example.com", reason: "(description unavailable)")])
    }

    @Test func `has a question mark for each control character, as Postfix shows it`() {
        let text: ByteString = "recipient=b\u{1B}[2J@x\nreason=\u{7}\u{9B}31mred \u{E9}\n\n"
        #expect(
            DeferLog(text.bytes).recipients
                == [.init(address: "b?[2J@x", reason: "?\u{9B}31mred \u{E9}")])
    }
}

/// Bare addresses and their outer forms.
private let quotedAddresses = [
    ("user@example.com", "user@example.com"), ("first.last+tag@e", "first.last+tag@e"),
    ("first last@example.com", #""first last"@example.com"#),
    (#"a"b\c@example.com"#, #""a\"b\\c"@example.com"#), ("a@b@c", #""a@b"@c"#),
    (".dot@example.com", #"".dot"@example.com"#), ("a..b@e", #""a..b"@e"#),
    ("end.@example.com", #""end."@example.com"#), ("@example.com", #"""@example.com"#),
    ("local", "local"), ("jürgen@例え.jp", "jürgen@例え.jp"), ("a!b%c@d", "a!b%c@d"),
    ("@hub:a b@c", #"@hub:"a b"@c"#),
]

@Suite struct `The outer form of an address` {
    @Test(arguments: quotedAddresses)
    func `is quoted where it has to be`(_ bare: String, _ outer: String) {
        #expect(ByteString(bare).outerAddress == ByteString(outer))
    }

    @Test func `has a question mark for each byte that is no text`() {
        #expect(ByteString([0x61, 0xFF, 0xC3, 0x40, 0x62]).outerAddress == "a??@b")
        #expect(("a\u{1B}b@c" as ByteString).outerAddress == #""a?b"@c"#)
        // Longer than needed, half of a pair, beyond the last character.
        for bytes: [UInt8] in [[0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80]] {
            let marks = ByteString([UInt8](repeating: 0x3F, count: bytes.count))
            #expect(ByteString(bytes).postfixPrintable == marks)
        }
    }

    @Test func `has a domain behind its last @`() {
        #expect(("a@b@Example.COM." as ByteString).domainOfAddress == "example.com")
        #expect(("MAILER-DAEMON" as ByteString).domainOfAddress == "")
    }
}
