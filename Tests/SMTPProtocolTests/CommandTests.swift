// Commands and replies on their way through, without message content.

import SMTPProtocol
import TestSupport
import Testing

@Suite struct `Commands` {
    @Test func `and replies pass as they are`() {
        let replies = [
            "VRFY <postmaster>": "252-2.1.5 maybe\r\n252-\r\n252 2.1.5 \u{e4}\r\n",
            "EXPN list": "550 5.7.1  two  blanks \r\n", "HELP": "214\r\n",
            "noop  x ": "250-\r\n250\r\n",
            "ETRN example.com": "459 4.7.0 Not now\r\n",
        ]
        for (command, reply) in replies {
            let rehearsal = Play("\(command)\r\n").answered { _ in .say(reply) }.runWithEveryCut()
            #expect(rehearsal.said == "220 output.example ESMTP\r\n" + reply)
            #expect(rehearsal.commands() == [command])
        }
    }

    @Test func `of a greeting pass as it is, and one that refuses ends the session`() {
        for (greeting, isClosed) in [
            ("220-two\r\n220 lines\r\n", false), ("220\r\n", false),
            ("554 5.7.1 Go away\r\n", true), ("421-4.3.2 All\r\n421 4.3.2 busy\r\n", true),
        ] {
            var play = Play("")
            play.connect = { _ in
                var nextHop = ScriptedNextHop()
                nextHop.greeting = .say(greeting)
                return nextHop
            }
            let rehearsal = play.runWithEveryCut()
            #expect(rehearsal.said == greeting)
            #expect(rehearsal.isClientClosed == isClosed)
            #expect(rehearsal.isConnected != isClosed)
        }
    }

    @Test(arguments: [
        "STARTTLS", "AUTH PLAIN AGEAYg==", "XCLIENT NAME=x", "FOO", "", " MAIL FROM:<a>",
        "MAILFROM:<a>",
        "XFORWARDS", "RSETRSET!",
    ])
    func `that a proxy cannot carry are refused by itself`(command: String) {
        let rehearsal = Play(ehlo, "\(command)\r\nNOOP\r\n").runWithEveryCut()
        #expect(rehearsal.codes == [220, 250, 502, 250])
        #expect(rehearsal.commands() == ["EHLO client.example", "NOOP"])
    }

    @Test func `that the proxy refuses are answered in turn`() {
        let rehearsal = Play(ehlo, "MAIL FROM:<a>\r\nFOO\r\nRCPT TO:<b>\r\nRCPT TO:<c>\r\nBAR\r\n")
            .answered { $0 == "RCPT TO:<b>" ? .say("450 4.2.0 b\r\n") : nil }.runWithEveryCut()
        #expect(rehearsal.codes == [220, 250, 250, 502, 450, 250, 502])
    }

    @Test func `for a chunk are refused, and the chunk is skipped`() {
        let chunk = "QUIT\r\n.\r\nDATA\r\n"
        let rehearsal = Play(
            ehlo, "MAIL FROM:<a>\r\nRCPT TO:<b>\r\n",
            "BDAT \(chunk.utf8.count)\r\n\(chunk)bdat 0 LAST\r\nRSET\r\n"
        ).runWithEveryCut()
        #expect(rehearsal.codes == [220, 250, 250, 250, 502, 502, 250])
        #expect(rehearsal.commands().suffix(2) == ["RCPT TO:<b>", "RSET"])
    }

    @Test(arguments: ["BDAT", "BDAT x", "BDAT 1x", "BDAT -1", "BDAT 99999999999999999999 LAST"])
    func `for a chunk without a size end the session`(command: String) {
        let rehearsal = Play(ehlo, "\(command)\r\nNOOP\r\n").runWithEveryCut()
        #expect(rehearsal.codes == [220, 250, 521])
        #expect(rehearsal.isClientClosed)
        #expect(rehearsal.commands() == ["EHLO client.example", "QUIT"])
    }

    @Test func `of binary content are refused by the proxy`() {
        for mail in ["MAIL FROM:<a> SIZE=1 body=binarymime", "MAIL FROM:a BODY=BINARYMIME"] {
            let rehearsal = Play(ehlo, "\(mail)\r\nNOOP\r\n").runWithEveryCut()
            #expect(rehearsal.codes == [220, 250, 555, 250])
            #expect(rehearsal.commands() == ["EHLO client.example", "NOOP"])
        }
    }

    @Test(arguments: [
        ("SIZE=500", 250), ("SIZE=501", 552), ("BODY=8BITMIME  size=501", 552),
        ("SIZE=99999999999999999999", 552), ("SIZE=", 250), ("SIZE=x501", 250),
        ("SIZE", 250), ("XSIZE=501", 250), ("", 250),
    ])
    func `for a message that is too large are refused by the proxy`(
        parameter: String, code: Int
    ) {
        let policy = ProxyPolicy.with { $0.messageSizeLimit = 500 }
        let rehearsal = Play(
            ehlo, "MAIL FROM:<a> \(parameter)\r\n", "RSET\r\nMAIL FROM:<a> SIZE=1\r\n",
            policy: policy
        ).runWithEveryCut()
        #expect(rehearsal.codes == [220, 250, code, 250, 250])
        #expect(rehearsal.commands().count == (code == 250 ? 4 : 3))
    }

    @Test func `for a large message are the next hop's if the proxy has no limit`() {
        let rehearsal = Play(ehlo, "MAIL FROM:<a> SIZE=99999999999999999999\r\n")
            .runWithEveryCut()
        #expect(rehearsal.codes == [220, 250, 250])
    }

