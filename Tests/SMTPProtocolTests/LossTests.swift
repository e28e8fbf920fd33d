// The next hop is down, goes away, or says what it should not.

import SMTPProtocol
import TestSupport
import Testing

@Suite struct `A next hop` {
    @Test func `that is down at the beginning ends the session for now`() {
        var play = Play(ehlo)
        play.connect = { _ in nil }
        let rehearsal = play.run()
        #expect(rehearsal.said == "421 4.4.1 Error: next hop: Connection refused\r\n")
        #expect(rehearsal.isClientClosed)
        #expect(rehearsal.faults == [])
    }

    @Test(arguments: [
        ScriptedNextHop.Answer.close, .sayThenClose("220-half\r\n"), .sayThenClose("what\r\n"),
        .sayThenClose("22"),
    ])
    func `that does not greet ends the session for now`(greeting: ScriptedNextHop.Answer) {
        var play = Play(ehlo)
        play.connect = { _ in
            var nextHop = ScriptedNextHop()
            nextHop.greeting = greeting
            return nextHop
        }
        let rehearsal = play.runWithEveryCut()
        #expect(rehearsal.codes == [421])
        #expect(rehearsal.isClientClosed)
    }

    /// Sends a message as a client does that minds the replies; returns the last one's code.
    private func sendMessage(_ rehearsal: inout Rehearsal) -> Int? {
        rehearsal.send(
            "XFORWARD IDENT=1\r\nMAIL FROM:<a>\r\nRCPT TO:<b>\r\nRCPT TO:<c>\r\nDATA\r\n")
        if rehearsal.codes.last == 354 { rehearsal.send("x\r\n..\r\n.\r\n") }
        return rehearsal.codes.last
    }

    @Test(arguments: [ProxyPolicy.Passage.stream, .inspect])
    func `that goes away at any byte loses nothing and leaves a session`(
        passage: ProxyPolicy.Passage
    ) {
        var whole = Play(ehlo).run()
        #expect(sendMessage(&whole) == 250)
        for limit in 1...whole.nextHops[0].received.count {
            var rehearsal = Rehearsal(.with { $0.passage = passage })
            rehearsal.connect = { number in
                var nextHop = ScriptedNextHop()
                if number == 0 { nextHop.byteLimit = limit }
                return nextHop
            }
            rehearsal.begin()
            rehearsal.send(ehlo)
            let introduced = rehearsal.codes.last == 250
            #expect(introduced || rehearsal.codes.last == 451)
            if !introduced { rehearsal.send(ehlo) }
            let code = sendMessage(&rehearsal)
            #expect(code == (introduced ? 451 : 250), "closed after \(limit) bytes")
            let replies = introduced ? 2 : 3
            #expect([replies + 5, replies + 6].contains(rehearsal.codes.count))

            rehearsal.send("RSET\r\n")
            #expect(rehearsal.codes.last == 250)
            #expect(sendMessage(&rehearsal) == 250, "closed after \(limit) bytes")
            let last = rehearsal.messages.last
            #expect(last?.origin == ["XFORWARD IDENT=1"])
            #expect(last?.recipients == ["RCPT TO:<b>", "RCPT TO:<c>"])
            #expect(rehearsal.messages.allSatisfy { $0.content == Array("x\r\n..\r\n.\r\n".utf8) })
            #expect(rehearsal.faults == [])
            #expect(!rehearsal.isClientClosed)
        }
    }

    @Test func `that goes away owes a reply to each command`() {
        let rehearsal = Play(ehlo, "MAIL FROM:<a>\r\nRCPT TO:<b>\r\nRCPT TO:<c>\r\nRCPT TO:<d>\r\n")
            .answered { $0 == "RCPT TO:<c>" ? .close : nil }.runWithEveryCut()
        #expect(rehearsal.codes == [220, 250, 250, 250, 451, 451])
    }

    @Test(arguments: [
        "250 ok\n", "25 ok\r\n", "2500 ok\r\n", "250_ok\r\n", "hello\r\n", "\r\n", "150 ok\r\n",
        "600 ok\r\n",
        "250-a\r\n251 b\r\n", "250-a\r\nb\r\n", "354 what\r\n", "300 what\r\n",
    ])
    func `that says nonsense is not spoken to any more`(reply: String) {
        let rehearsal = Play(ehlo, "NOOP\r\nRSET\r\n")
            .answered { $0 == "NOOP" ? .say(reply) : nil }.runWithEveryCut()
        #expect(rehearsal.codes == [220, 250, 451, 250])
        #expect(!rehearsal.isConnected)
    }

    @Test(arguments: ["250 ok\r\n", "354\r\n354 go\r\n", "220 hello\r\n", "354 a\n"])
    func `that answers DATA with nonsense gets no message`(reply: String) {
        let rehearsal = Play(ehlo, envelope).answered { $0 == "DATA" ? .say(reply) : nil }.run()
        let isWanted = reply.hasPrefix("354\r\n")
        #expect(rehearsal.codes == [220, 250, 250, 250] + (isWanted ? [354] : [451]))
        #expect(rehearsal.messages == [])
    }

    @Test(arguments: ["354 more\r\n", "300 a\r\n", "25\r\n"])
    func `that answers a message with nonsense has not taken it`(reply: String) {
        let rehearsal = Play(ehlo, envelope, "x\r\n.\r\n").answered {
            $0 == "." ? .say(reply) : nil
        }
        .runWithEveryCut()
        #expect(rehearsal.codes == [220, 250, 250, 250, 354, 451])
        #expect(rehearsal.finished.map(\.decision) == [.nextHopLost])
    }

