// Messages on their way through.

import SMTPProtocol
import TestSupport
import Testing

@Suite struct `A message` {
    static let contents = [
        ".\r\n", "\r\n.\r\n", "Subject: x\r\n\r\nbody\r\n.\r\n", "..\r\n...\r\n..a\r\n.\r\n",
        "a\0b\0\r\n\u{e4}\u{ff}\u{80}\r\n.\0\r\n. \r\n.\r\n",
    ]

    @Test(arguments: contents)
    func `passes byte for byte`(content: String) {
        let rehearsal = Play(ehlo, envelope, content, "QUIT\r\n").runWithEveryCut()
        #expect(rehearsal.codes == [220, 250, 250, 250, 354, 250, 221])
        #expect(rehearsal.messages.map(\.content) == [Array(content.utf8)])
        #expect(rehearsal.messages.map(\.sender) == ["MAIL FROM:<a@client.example>"])
        #expect(rehearsal.messages.map(\.recipients) == [["RCPT TO:<b@example.com>"]])
        let finished = rehearsal.finished
        #expect(finished.map(\.size) == [content.utf8.count])
        #expect(finished.map(\.decision) == [.nextHop])
        #expect(finished.map(\.reply) == [Array("250 2.0.0 Ok: queued as 1".utf8)])
        #expect(rehearsal.nextHops.map(\.hasBareLineEnd) == [false])
    }

    @Test func `of any bytes passes as it is`() {
        let line = (UInt8.min...UInt8.max).filter { $0 != 0x0A && $0 != 0x0D }
        let content = line + Array("\r\n.\r\n".utf8)
        var play = Play(ehlo, envelope)
        play.script.append(content)
        #expect(play.runWithEveryCut(ofClientAlone: true).messages.map(\.content) == [content])
    }

    @Test func `is followed by others in the same session, over the same connection`() {
        let message = "MAIL FROM:<>\r\nRCPT TO:<b>\r\nDATA\r\n"
        let rehearsal = Play(
            ehlo, message, "1\r\n.\r\n" + message, "2\r\n.\r\n" + message, "3\r\n.\r\n"
        )
        .runWithEveryCut(ofClientAlone: true)
        #expect(rehearsal.messages.map(\.content) == (1...3).map { Array("\($0)\r\n.\r\n".utf8) })
        #expect(rehearsal.nextHops.count == 1)
        #expect(rehearsal.finished.map(\.envelope.accepted) == [1, 1, 1])
        #expect(rehearsal.begun == 3)
    }

