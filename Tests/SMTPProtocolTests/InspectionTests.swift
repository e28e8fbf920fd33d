// Messages that are inspected before the next hop gets them.

import SMTPProtocol
import TestSupport
import Testing

@Suite struct `An inspected message` {
    private static let content = "a: b\r\n\r\n..\r\n.\r\n"

    private func play(
        _ script: String..., verdict: @escaping @Sendable (Envelope, [UInt8]) -> Verdict?
    ) -> Play {
        var play = Play(policy: .inspecting)
        play.script = script.map { Array($0.utf8) }
        play.verdict = verdict
        return play
    }

    @Test func `that is good passes, with the next hop's reply`() {
        let rehearsal = play(ehlo, envelope, Self.content, envelope, ".\r\n") { _, _ in .pass }
            .runWithEveryCut()
        #expect(rehearsal.codes == [220, 250, 250, 250, 354, 250, 250, 250, 354, 250])
        #expect(
            rehearsal.messages.map(\.content) == [Array(Self.content.utf8), Array(".\r\n".utf8)])
        #expect(rehearsal.inspected == rehearsal.messages.map(\.content))
        #expect(rehearsal.finished.map(\.decision) == [.nextHop, .nextHop])
        #expect(rehearsal.finished.map(\.size) == [Self.content.utf8.count, 3])
        #expect(rehearsal.said.hasSuffix("queued as 2\r\n"))
        #expect(rehearsal.spooled == [])
    }

    @Test func `begins with what inspection puts in front of it`() {
        var rehearsal = Rehearsal(.inspecting)
        rehearsal.prologue = Array("X-Verdict: good\r\n".utf8)
        rehearsal.begin()
        for part in [ehlo, envelope, Self.content] { rehearsal.send(part) }
        #expect(
            rehearsal.messages.map(\.content) == [rehearsal.prologue + Array(Self.content.utf8)])
    }

    @Test func `that is bad gets the verdict, and is none to the next hop`() {
        let bad = "550 5.7.1 Error: bad\r\n"
        let rehearsal = play(ehlo, envelope, Self.content, envelope, "c\r\n.\r\n") { _, content in
            content.count > 10 ? .refuse(OwnReply(550, "5.7.1", "Error: bad")) : .pass
        }.runWithEveryCut()
        #expect(rehearsal.codes == [220, 250, 250, 250, 354, 550, 250, 250, 354, 250])
        #expect(rehearsal.said.contains(bad))
        #expect(rehearsal.messages.map(\.content) == [Array("c\r\n.\r\n".utf8)])
        #expect(rehearsal.finished.map(\.decision) == [.hook, .nextHop])
        #expect(rehearsal.commands().filter { $0 == "RSET" || $0 == "DATA" } == ["RSET", "DATA"])
        #expect(rehearsal.nextHops.count == 1)
    }

    @Test func `that is thrown away is taken from the client alone`() {
        let rehearsal = play(ehlo, envelope, Self.content, "NOOP\r\n") { _, _ in
            .discard(OwnReply(250, "2.0.0", "Ok: discarded"))
        }.runWithEveryCut()
        #expect(rehearsal.codes == [220, 250, 250, 250, 354, 250, 250])
        #expect(rehearsal.messages == [])
        #expect(rehearsal.finished.map(\.decision) == [.hook])
        #expect(rehearsal.finished.map(\.reply) == [Array("250 2.0.0 Ok: discarded".utf8)])
    }

    @Test func `needs a recipient, or is refused in the next hop's words`() {
        let rehearsal = play(ehlo, envelope, "DATA\r\n", "NOOP\r\n") { _, _ in .pass }
            .answered { $0.hasPrefix("RCPT") ? .say("550 5.1.1 No\r\n") : nil }.runWithEveryCut()
        #expect(rehearsal.codes == [220, 250, 250, 550, 554, 554, 250])
        #expect(rehearsal.inspected == [])
    }

    @Test func `that the next hop wants without recipients is none`() {
        let rehearsal = play(ehlo, "DATA\r\n", "NOOP\r\n") { _, _ in .pass }
            .answered { $0 == "DATA" ? .say("354 go\r\n") : nil }.run()
        #expect(rehearsal.codes == [220, 250, 451, 250])
    }

    @Test func `that the next hop refuses at DATA leaves no sender there`() {
        let reply = "451-4.3.0 Not\r\n451 4.3.0 now\r\n"
        let rehearsal = play(ehlo, envelope, "x\r\n.\r\n", "MAIL FROM:<c>\r\n") { _, _ in .pass }
            .answered { $0 == "DATA" ? .say(reply) : nil }.runWithEveryCut()
        #expect(rehearsal.codes == [220, 250, 250, 250, 354, 451, 250])
        #expect(rehearsal.said.contains(reply))
        #expect(rehearsal.finished.map(\.decision) == [.nextHop])
        #expect(rehearsal.commands().suffix(3) == ["DATA", "RSET", "MAIL FROM:<c>"])
        #expect(rehearsal.spooled == [])
    }

    @Test(arguments: ["250 what\r\n", "354\n", "nonsense\r\n", "221 Bye\r\n"])
    func `that the next hop answers with nonsense is not sent`(reply: String) {
        let rehearsal = play(ehlo, envelope, "x\r\n.\r\n", "MAIL FROM:<c>\r\n") { _, _ in .pass }
            .answered { $0 == "DATA" ? .say(reply) : nil }.runWithEveryCut()
        #expect(rehearsal.codes == [220, 250, 250, 250, 354, 451, 250])
        #expect(rehearsal.finished.map(\.decision) == [.nextHopLost])
        #expect(rehearsal.spooled == [])
    }

    @Test func `that the next hop refuses is not followed over the same connection`() {
        // It may have refused before it got all: the rest is on its way.
        let rehearsal = play(ehlo, envelope, "x\r\n.\r\n", envelope, "y\r\n.\r\n") { _, _ in .pass }
            .answered { $0 == "." ? .say("554 5.7.1 No\r\n") : nil }.runWithEveryCut()
        #expect(rehearsal.codes == [220, 250, 250, 250, 354, 554, 250, 250, 354, 554])
        #expect(rehearsal.nextHops.count == 2)
        #expect(rehearsal.finished.map(\.decision) == [.nextHop, .nextHop])
    }

    @Test func `waits for the replies before it`() {
        let play = play(ehlo, envelope + "x\r\n.\r\n") { _, _ in .pass }.answered {
            $0.hasPrefix("RCPT") ? .say("421 4.3.2 Down\r\n") : nil
        }
        // A client that has read the 421 before it says DATA is owed no reply to that.
        let rehearsal = play.run()
        #expect(rehearsal.codes == [220, 250, 250, 421, 451])
        #expect(rehearsal.isClientClosed)
    }

    @Test func `is not passed when the next hop was lost in the meantime`() {
        for verdict in [Verdict.pass, .refuse(OwnReply(550, "5.7.1", "No"))] {
            var rehearsal = play(ehlo, envelope, Self.content) { _, _ in nil }.run()
            #expect(rehearsal.session.wait == .inspection)
            rehearsal.tell { $0.timedOut(isNextHopStuck: false, &$1) }
            rehearsal.send("NOOP\r\n")
            rehearsal.breakNextHop()
            #expect(rehearsal.codes == [220, 250, 250, 250, 354])
            rehearsal.tell { $0.inspected(verdict, &$1) }
            #expect(
                rehearsal.codes == [220, 250, 250, 250, 354, verdict == .pass ? 451 : 550, 250])
            #expect(rehearsal.finished.map(\.decision) == [verdict == .pass ? .nextHopLost : .hook])
            #expect(rehearsal.spooled == [])
            #expect(rehearsal.faults == [])
        }
    }

    @Test func `is not passed when the next hop is lost while it comes`() {
        var rehearsal = play(ehlo, envelope, "x\r\n") { _, _ in .pass }.run()
        rehearsal.nextHopSays("421 4.4.2 Timeout\r\n")
        rehearsal.send("y\r\n.\r\n" + envelope)
        #expect(rehearsal.codes.suffix(5) == [354, 451, 250, 250, 354])
    }

    @Test func `that cannot be spooled is refused for now, and skipped`() {
        var rehearsal = play(ehlo, envelope, "x\r\n") { _, _ in .pass }.run()
        rehearsal.tell { $0.spoolFailed("disk full", &$1) }
        #expect(rehearsal.spooled == [])
        rehearsal.send("NOOP\r\n.\r\n" + envelope)
        #expect(rehearsal.codes.suffix(5) == [354, 452, 250, 250, 354])
        #expect(rehearsal.commands().suffix(3).first == "RSET")
        rehearsal.send("z\r\n.\r\n")
        #expect(rehearsal.messages.map(\.content) == [Array("z\r\n.\r\n".utf8)])
    }

    @Test func `that turns out not to be spooled when it has ended is refused for now`() {
        var rehearsal = play(ehlo, envelope, Self.content) { _, _ in nil }.run()
        rehearsal.tell { $0.spoolFailed("disk full", &$1) }
        #expect(rehearsal.codes.last == 452)
        #expect(rehearsal.commands().last == "RSET")
        #expect(rehearsal.spooled == [])
        rehearsal.tell { $0.inspected(.pass, &$1) }
        rehearsal.send(envelope)
        #expect(rehearsal.codes.suffix(4) == [452, 250, 250, 354])
        #expect(rehearsal.finished.map(\.decision) == [.proxy])
        #expect(rehearsal.messages == [])
        #expect(rehearsal.faults == [])
    }

    @Test(arguments: ["500 5.5.2 What?\r\n", "421 4.3.2 Down\r\n", "300 x\r\n"])
    func `that is refused gets its recipients off the next hop in any case`(reply: String) {
        var rehearsal = play(ehlo, envelope) { _, _ in .refuse(OwnReply(550, "5.7.1", "No")) }
            .answered { $0 == "RSET" ? .say(reply) : nil }.run()
        rehearsal.send("x\r\n.\r\n" + envelope)
        #expect(rehearsal.codes.suffix(4) == [550, 451, 451, 451])
        rehearsal.send("RSET\r\n")
        rehearsal.send(envelope)
        #expect(rehearsal.nextHops.count == 2)
        #expect(!rehearsal.isClientClosed)
        #expect(rehearsal.faults == [])
    }

    @Test func `whose client does not wait for the verdict is followed by what it says`() {
        var rehearsal = play(ehlo, envelope, Self.content + "NOOP\r\n") { _, _ in nil }.run()
        #expect(rehearsal.session.ignoresClient)
        rehearsal.tell { $0.inspected(.pass, &$1) }
        #expect(rehearsal.codes.suffix(2) == [250, 250])
    }

    @Test func `whose client is gone is not passed`() {
        var rehearsal = play(ehlo, envelope, Self.content) { _, _ in nil }.run()
        rehearsal.tell { $0.clientLost(&$1) }
        rehearsal.tell { $0.inspected(.pass, &$1) }
        #expect(rehearsal.messages == [])
        #expect(rehearsal.finished.map(\.decision) == [.clientLost])
        #expect(rehearsal.spooled == [])
    }

    @Test func `that comes while the session drains is the last one`() {
        var rehearsal = play(ehlo, envelope, Self.content) { _, _ in nil }.run()
        rehearsal.tell { $0.drain(&$1) }
        rehearsal.tell { $0.inspected(.pass, &$1) }
        #expect(rehearsal.codes.suffix(2) == [250, 421])
        #expect(rehearsal.messages.count == 1)
        #expect(rehearsal.isClientClosed)
    }
}
