// How much the proxy takes.

import SMTPProtocol
import TestSupport
import Testing

@Suite struct `Limits` {
    private func line(_ length: Int) -> String {
        "NOOP " + String(repeating: "x", count: length - 7) + "\r\n"
    }

    @Test func `of command lines are exact`() {
        let policy = ProxyPolicy.with { $0.commandLineLimit = 30 }
        let rehearsal = Play(
            ehlo, line(30), line(31), line(29), line(100), line(30), policy: policy
        )
        .runWithEveryCut(ofClientAlone: true)
        #expect(rehearsal.codes == [220, 250, 250, 500, 250, 500, 250])
        #expect(rehearsal.commands().count == 4)
    }

    @Test func `of command lines bound what is kept`() {
        var rehearsal = Rehearsal(ProxyPolicy())
        rehearsal.begin()
        for _ in 0..<10_000 {
            rehearsal.send("xxxxxxxxxx")
            #expect(rehearsal.unread.count < 4096)
        }
        #expect(rehearsal.codes == [220, 500])
    }

    @Test func `of lines in messages refuse the message and no more`() {
        let policy = ProxyPolicy.with { $0.contentLineLimit = 5 }
        let rehearsal = Play(
            ehlo, envelope, "12345\r\n.\r\n", envelope, "1\r\n123456\r\n\r\n.\r\n", "NOOP\r\n",
            policy: policy
        ).runWithEveryCut(ofClientAlone: true)
        #expect(rehearsal.codes == [220, 250, 250, 250, 354, 250, 250, 250, 354, 550, 250])
        #expect(rehearsal.messages.count == 1)
    }

    @Test(arguments: [ProxyPolicy.Passage.stream, .inspect])
    func `of size count what RFC 1870 counts, and are exact`(passage: ProxyPolicy.Passage) {
        let policy = ProxyPolicy.with {
            $0.messageSizeLimit = 8
            $0.passage = passage
        }
        for (content, isTaken) in [
            ("123456\r\n", true), ("1234567\r\n", false), ("..23456\r\n", true),
            ("..234567\r\n", false),
            ("..\r\n..23\r\n", true), ("", true), ("..\r\n..\r\n..\r\n", false),
            ("1\r\n2\r\n\r\n", true),
        ] {
            let rehearsal = Play(
                ehlo, envelope, content + ".\r\n", envelope, ".\r\n", policy: policy
            ).runWithEveryCut(ofClientAlone: true)
            #expect(
                rehearsal.codes
                    == [220, 250, 250, 250, 354, isTaken ? 250 : 552, 250, 250, 354, 250])
            #expect(rehearsal.messages.count == (isTaken ? 2 : 1))
            #expect(rehearsal.finished.first?.size == content.utf8.count + 3)
        }
    }

    @Test func `of errors end the session`() {
        let policy = ProxyPolicy.with { $0.errorLimit = 3 }
        let rehearsal = Play(ehlo, "FOO\r\nFOO\n", "NOOP\r\nFOO\r\nNOOP\r\n", policy: policy)
            .runWithEveryCut(ofClientAlone: true)
        #expect(rehearsal.codes == [220, 250, 502, 500, 250, 502, 421])
        #expect(rehearsal.isClientClosed)
        #expect(!rehearsal.isAfterQuit)
        #expect(rehearsal.commands() == ["EHLO client.example", "NOOP", "QUIT"])
    }

    @Test func `of errors are told in turn, and nothing behind them is done`() {
        var rehearsal = Rehearsal(.with { $0.errorLimit = 2 })
        rehearsal.begin()
        rehearsal.send(ehlo)
        rehearsal.holdsReplies = true
        rehearsal.send("MAIL FROM:<a>\r\nFOO\r\nRCPT TO:<b>\r\nFOO\r\nRCPT TO:<c>\r\n")
        #expect(rehearsal.codes == [220, 250])
        rehearsal.releaseReplies()
        #expect(rehearsal.codes == [220, 250, 250, 502, 250, 502, 421])
        #expect(rehearsal.isClientClosed)
        #expect(!rehearsal.commands().contains("RCPT TO:<c>"))
    }

    @Test func `of errors begin anew with each accepted message`() {
        let policy = ProxyPolicy.with { $0.errorLimit = 2 }
        let rehearsal = Play(
            ehlo, "FOO\r\n" + envelope, ".\r\n", "FOO\r\n" + envelope, ".\r\n", "FOO\r\n",
            policy: policy
        ).runWithEveryCut(ofClientAlone: true)
        #expect(!rehearsal.isClientClosed)
    }
}