    @Test func `end with QUIT, which the next hop answers`() {
        let rehearsal = Play(ehlo, "QUIT\r\nNOOP\r\n").runWithEveryCut()
        #expect(rehearsal.said.hasSuffix("221 2.0.0 Bye\r\n"))
        #expect(rehearsal.isClientClosed)
        #expect(rehearsal.isAfterQuit)
        #expect(rehearsal.commands() == ["EHLO client.example", "QUIT"])
    }

    @Test func `of the client keep their parameters byte for byte`() {
        let commands = [
            "XFORWARD NAME=mail.example ADDR=192.0.2.1 PORT=2525",
            "XFORWARD PROTO=ESMTP HELO=a+20b IDENT=4F3D SOURCE=REMOTE",
            "MAIL FROM:<\u{e4}@example.com> SIZE=12 BODY=8BITMIME RET=HDRS ENVID=QQ+2B SMTPUTF8",
            "RCPT TO:<\"a b>\"@example.com> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;a+20b@example.com",
            "Rcpt  To:<c@example.com>  ", "RSET", "MAIL FROM:<> RET=FULL",
        ]
        let rehearsal = Play(ehlo, commands.map { "\($0)\r\n" }.joined()).runWithEveryCut()
        #expect(rehearsal.commands() == ["EHLO client.example"] + commands)
        #expect(rehearsal.codes == [220] + Array(repeating: 250, count: 8))
    }

    @Test func `go to the next hop ahead of replies if it takes that, and else one by one`() {
        for offersPipelining in [true, false] {
            var rehearsal = Rehearsal(ProxyPolicy())
            rehearsal.connect = { _ in
                var nextHop = ScriptedNextHop()
                if !offersPipelining { nextHop.keywords.removeFirst() }
                return nextHop
            }
            rehearsal.begin()
            rehearsal.send(ehlo)
            rehearsal.holdsReplies = true
            rehearsal.send("XFORWARD NAME=x\r\nMAIL FROM:<a>\r\nRCPT TO:<b>\r\nDATA\r\n")
            #expect(rehearsal.commands().count == (offersPipelining ? 5 : 2))
            rehearsal.releaseReplies()
            #expect(rehearsal.commands().count == 5)
            #expect(rehearsal.codes == [220, 250, 250, 250, 250, 354])
        }
    }

    @Test func `go one by one to a next hop that takes no others, whatever they are`() {
        let group = ["XFORWARD NAME=x", "MAIL FROM:<a>", "RCPT TO:<b>", "RCPT TO:<c>", "DATA"]
        for start in 0..<group.count - 1 {
            var rehearsal = Rehearsal(ProxyPolicy())
            rehearsal.connect = { _ in
                var nextHop = ScriptedNextHop()
                nextHop.keywords = []
                return nextHop
            }
            rehearsal.begin()
            rehearsal.send(ehlo)
            for command in group[..<start] { rehearsal.send("\(command)\r\n") }
            rehearsal.holdsReplies = true
            rehearsal.send(group[start...].map { "\($0)\r\n" }.joined())
            #expect(rehearsal.commands().last == group[start])
            rehearsal.releaseReplies()
            rehearsal.holdsReplies = true
            rehearsal.send(".\r\nNOOP\r\n")
            #expect(rehearsal.commands().last == "DATA")
            rehearsal.releaseReplies()
            #expect(rehearsal.codes == [220, 250, 250, 250, 250, 250, 354, 250, 250])
        }
    }

    @Test(arguments: ["RSET", "NOOP", "VRFY x", "HELP", "EHLO x", "QUIT", "DATA"])
    func `behind one that ends a group wait for its reply`(command: String) {
        var rehearsal = Rehearsal(ProxyPolicy())
        rehearsal.begin()
        rehearsal.send(ehlo)
        rehearsal.holdsReplies = true
        rehearsal.send("\(command)\r\nMAIL FROM:<a>\r\n")
        #expect(rehearsal.commands().last == command)
        #expect(rehearsal.session.ignoresClient)
        #expect(rehearsal.unread == Array("MAIL FROM:<a>\r\n".utf8))
    }

    @Test func `for a thousand recipients get the reply of each, in order`() {
        let recipients = (0..<1000).map { "RCPT TO:<\($0)@example.com>\r\n" }
        let play = Play(ehlo, "MAIL FROM:<a>\r\n" + recipients.joined(), "DATA\r\n", "x\r\n.\r\n")
            .answered { line in
                guard line.hasPrefix("RCPT"), let last = line.dropLast(13).last else { return nil }
                return switch last {
                case "3": .say("450-4.2.0 \(line)\r\n450 4.2.0 later\r\n")
                case "7": .say("550 5.1.1 \(line)\r\n")
                default: .say("250 2.1.5 \(line)\r\n")
                }
            }
        for cut in [Rehearsal.Cut.whole, .everyByte] {
            let rehearsal = play.run(client: cut, nextHop: cut)
            let codes = (0..<1000).map { $0 % 10 == 3 ? 450 : $0 % 10 == 7 ? 550 : 250 }
            #expect(rehearsal.codes == [220, 250, 250] + codes + [354, 250])
            #expect(rehearsal.finished.map(\.envelope.accepted) == [800])
            #expect(rehearsal.finished.map(\.envelope.refused) == [200])
            #expect(rehearsal.messages.first?.recipients.count == 800)
        }
    }

    @Test func `beyond the limit of those that wait stay unread`() {
        var rehearsal = Rehearsal(.with { $0.pipelineLimit = 3 })
        rehearsal.begin()
        rehearsal.send(ehlo)
        rehearsal.holdsReplies = true
        rehearsal.send(String(repeating: "RCPT TO:<a>\r\n", count: 5))
        #expect(rehearsal.commands().count == 4)
        #expect(rehearsal.session.ignoresClient)
        rehearsal.releaseReplies()
        #expect(rehearsal.codes == [220, 250, 503, 503, 503, 503, 503])
    }
}
