// A connection in place of one that was lost.

import SMTPProtocol
import TestSupport
import Testing

@Suite struct `A new connection to the next hop` {
    /// A session whose first connection was lost between messages.
    private func afterLoss(
        _ hello: String = ehlo, _ second: @escaping @Sendable () -> ScriptedNextHop?
    ) -> Rehearsal {
        var rehearsal = Rehearsal(ProxyPolicy())
        rehearsal.connect = { $0 == 0 ? ScriptedNextHop() : second() }
        rehearsal.begin()
        rehearsal.send(hello)
        rehearsal.breakNextHop()
        return rehearsal
    }

    @Test func `is made when the client needs it, and introduces the client`() {
        for hello in ["EHLO client.example\r\n", "helo x\r\n"] {
            var rehearsal = afterLoss(hello) { ScriptedNextHop() }
            #expect(rehearsal.nextHops.count == 1)
            rehearsal.send("MAIL FROM:<a>\r\nRCPT TO:<b>\r\n")
            #expect(rehearsal.codes == [220, 250, 250, 250])
            #expect(
                rehearsal.commands(1) == [String(hello.dropLast()), "MAIL FROM:<a>", "RCPT TO:<b>"])
        }
    }

    @Test func `introduces nobody who has not said who he is`() {
        var rehearsal = afterLoss("NOOP\r\n") { ScriptedNextHop() }
        rehearsal.send("VRFY x\r\n")
        #expect(rehearsal.commands(1) == ["VRFY x"])
    }

    @Test func `introduces nobody who does so himself`() {
        var rehearsal = afterLoss {
            var nextHop = ScriptedNextHop()
            nextHop.keywords = ["DSN"]
            return nextHop
        }
        rehearsal.send("EHLO again\r\n")
        #expect(rehearsal.commands(1) == ["EHLO again"])
        #expect(rehearsal.said.hasSuffix("250-output.example\r\n250 DSN\r\n"))
    }

    @Test func `that offers less than the client was told is not used`() {
        var rehearsal = afterLoss {
            var nextHop = ScriptedNextHop()
            nextHop.keywords.removeAll { $0 == "DSN" }
            return nextHop
        }
        rehearsal.send("MAIL FROM:<a> RET=FULL\r\nRCPT TO:<b>\r\nDATA\r\nRSET\r\n")
        #expect(rehearsal.codes == [220, 250, 451, 451, 451, 250])
        #expect(!rehearsal.nextHops.flatMap(\.commands).contains { $0.hasPrefix("MAIL") })
        #expect(rehearsal.faults == [])
    }

    @Test func `that offers more than before is used`() {
        var rehearsal = afterLoss {
            var nextHop = ScriptedNextHop()
            nextHop.keywords.append("LIMITS")
            return nextHop
        }
        rehearsal.send("MAIL FROM:<a>\r\n")
        #expect(rehearsal.codes.last == 250)
    }

    @Test(arguments: ["554 5.7.1 Go away\r\n", "421 4.3.2 Busy\r\n", "nonsense\r\n"])
    func `that is not wanted by the next hop fails for now, and is tried again`(greeting: String) {
        var rehearsal = afterLoss {
            var nextHop = ScriptedNextHop()
            nextHop.greeting = .say(greeting)
            return nextHop
        }
        rehearsal.send("MAIL FROM:<a>\r\n")
        #expect(rehearsal.codes == [220, 250, 451])
        #expect(rehearsal.nextHops.count == 2)
        rehearsal.send("MAIL FROM:<a>\r\n")
        #expect(rehearsal.codes == [220, 250, 451, 451])
        #expect(rehearsal.nextHops.count == 3)
        #expect(!rehearsal.isClientClosed)
        #expect(rehearsal.faults == [])
    }

    @Test func `that cannot be made fails for now, and is tried again for each command`() {
        var rehearsal = afterLoss { nil }
        rehearsal.send("NOOP\r\nMAIL FROM:<a>\r\nRCPT TO:<b>\r\nDATA\r\nRSET\r\nMAIL FROM:<a>\r\n")
        #expect(rehearsal.codes == [220, 250, 451, 451, 451, 451, 250, 451])
        #expect(rehearsal.nextHops.count == 4)
        rehearsal.connect = { _ in ScriptedNextHop() }
        rehearsal.send("RSET\r\nMAIL FROM:<a>\r\n")
        #expect(rehearsal.codes.suffix(2) == [250, 250])
    }

    @Test func `that does not greet in time fails for now`() {
        var rehearsal = afterLoss {
            var nextHop = ScriptedNextHop()
            nextHop.greeting = .silence
            return nextHop
        }
        rehearsal.send("MAIL FROM:<a>\r\n")
        #expect(rehearsal.session.wait == .greeting)
        rehearsal.tell { $0.timedOut(isNextHopStuck: false, &$1) }
        #expect(rehearsal.codes == [220, 250, 451])
    }

    @Test func `gets no message whose origin went over the one before`() {
        for told in ["XFORWARD NAME=x\r\n", "XFORWARD NAME=[UNAVAILABLE]\r\n"] {
            var rehearsal = afterLoss { ScriptedNextHop() }
            rehearsal.send("NOOP\r\n" + told)
            rehearsal.breakNextHop()
            rehearsal.send("XFORWARD IDENT=1\r\nMAIL FROM:<a>\r\nRCPT TO:<b>\r\nDATA\r\n")
            #expect(rehearsal.codes.suffix(4) == [451, 451, 451, 451])
            rehearsal.send("XFORWARD IDENT=2\r\nMAIL FROM:<a>\r\nRCPT TO:<b>\r\nDATA\r\n")
            rehearsal.send(".\r\n")
            #expect(rehearsal.codes.suffix(5) == [250, 250, 250, 354, 250])
            #expect(rehearsal.messages.map(\.origin) == [["XFORWARD IDENT=2"]])
            #expect(rehearsal.finished.map(\.envelope.origin.name) == [[]])
        }
    }

    @Test func `gets no message whose origin could not be told`() {
        var rehearsal = afterLoss { nil }
        rehearsal.send("XFORWARD NAME=x\r\n")
        rehearsal.connect = { _ in ScriptedNextHop() }
        rehearsal.send("MAIL FROM:<a>\r\n")
        #expect(rehearsal.codes == [220, 250, 451, 451])
    }

    @Test func `is not made to say goodbye`() {
        var rehearsal = afterLoss { ScriptedNextHop() }
        rehearsal.send("QUIT\r\n")
        #expect(rehearsal.codes == [220, 250, 221])
        #expect(rehearsal.isAfterQuit)
        #expect(rehearsal.isClientClosed)
        #expect(rehearsal.nextHops.count == 1)
    }
}
