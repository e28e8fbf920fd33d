// How sessions end: the client goes, time runs out, the program stops.

import SMTPProtocol
import TestSupport
import Testing

@Suite struct `A session` {
    private static let content = "x\r\n..\r\n.\r\n"
    private static let whole = ehlo + envelope + content

    @Test(arguments: [ProxyPolicy.Passage.stream, .inspect])
    func `whose client goes away at any byte completes no message that is not whole`(
        passage: ProxyPolicy.Passage
    ) {
        let policy = ProxyPolicy.with { $0.passage = passage }
        let bytes = Array(Self.whole.utf8)
        for count in 0...bytes.count {
            var rehearsal = Rehearsal(policy)
            rehearsal.begin()
            rehearsal.send(Array(bytes[..<count]))
            rehearsal.tell { $0.clientLost(&$1) }
            #expect(rehearsal.messages.count == (count == bytes.count ? 1 : 0))
            #expect(!rehearsal.isConnected)
            #expect(rehearsal.session.isClosed)
            #expect(rehearsal.spooled == [])
            #expect(
                rehearsal.finished.count == (count < ehlo.utf8.count + envelope.utf8.count ? 0 : 1))
            #expect(rehearsal.faults == [])
        }
    }

    @Test func `whose client goes away while replies are owed drops the next hop`() {
        for part in ["MAIL FROM:<a>\r\n", envelope] {
            var rehearsal = Play(ehlo).run()
            rehearsal.holdsReplies = true
            rehearsal.send(part)
            rehearsal.tell { $0.clientLost(&$1) }
            #expect(rehearsal.commands().last != "QUIT")
            #expect(!rehearsal.isConnected)
        }
    }

    @Test func `whose client goes away behind a message has not ended well`() {
        for policy in [ProxyPolicy(), .inspecting] {
            var rehearsal = Play(ehlo, envelope, policy: policy).run()
            rehearsal.holdsReplies = true
            rehearsal.send(Self.content)
            rehearsal.tell { $0.clientLost(&$1) }
            #expect(rehearsal.finished.map(\.decision) == [.clientLost])
            #expect(rehearsal.finished.map(\.size) == [Self.content.utf8.count])
            #expect(rehearsal.faults == [])
        }
    }

    @Test func `that is idle says goodbye to the next hop when the client goes`() {
        var rehearsal = Play(ehlo, "MAIL FROM:<a>\r\n").run()
        rehearsal.tell { $0.clientLost(&$1) }
        #expect(rehearsal.commands().last == "QUIT")
        #expect(!rehearsal.isConnected)
    }

    @Test func `whose client goes away before the greeting ends`() {
        var rehearsal = Rehearsal(ProxyPolicy())
        rehearsal.holdsReplies = true
        rehearsal.begin()
        rehearsal.tell { $0.clientLost(&$1) }
        rehearsal.releaseReplies()
        #expect(rehearsal.nextHops.isEmpty)
        #expect(rehearsal.session.isClosed)
    }

    @Test func `that has ended does nothing any more`() {
        var rehearsal = Play(ehlo, "QUIT\r\n").run()
        let before = Observed(rehearsal)
        rehearsal.send("NOOP\r\n")
        rehearsal.tell { $0.clientLost(&$1) }
        rehearsal.tell { $0.timedOut(isNextHopStuck: false, &$1) }
        rehearsal.tell { $0.timedOut(isNextHopStuck: true, &$1) }
        rehearsal.tell { $0.nextHopLost("x", &$1) }
        rehearsal.tell { $0.drain(&$1) }
        rehearsal.tell { $0.inspected(.pass, &$1) }
        rehearsal.tell { $0.spoolFailed("x", &$1) }
        #expect(Observed(rehearsal) == before)
        #expect(rehearsal.unread == [])
    }

    @Test func `of a client that sends nothing ends in time`() {
        for script in [
            [ehlo], [ehlo, "MAIL FROM:<a>\r\n"], [ehlo, "NOO"], [ehlo, "BDAT 7\r\nx"],
        ] {
            var rehearsal = Rehearsal(ProxyPolicy())
            rehearsal.begin()
            for part in script { rehearsal.send(part) }
            #expect(rehearsal.session.wait == .command)
            rehearsal.tell { $0.timedOut(isNextHopStuck: false, &$1) }
            #expect(rehearsal.codes.last == 421)
            #expect(rehearsal.isClientClosed)
            #expect(rehearsal.commands().last == "QUIT")
            #expect(rehearsal.faults == [])
        }
    }

    @Test func `of a client that stops in a message ends in time, and completes nothing`() {
        for policy in [ProxyPolicy(), .inspecting] {
            for content in ["", "x\r\n.", "x\ny"] {
                var rehearsal = Play(ehlo, envelope, content, policy: policy).run()
                #expect(rehearsal.session.wait == .content)
                rehearsal.tell { $0.timedOut(isNextHopStuck: false, &$1) }
                #expect(rehearsal.codes.last == 421)
                #expect(rehearsal.isClientClosed)
                #expect(rehearsal.messages == [])
                #expect(!rehearsal.isConnected)
                #expect(rehearsal.spooled == [])
                #expect(rehearsal.finished.map(\.decision) == [.clientLost])
                #expect(rehearsal.faults == [])
            }
        }
    }

    @Test(arguments: [ProxyPolicy.Passage.stream, .inspect])
    func `that drains ends at once, or behind the message under way`(
        passage: ProxyPolicy.Passage
    ) {
        let policy = ProxyPolicy.with { $0.passage = passage }
        let bytes = Array(Self.whole.utf8)
        let mail = ehlo.utf8.count + "MAIL FROM:<a@client.example>\r\n".utf8.count
        for count in 0...bytes.count {
            var rehearsal = Rehearsal(policy)
            rehearsal.begin()
            rehearsal.send(Array(bytes[..<count]))
            rehearsal.tell { $0.drain(&$1) }
            let isBegun = count >= mail && count < bytes.count
            #expect(rehearsal.isClientClosed == !isBegun)
            rehearsal.send(Array(bytes[count...]))
            #expect(rehearsal.isClientClosed)
            #expect(rehearsal.codes.last == 421)
            #expect(rehearsal.messages.count == (count >= mail ? 1 : 0))
            #expect(rehearsal.commands().last == "QUIT")
            #expect(rehearsal.faults == [])
        }
    }

    @Test func `that drains before the greeting ends`() {
        var rehearsal = Rehearsal(ProxyPolicy())
        rehearsal.holdsReplies = true
        rehearsal.begin()
        rehearsal.tell { $0.drain(&$1) }
        #expect(rehearsal.codes == [421])
        #expect(rehearsal.isClientClosed)
    }

    @Test func `that drains begins no message behind another one`() {
        var rehearsal = Play(ehlo, envelope).run()
        rehearsal.tell { $0.drain(&$1) }
        rehearsal.send(Self.content + envelope)
        #expect(rehearsal.codes == [220, 250, 250, 250, 354, 250, 421])
        #expect(rehearsal.isClientClosed)
        #expect(rehearsal.begun == 1)
    }

    @Test func `that drains lets a transaction be given up`() {
        for end in ["RSET\r\n", "QUIT\r\n"] {
            var rehearsal = Play(ehlo, "MAIL FROM:<a>\r\n").run()
            rehearsal.tell { $0.drain(&$1) }
            #expect(!rehearsal.isClientClosed)
            rehearsal.send(end)
            #expect(rehearsal.isClientClosed)
            #expect(rehearsal.faults == [])
        }
    }

    @Test func `that drains ends when the next hop is lost`() {
        var rehearsal = Play(ehlo, "MAIL FROM:<a>\r\n").run()
        rehearsal.tell { $0.drain(&$1) }
        rehearsal.breakNextHop()
        #expect(rehearsal.codes == [220, 250, 250, 421])
        #expect(rehearsal.isClientClosed)
    }
}
