// The client's side of SMTP for a probe, against servers that say yes, no, and nothing.

import Bytes
import Instances
import Rehearsals
import Testing

/// A server that says what it is told to, a reply for each thing that it gets.
private final class ScriptedServer: MailConversation {
    private var replies: [ByteString]
    private(set) var got: [ByteString] = []
    private var waiting: [ByteString] = []

    init(_ replies: ByteString...) {
        self.replies = replies
        waiting = [self.replies.removeFirst()]
    }

    func send(_ text: ByteString) {
        got.append(text)
        if !replies.isEmpty { waiting.append(replies.removeFirst()) }
    }

    func receive() -> [UInt8] { waiting.isEmpty ? [] : waiting.removeFirst().bytes }
}

@Suite struct `A probe by SMTP` {
    private static let probe = Probe(
        name: "one", sender: "a@example.net", recipients: ["b@example.com", "c@example.com"],
        message: .init(headers: ["Subject: mine", "X-Spam: yes"], body: .text(".dot\nend")),
        expectation: .delivered)

    private static var content: ProbeContent {
        ProbeContent(probe, body: nil, time: 1_795_290_000_000_000, number: 7)
    }

    private static func play(_ server: ScriptedServer) -> Submission {
        SMTPDialogue.play(
            server, helo: "client.example.net", sender: probe.sender,
            recipients: probe.recipients, content: content)
    }

    @Test func `is taken for those who are not refused`() {
        let server = ScriptedServer(
            "220 hello\r\n", "250-mx\r\n250 SIZE\r\n", "250 ok\r\n", "250 ok\r\n",
            "550 5.1.1 none\r\n", "354 go\r\n", "250 queued as 1\r\n", "221 bye\r\n")
        let submission = Self.play(server)
        #expect(submission.taken == ["b@example.com"])
        #expect(
            submission.refused == [.init(recipient: "c@example.com", reply: "550 5.1.1 none")])
        #expect(submission.failure == nil)
        #expect(
            server.got.map { String($0.text.prefix(10)) } == [
                "EHLO clien", "MAIL FROM:", "RCPT TO:<b", "RCPT TO:<c", "DATA\r\n", "From: <a@e",
                "QUIT\r\n",
            ])
    }

    @Test func `is refused for all by one word at the end`() {
        let submission = Self.play(
            ScriptedServer(
                "220 hello\r\n", "250 mx\r\n", "250 ok\r\n", "250 ok\r\n", "250 ok\r\n",
                "354 go\r\n", "554 5.7.1 spam\r\n", "221 bye\r\n"))
        #expect(submission.taken == [])
        #expect(submission.refused.map(\.reply) == ["554 5.7.1 spam", "554 5.7.1 spam"])
    }

    @Test(arguments: ["521 go away\r\n", "554-no\r\n554 never\r\n"])
    func `is refused by the greeting`(_ greeting: String) {
        let submission = Self.play(ScriptedServer(ByteString(greeting)))
        #expect(submission.refused.count == 2)
        #expect(submission.failure == nil)
    }

    @Test func `tells where a server fell silent`() {
        let submission = Self.play(ScriptedServer("220 hello\r\n", "250 mx\r\n", "250 ok\r\n"))
        #expect(submission.taken == [])
        #expect(submission.failure == "the connection was closed at RCPT TO:<b@example.com>")
    }

    @Test func `has the fields that it needs, those that were asked for, and stuffed dots`() {
        let text = Self.content.stuffed.text
        #expect(Self.content.messageID == "<probe-7.1795290000000000@postilion.invalid>")
        #expect(text.contains("\r\nMessage-ID: <probe-7.1795290000000000@postilion.invalid>\r\n"))
        #expect(text.hasSuffix("\r\n\r\n..dot\r\nend\r\n.\r\n"))
        #expect(text.contains("\r\nSubject: mine\r\n") && !text.contains("Postilion probe"))
        #expect(text.contains("\r\nDate: 21 Nov 2026 19:40:00 +0000\r\n"))
    }

    @Test(arguments: [0, 1, 71, 72, 73, 10_000])
    func `has a body of the size that was asked for`(_ size: Int) throws {
        var probe = Self.probe
        probe.message.body = .size(bytes: size)
        let text = ProbeContent(probe, body: nil, time: 0, number: 1).text.text
        let body = try #require(
            text.split(separator: "\n\n", maxSplits: 1, omittingEmptySubsequences: false).last)
        #expect(body.utf8.count == size)
        #expect(body.split(separator: "\n").allSatisfy { $0.utf8.count < 72 })
    }
}
