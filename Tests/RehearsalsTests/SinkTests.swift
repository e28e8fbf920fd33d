// What mail servers of the outside say and keep, whichever way the bytes come in pieces.

import Bytes
import Instances
import Rehearsals
import Testing

@Suite struct `A mail server of the outside` {
    private static func session(_ rules: SinkRules = SinkRules()) -> SinkSession {
        SinkSession(
            name: "mx.example.net", address: .anyIPv4, port: 25, client: .anyIPv4, rules: rules)
    }

    private static let dialogue: ByteString = """
        EHLO mail.example.com\r
        MAIL FROM:<alice@example.com> SIZE=100\r
        RCPT TO:<bob@example.net>\r
        RCPT TO:<carol@example.org>\r
        DATA\r
        Subject: one\r
        Message-ID: <1@example.com>\r
        \r
        body\r
        ..\r
        .\r
        QUIT\r

        """

    /// All actions, and what was sent as one text.
    private static func play(
        _ session: SinkSession, _ pieces: [[UInt8]]
    ) -> (sent: [String], recorded: [SinkTransaction], isClosed: Bool) {
        var session = session
        var sent: [String] = []
        var recorded: [SinkTransaction] = []
        var isClosed = false
        for piece in pieces {
            for action in session.take(piece) {
                switch action {
                case .send(let text): sent.append(String(text.text.prefix(3)))
                case .record(let transaction): recorded.append(transaction)
                case .close: isClosed = true
                }
            }
        }
        return (sent, recorded, isClosed)
    }

    @Test func `takes a message and keeps its envelope and header`() throws {
        let played = Self.play(Self.session(), [Self.dialogue.bytes])
        #expect(played.sent == ["250", "250", "250", "250", "354", "250", "221"])
        #expect(played.isClosed)
        let taken = try #require(played.recorded.first)
        #expect(played.recorded.count == 1)
        #expect(taken.helo == "mail.example.com")
        #expect(taken.sender == "alice@example.com")
        #expect(taken.recipients == ["bob@example.net", "carol@example.org"])
        #expect(taken.header == "Subject: one\nMessage-ID: <1@example.com>\n")
        #expect(taken.messageID == "<1@example.com>")
    }

    @Test func `says and keeps the same of bytes that come one by one`() {
        let whole = Self.play(Self.session(), [Self.dialogue.bytes])
        let single = Self.play(Self.session(), Self.dialogue.bytes.map { [$0] })
        #expect(single.sent == whole.sent)
        #expect(single.recorded == whole.recorded)
    }

    @Test func `answers LMTP for each recipient`() {
        let text = ByteString(Self.dialogue.text.replacing("EHLO", with: "LHLO"))
        let played = Self.play(Self.session(), [text.bytes])
        #expect(played.sent == ["250", "250", "250", "250", "354", "250", "250", "221"])
    }

    @Test func `refuses and defers by the rules`() {
        let rules = SinkRules(deferred: ["example.ORG"], rejected: ["example.net"])
        let played = Self.play(Self.session(rules), [Self.dialogue.bytes])
        #expect(played.sent.prefix(5) == ["250", "250", "550", "451", "554"])
        #expect(played.recorded == [])
    }

    @Test func `has no TLS`() {
        let played = Self.play(Self.session(), [[0x16, 3, 1, 0, 10]])
        #expect(played.isClosed && played.sent == [])
    }
}
