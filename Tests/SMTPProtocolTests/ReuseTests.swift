// Connections to the next hop that a session leaves for the next one.

import SMTPProtocol
import TestSupport
import Testing

@Suite struct `A connection to the next hop that is used again` {
    private static let policy = ProxyPolicy.with { $0.reusesConnections = true }
    private static let message = envelope + "Subject: x\r\n\r\n.\r\n"

    /// A client that sends one message, and the way in which it goes.
    private func first(
        _ ending: String = "QUIT\r\n", policy: ProxyPolicy = policy,
        answer: @escaping @Sendable (String) -> ScriptedNextHop.Answer? = { _ in nil }
    ) -> Rehearsal {
        var rehearsal = Rehearsal(policy)
        rehearsal.connect = { _ in ScriptedNextHop(answer: answer) }
        rehearsal.begin()
        rehearsal.send(ehlo)
        rehearsal.send(Self.message + ending)
        return rehearsal
    }

    @Test func `serves the next client from its greeting on`() {
        var rehearsal = first()
        #expect(rehearsal.codes == [220, 250, 250, 250, 354, 250, 221])
        #expect(rehearsal.isAfterQuit)
        rehearsal.beginAgain()
        #expect(rehearsal.said == "220 output.example ESMTP\r\n")
        rehearsal.send("EHLO second.example\r\n")
        rehearsal.send(Self.message + "QUIT\r\n")
        #expect(rehearsal.codes == [220, 250, 250, 250, 354, 250, 221])
        #expect(rehearsal.nextHops.count == 1)
        #expect(rehearsal.commands().first == "EHLO second.example")
        #expect(rehearsal.finished.map(\.envelope.hello) == [Array("second.example".utf8)])
        #expect(rehearsal.rested != nil)
        #expect(rehearsal.faults == [])
    }

    @Test func `is left by a client that goes without a word, or before its turn`() {
        var gone = first("")
        gone.tell { $0.clientLost(&$1) }
        #expect(gone.rested != nil)
        var waiting = Rehearsal(Self.policy)
        waiting.begin()
        waiting.send(ehlo)
        waiting.send(envelope)
        waiting.holdsReplies = true
        waiting.send(".\r\nQUIT\r\n")
        #expect(waiting.rested == nil)
        waiting.releaseReplies()
        #expect(waiting.codes.suffix(2) == [250, 221])
        #expect(waiting.rested != nil)
    }

    @Test func `goes through one that says nothing`() {
        var rehearsal = first()
        for ending in ["", "QUIT\r\n", "RSET\r\nFOO\r\nQUIT\r\n"] {
            rehearsal.beginAgain()
            rehearsal.send(ending)
            if ending.isEmpty { rehearsal.tell { $0.clientLost(&$1) } }
            #expect(rehearsal.commands() == [])
            #expect(rehearsal.rested != nil)
        }
        #expect(rehearsal.codes == [220, 250, 502, 221])
    }

    @Test(arguments: [
        "NOOP\r\nQUIT\r\n", "RSET\r\nQUIT\r\n", "XFORWARD NAME=x\r\nQUIT\r\n",
        "MAIL FROM:<a>\r\nQUIT\r\n", "EHLO again\r\nQUIT\r\n", "VRFY x\r\n.\r\nQUIT\r\n",
    ])
    func `is not one that was told anything since its last message`(ending: String) {
        let rehearsal = first(ending)
        #expect(rehearsal.rested == nil)
        #expect(rehearsal.codes.last == 221)
        #expect(rehearsal.commands().last == "QUIT")
        #expect(rehearsal.faults == [])
    }

    @Test(arguments: [".", "MAIL", "RCPT", "DATA"])
    func `is not one that has refused the last message`(refused: String) {
        let rehearsal = first { command in
            command.hasPrefix(refused) ? .say("450 4.0.0 Not now\r\n") : nil
        }
        #expect(rehearsal.rested == nil)
        #expect(!rehearsal.isConnected)
    }

    @Test func `is none where that is not wanted`() {
        let rehearsal = first(policy: ProxyPolicy())
        #expect(rehearsal.rested == nil)
        #expect(rehearsal.commands().last == "QUIT")
    }

