// What of the next hop's offer reaches the client.

import SMTPProtocol
import TestSupport
import Testing

@Suite struct `The offer to EHLO` {
    private func offer(_ keywords: [String], _ policy: ProxyPolicy = ProxyPolicy()) -> String {
        var play = Play(ehlo, policy: policy)
        play.connect = { _ in
            var nextHop = ScriptedNextHop()
            nextHop.keywords = keywords
            return nextHop
        }
        let greeting = "220 output.example ESMTP\r\n"
        let said = play.runWithEveryCut().said
        #expect(said.hasPrefix(greeting))
        return String(said.dropFirst(greeting.count))
    }

    @Test func `is the next hop's`() {
        let keywords = [
            "PIPELINING", "SIZE 1000", "VRFY", "ETRN", "ENHANCEDSTATUSCODES", "8BITMIME", "DSN",
            "SMTPUTF8", "XFORWARD NAME ADDR", "LIMITS RCPTMAX=50",
        ]
        let expected = ["output.example"] + keywords
        #expect(
            offer(keywords)
                == expected.dropLast().map { "250-\($0)\r\n" }.joined()
                + "250 LIMITS RCPTMAX=50\r\n")
    }

    @Test(arguments: [
        "STARTTLS", "AUTH PLAIN LOGIN", "AUTH=PLAIN", "CHUNKING", "BINARYMIME", "XCLIENT NAME",
        "starttls", "X-EXPS", "PRDR", "BURL imap", "CHECKPOINT", "TURN", "ATRN", "SAML",
    ])
    func `is without what a proxy cannot carry, and well-formed`(keyword: String) {
        #expect(offer([keyword, "DSN"]) == "250-output.example\r\n250 DSN\r\n")
        #expect(offer(["DSN", keyword]) == "250-output.example\r\n250 DSN\r\n")
        #expect(offer([keyword]) == "250 output.example\r\n")
    }

    @Test(arguments: [
        ("SIZE 1000", "SIZE 500"), ("SIZE 100", "SIZE 100"), ("SIZE 0", "SIZE 500"),
        ("SIZE", "SIZE 500"), ("size  100", "SIZE 100"), ("SIZE 99999999999999999999", "SIZE 500"),
    ])
    func `announces the smaller limit of size`(theirs: String, told: String) {
        let policy = ProxyPolicy.with { $0.messageSizeLimit = 500 }
        #expect(offer([theirs], policy) == "250-output.example\r\n250 \(told)\r\n")
    }

    @Test func `announces no limit of size where the next hop knows of none`() {
        let policy = ProxyPolicy.with { $0.messageSizeLimit = 500 }
        #expect(offer(["DSN"], policy) == "250-output.example\r\n250 DSN\r\n")
    }

    @Test func `is filtered whatever the code of success is`() {
        let rehearsal = Play(ehlo).answered { _ in .say("251-output.example\r\n251 STARTTLS\r\n") }
            .runWithEveryCut()
        #expect(rehearsal.said.hasSuffix("\r\n251 output.example\r\n"))
    }

    @Test func `may be refused in the next hop's words`() {
        let rehearsal = Play(ehlo, "HELO client.example\r\n").answered {
            $0.hasPrefix("EHLO") ? .say("502 5.5.1 What?\r\n") : nil
        }.runWithEveryCut()
        #expect(rehearsal.said.hasSuffix("502 5.5.1 What?\r\n250 output.example\r\n"))
        #expect(rehearsal.commands() == ["EHLO client.example", "HELO client.example"])
    }

    @Test func `is read as it should be by the connection that takes the place of a lost one`() {
        var play = Play(ehlo, "MAIL FROM:<>\r\n")
        play.connect = { number in
            ScriptedNextHop { $0 == "NOOP" || number == 0 && $0 == "RSET" ? .close : nil }
        }
        play.script.insert(Array("RSET\r\n".utf8), at: 1)
        let rehearsal = play.runWithEveryCut()
        #expect(rehearsal.codes == [220, 250, 451, 250])
        #expect(rehearsal.commands(1) == ["EHLO client.example", "MAIL FROM:<>"])
    }
}