    @Test func `follows another one before that is answered`() {
        var rehearsal = Rehearsal(ProxyPolicy())
        rehearsal.begin()
        rehearsal.send(ehlo)
        rehearsal.send(envelope)
        rehearsal.holdsReplies = true
        rehearsal.send("1\r\n.\r\n" + envelope)
        #expect(rehearsal.codes == [220, 250, 250, 250, 354])
        #expect(rehearsal.commands().suffix(3).first == "MAIL FROM:<a@client.example>")
        rehearsal.releaseReplies()
        rehearsal.send("2\r\n.\r\n")
        #expect(rehearsal.codes == [220, 250, 250, 250, 354, 250, 250, 250, 354, 250])
        #expect(
            rehearsal.messages.map(\.content) == [
                Array("1\r\n.\r\n".utf8), Array("2\r\n.\r\n".utf8),
            ])
    }

    @Test(arguments: ["450 4.3.0 Later\r\n", "554-5.7.1 No\r\n554 5.7.1 Never\r\n", "251 Fine\r\n"])
    func `gets the next hop's reply, whatever it is`(reply: String) {
        let rehearsal = Play(ehlo, envelope, "x\r\n.\r\nNOOP\r\n")
            .answered { $0 == "." ? .say(reply) : nil }.runWithEveryCut()
        #expect(
            rehearsal.said.hasSuffix(
                "354 End data with <CR><LF>.<CR><LF>\r\n\(reply)250 2.0.0 Ok\r\n"))
        #expect(rehearsal.finished.map(\.decision) == [.nextHop])
    }

    @Test func `that is refused at DATA leaves the session in order`() {
        let rehearsal = Play(
            ehlo, "MAIL FROM:<a>\r\nDATA\r\n", "RCPT TO:<b>\r\nDATA\r\n", "x\r\n.\r\n"
        )
        .runWithEveryCut(ofClientAlone: true)
        #expect(rehearsal.codes == [220, 250, 250, 554, 250, 354, 250])
    }

    @Test func `begins with what is put in front of it`() {
        var rehearsal = Rehearsal(.with { $0.hasPrologue = true })
        rehearsal.prologue = Array("X-Trace: 1\r\n".utf8)
        rehearsal.begin()
        for part in [ehlo, envelope, "a: b\r\n.\r\n", "MAIL FROM:<>\r\nDATA\r\n"] {
            rehearsal.send(part)
        }
        #expect(rehearsal.messages.map(\.content) == [Array("X-Trace: 1\r\na: b\r\n.\r\n".utf8)])
        #expect(rehearsal.codes.last == 554)
    }

    @Test func `has an envelope of what was accepted`() throws {
        let play = Play(
            ehlo, "XFORWARD NAME=mail+2Bx ADDR=192.0.2.1 PORT=[UNAVAILABLE]\r\n",
            "XFORWARD PROTO=ESMTP HELO=h IDENT=4F3D SOURCE=REMOTE\r\n",
            "MAIL FROM:<> RET=FULL\r\n"
                + "RCPT TO:<b>\r\nRCPT TO:<\"c>\"@d>\r\nRCPT TO:<e>\r\nDATA\r\n",
            "x\r\n.\r\n", policy: .with { $0.keepsRecipients = true }
        ).answered { $0 == "RCPT TO:<b>" ? .say("550 5.1.1 No\r\n") : nil }
        let rehearsal = play.runWithEveryCut(ofClientAlone: true)
        let envelope = try #require(rehearsal.finished.first?.envelope)
        #expect(envelope.hello == Array("client.example".utf8))
        #expect(envelope.sender == [])
        #expect(envelope.recipients == [Array("\"c>\"@d".utf8), Array("e".utf8)])
        #expect(envelope.accepted == 2)
        #expect(envelope.refused == 1)
        #expect(envelope.origin.name == Array("mail+x".utf8))
        #expect(envelope.origin.address == Array("192.0.2.1".utf8))
        #expect(envelope.origin.port == [])
        #expect(envelope.origin.protocolName == Array("ESMTP".utf8))
        #expect(envelope.origin.hello == Array("h".utf8))
        #expect(envelope.origin.ident == Array("4F3D".utf8))
        #expect(envelope.origin.source == Array("REMOTE".utf8))
    }

    @Test func `has the sender that was accepted`() {
        let script = "MAIL FROM:<a>\r\nRCPT TO:<x>\r\nMAIL FROM:b SIZE=1\r\nRCPT TO:<y>\r\nDATA\r\n"
        let rehearsal = Play(
            ehlo, script, "x\r\n.\r\n", policy: .with { $0.keepsRecipients = true }
        )
        .answered { $0 == "MAIL FROM:<a>" ? .say("450 4.7.1 Later\r\n") : nil }.runWithEveryCut(
            ofClientAlone: true)
        #expect(rehearsal.codes == [220, 250, 450, 503, 250, 250, 354, 250])
        #expect(rehearsal.finished.map(\.envelope.sender) == [Array("b".utf8)])
        #expect(rehearsal.finished.map(\.envelope.recipients) == [[Array("y".utf8)]])
        #expect(rehearsal.finished.map(\.envelope.refused) == [0])
    }

    @Test func `keeps its sender when another one is refused`() {
        let script = "MAIL FROM:<a>\r\nMAIL FROM:<b>\r\nRCPT TO:<y>\r\nDATA\r\n"
        let rehearsal = Play(ehlo, script, "x\r\n.\r\n").runWithEveryCut(ofClientAlone: true)
        #expect(rehearsal.codes == [220, 250, 250, 503, 250, 354, 250])
        #expect(rehearsal.finished.map(\.envelope.sender) == [Array("a".utf8)])
    }

    @Test func `knows of no origin that was told for another one`() {
        let rehearsal = Play(
            ehlo, "XFORWARD IDENT=1\r\n" + envelope, "x\r\n.\r\n" + envelope, "x\r\n.\r\n"
        ).runWithEveryCut(ofClientAlone: true)
        #expect(rehearsal.finished.map(\.envelope.origin.ident) == [Array("1".utf8), []])
    }

    @Test func `whose client talks behind DATA takes that for content once it is wanted`() {
        let rehearsal = Play(ehlo + envelope + "x\r\n.\r\nNOOP\r\n").runWithEveryCut(
            ofClientAlone: true)
        #expect(rehearsal.codes == [220, 250, 250, 250, 354, 250, 250])
        #expect(rehearsal.messages.map(\.content) == [Array("x\r\n.\r\n".utf8)])
    }

    @Test func `whose client talks behind DATA in vain ends the session`() {
        var rehearsal = Rehearsal(ProxyPolicy())
        rehearsal.begin()
        rehearsal.send(ehlo)
        rehearsal.holdsReplies = true
        rehearsal.send("MAIL FROM:<a>\r\nRCPT TO:<b>\r\nRSET\r\n")
        rehearsal.releaseReplies()
        rehearsal.holdsReplies = true
        rehearsal.send("DATA\r\nMAIL FROM:<smuggled>\r\nRCPT TO:<b>\r\nDATA\r\nx\r\n.\r\n")
        rehearsal.releaseReplies()
        #expect(rehearsal.codes == [220, 250, 250, 250, 250, 503, 521])
        #expect(rehearsal.isClientClosed)
        #expect(!rehearsal.commands().contains("MAIL FROM:<smuggled>"))
        #expect(rehearsal.faults == [])
    }
}