    @Test func `is not used by a client that does not introduce itself`() {
        var rehearsal = first()
        rehearsal.beginAgain()
        rehearsal.send("MAIL FROM:<a>\r\n")
        #expect(rehearsal.nextHops.map(\.commands) == [[], ["MAIL FROM:<a>"]])
        #expect(rehearsal.rested != nil)
        #expect(rehearsal.codes == [220, 250])
    }

    @Test func `may have been closed before the next client has said anything`() {
        var rehearsal = first()
        rehearsal.beginAgain()
        rehearsal.breakNextHop()
        rehearsal.send("EHLO second.example\r\n")
        rehearsal.send(Self.message)
        #expect(rehearsal.codes == [220, 250, 250, 250, 354, 250])
        #expect(rehearsal.nextHops.count == 2)
        #expect(rehearsal.commands(1).first == "EHLO second.example")
    }

    @Test(arguments: [
        ScriptedNextHop.Answer.close, .sayThenClose("421 4.4.2 Timeout exceeded\r\n"),
        .say("nonsense\r\n"),
    ])
    func `may fail at the introduction, which is said again elsewhere`(
        failure: ScriptedNextHop.Answer
    ) {
        for hello in ["EHLO second.example", "HELO second.example"] {
            var rehearsal = first { $0.hasSuffix("second.example") ? failure : nil }
            rehearsal.connect = { _ in ScriptedNextHop() }
            rehearsal.beginAgain()
            rehearsal.send("\(hello)\r\n")
            rehearsal.send("MAIL FROM:<a>\r\n")
            #expect(rehearsal.codes == [220, 250, 250])
            #expect(rehearsal.nextHops.map(\.commands) == [[hello], [hello, "MAIL FROM:<a>"]])
            #expect(rehearsal.faults == [])
        }
    }

    @Test func `may fail for good`() {
        for greeting in [nil, "554 5.3.2 No\r\n", "421 4.3.2 Busy\r\n"] {
            var rehearsal = first { $0.hasSuffix("second.example") ? .close : nil }
            rehearsal.connect = { _ in
                greeting.map {
                    var nextHop = ScriptedNextHop()
                    nextHop.greeting = .say($0)
                    return nextHop
                }
            }
            rehearsal.beginAgain()
            rehearsal.send("EHLO second.example\r\n")
            #expect(rehearsal.codes == [220, 451])
            #expect(!rehearsal.isConnected)
            rehearsal.connect = { _ in ScriptedNextHop() }
            rehearsal.send("EHLO third.example\r\n")
            #expect(rehearsal.codes == [220, 451, 250])
            #expect(rehearsal.commands(2) == ["EHLO third.example"])
            #expect(rehearsal.faults == [])
        }
    }

    @Test func `may be refused, as any other`() {
        var rehearsal = first { $0.hasSuffix("second.example") ? .say("550 5.7.1 No\r\n") : nil }
        rehearsal.beginAgain()
        rehearsal.send("EHLO second.example\r\nMAIL FROM:<a>\r\n")
        #expect(rehearsal.codes == [220, 550, 250])
        #expect(rehearsal.nextHops.count == 1)
    }

    @Test func `is replaced in time, or not at all`() {
        var rehearsal = first { $0.hasSuffix("second.example") ? .close : nil }
        rehearsal.connect = { _ in
            var nextHop = ScriptedNextHop()
            nextHop.greeting = .silence
            return nextHop
        }
        rehearsal.beginAgain()
        rehearsal.send("EHLO second.example\r\n")
        #expect(rehearsal.session.wait == .greeting)
        rehearsal.tell { $0.timedOut(isNextHopStuck: false, &$1) }
        #expect(rehearsal.codes == [220, 451])
        #expect(rehearsal.faults == [])
    }

    @Test func `ends with a server that stops`() {
        var rehearsal = first()
        rehearsal.beginAgain()
        rehearsal.tell { $0.drain(&$1) }
        #expect(rehearsal.codes == [220, 421])
        #expect(rehearsal.isClientClosed)
        #expect(rehearsal.faults == [])
    }
}
