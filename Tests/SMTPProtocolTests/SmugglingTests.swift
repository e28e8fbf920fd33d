// Only CR LF ends a line: what other line ends could smuggle never gets through.

import SMTPProtocol
import TestSupport
import Testing

@Suite struct `Nothing is smuggled` {
    /// Ways to end a message that are none, each with a whole second message behind it.
    static let ends = [
        "\n.\n", "\n.\r\n", "\r.\r", "\r\n.\n", "\r.\r\n", "\r\r\n.\r\r\n", "\r\n.\r", "\n.\r",
        "\r\n.\r\r\n", "\r\0\n.\r\n", "\r\n.\0\n", "\r\n\n.\r\n", "\r.\n", "\n\r.\r\n",
    ]

    @Test(arguments: ends, [ProxyPolicy.Passage.stream, .inspect])
    func `by a line end in a message that is none`(end: String, passage: ProxyPolicy.Passage) {
        let smuggled = "MAIL FROM:<x>\r\nRCPT TO:<y>\r\nDATA\r\nz"
        let policy = ProxyPolicy.with { $0.passage = passage }
        let rehearsal = Play(
            ehlo, envelope, "a\(end)\(smuggled)\r\n.\r\n", envelope, "b\r\n.\r\n", policy: policy
        ).runWithEveryCut(ofClientAlone: true)
        #expect(rehearsal.codes == [220, 250, 250, 250, 354, 550, 250, 250, 354, 250])
        #expect(rehearsal.messages.map(\.content) == [Array("b\r\n.\r\n".utf8)])
        #expect(rehearsal.finished.map(\.decision) == [.proxy, .nextHop])
        let commands = rehearsal.nextHops.flatMap(\.commands)
        #expect(!commands.contains("MAIL FROM:<x>"))
        #expect(rehearsal.nextHops.allSatisfy { !$0.hasBareLineEnd })
    }

    @Test func `by a carriage return in front of a line end, behind which the message may end`() {
        let rehearsal = Play(ehlo, envelope, "a\r\r\n.\r\nNOOP\r\n").runWithEveryCut(
            ofClientAlone: true)
        #expect(rehearsal.codes == [220, 250, 250, 250, 354, 550, 250])
        #expect(rehearsal.messages == [])
    }

    @Test(arguments: [
        ("NOOP\n", [500]), ("NOOP\r", []), ("NOOP\rQUIT\r\n", [500]), ("NOOP\r\r\n", [500]),
        ("\nNOOP\r\n", [500, 250]), ("NO\0OP\r\n", [500]), ("NOOP\nQUIT\n", [500, 500]),
        ("RCPT TO:<a\r>\r\n", [500]), ("MAIL FROM:<a>\nRCPT TO:<b>\r\n", [500, 503]),
    ])
    func `by a line end in commands that is none`(command: String, codes: [Int]) {
        let rehearsal = Play(ehlo, command).runWithEveryCut(ofClientAlone: true)
        #expect(rehearsal.codes == [220, 250] + codes)
        #expect(rehearsal.nextHops.allSatisfy { !$0.hasBareLineEnd })
    }

    @Test func `by a message that is refused and never ends`() {
        var rehearsal = Play(ehlo, envelope, "a\nb").run()
        rehearsal.tell { $0.clientLost(&$1) }
        #expect(rehearsal.messages == [])
        #expect(!rehearsal.isConnected)
        #expect(rehearsal.finished.map(\.decision) == [.clientLost])
    }
}