    @Test func `that talks without end is not listened to`() {
        var rehearsal = Rehearsal(ProxyPolicy())
        rehearsal.connect = { _ in ScriptedNextHop { $0 == "NOOP" ? .silence : nil } }
        rehearsal.begin()
        rehearsal.send("NOOP\r\n")
        for _ in 0..<100 { rehearsal.nextHopSays(String(repeating: "250-xxxxxxx\r\n", count: 100)) }
        #expect(rehearsal.codes == [220, 451])
        #expect(!rehearsal.isConnected)
    }

    @Test func `that refuses a message early gets none of the rest`() {
        for reply in ["552 5.3.4 Too big\r\n", "451-4.3.0 a\r\n451 4.3.0 b\r\n"] {
            var rehearsal = Rehearsal(ProxyPolicy())
            rehearsal.begin()
            rehearsal.send(ehlo)
            rehearsal.send(envelope)
            rehearsal.send("one\r\n")
            rehearsal.nextHopSays(reply)
            #expect(!rehearsal.isConnected)
            #expect(rehearsal.codes.last == 354)
            rehearsal.send("two\r\n.\r\nMAIL FROM:<a>\r\n")
            #expect(rehearsal.said.hasSuffix(reply + "250 2.0.0 Ok\r\n"))
            #expect(rehearsal.finished.map(\.decision) == [.nextHop])
            #expect(rehearsal.messages == [])
            #expect(rehearsal.commands(1) == ["EHLO client.example", "MAIL FROM:<a>"])
        }
    }

    @Test func `that accepts a message early has not`() {
        var rehearsal = Play(ehlo, envelope, "one\r\n").run()
        rehearsal.nextHopSays("250 2.0.0 Ok\r\n")
        rehearsal.send("two\r\n.\r\n")
        #expect(rehearsal.codes.last == 451)
        #expect(rehearsal.finished.map(\.decision) == [.nextHopLost])
    }

    @Test func `that says 421 ends the session with it`() {
        let last = "421-4.3.2 Shutting\r\n421 4.3.2 down\r\n"
        for line in ["EHLO client.example", "MAIL FROM:<a@client.example>", "DATA", "."] {
            for answer in [ScriptedNextHop.Answer.say(last), .sayThenClose(last)] {
                let rehearsal = Play(ehlo, envelope, "x\r\n.\r\n")
                    .answered { $0 == line ? answer : nil }.run()
                #expect(rehearsal.isClientClosed)
                #expect(rehearsal.said.contains(last))
                #expect(!rehearsal.codes.suffix(while: { $0 != 421 }).contains { $0 < 400 })
                #expect(rehearsal.faults == [])
            }
        }
    }

    @Test func `that says 421 in a message ends the session behind it`() {
        var rehearsal = Play(ehlo, envelope, "x\r\n").run()
        rehearsal.nextHopSays("421 4.4.2 Timeout\r\n")
        #expect(rehearsal.codes.last == 354)
        rehearsal.send("y\r\n.\r\nNOOP\r\n")
        #expect(rehearsal.said.hasSuffix("\r\n421 4.4.2 Timeout\r\n"))
        #expect(rehearsal.isClientClosed)
    }

    @Test func `that says 421 while nothing is asked is replaced when it is needed`() {
        for isBegun in [true, false] {
            var rehearsal = Play(ehlo, isBegun ? "MAIL FROM:<a>\r\n" : "NOOP\r\n").run()
            rehearsal.nextHopSays("421 4.4.2 Timeout\r\n")
            #expect(!rehearsal.isConnected)
            rehearsal.send("RCPT TO:<b>\r\n")
            #expect(rehearsal.codes.last == (isBegun ? 451 : 503))
            rehearsal.send("RSET\r\nNOOP\r\n")
            #expect(rehearsal.codes.suffix(2) == [250, 250])
            #expect(!rehearsal.said.contains("421"))
        }
    }

    @Test func `that does not answer in time is lost`() {
        let waits: [(String, ProxySession.Wait)] = [
            ("EHLO client.example", .reply), ("RCPT TO:<b@example.com>", .reply), ("DATA", .data),
            (".", .endOfContent),
        ]
        for (line, wait) in waits {
            var rehearsal = Play(ehlo, envelope, "x\r\n.\r\n")
                .answered { $0 == line ? .silence : nil }.run()
            #expect(rehearsal.session.wait == wait)
            let count = rehearsal.codes.count
            rehearsal.tell { $0.timedOut(isNextHopStuck: false, &$1) }
            #expect(!rehearsal.isConnected || rehearsal.nextHops.count > 1)
            #expect(rehearsal.codes.dropFirst(count).first == 451)
            #expect(rehearsal.faults == [])
        }
    }

    @Test func `that takes no more of a message is lost`() {
        var rehearsal = Play(ehlo, envelope, "x\r\n").run()
        #expect(rehearsal.session.wait == .content)
        rehearsal.tell { $0.timedOut(isNextHopStuck: true, &$1) }
        #expect(!rehearsal.isConnected)
        rehearsal.send(".\r\n")
        #expect(rehearsal.codes.last == 451)
    }

    @Test func `that does not greet in time is lost`() {
        var play = Play(ehlo)
        play.connect = { _ in
            var nextHop = ScriptedNextHop()
            nextHop.greeting = .silence
            return nextHop
        }
        var rehearsal = play.run()
        #expect(rehearsal.session.wait == .greeting)
        rehearsal.tell { $0.timedOut(isNextHopStuck: false, &$1) }
        #expect(rehearsal.codes == [421])
        #expect(rehearsal.isClientClosed)
    }
}

extension Array {
    /// The longest end in which all elements are so.
    fileprivate func suffix(while isSo: (Element) -> Bool) -> ArraySlice<Element> {
        self[(lastIndex { !isSo($0) } ?? -1) + 1..<count]
    }
}
