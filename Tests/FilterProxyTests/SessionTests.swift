// The network side of sessions: what the machine decides must happen on real connections.

import Bytes
import FilterProxy
import HostAccess
import SMTPProtocol
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(6))) struct `A live session` {
    @Test func `carries a message, and the reply of the next hop`() async throws {
        let proxy = try await LiveProxy("timeouts.connection_cache = 0")
        let (client, server) = try proxy.sessionInContent()
        try client.send("Subject: x\r\n\r\n..dots\r\n.\r\n")
        #expect(try server.bytes(through: "\r\n.\r\n") == "Subject: x\r\n\r\n..dots\r\n.\r\n")
        #expect(client.isSilent(milliseconds: 100))
        try server.send("250 2.0.0 Ok: queued as 4ABC\r\n")
        #expect(try client.reply() == "250 2.0.0 Ok: queued as 4ABC")
        try client.send("QUIT\r\n")
        #expect(try server.line() == "QUIT")
        try server.send("221 2.0.0 Bye\r\n")
        #expect(try client.reply() == "221 2.0.0 Bye")
        #expect(try client.rest() == "")
        #expect(try server.rest() == "")
        #expect(proxy.log.lines.contains { $0.contains("reply=250 2.0.0 Ok: queued as 4ABC") })
    }

    @Test func `carries a message that comes byte by byte`() async throws {
        let proxy = try await LiveProxy()
        let (client, server) = try proxy.sessionInContent()
        let content: ByteString = "a\r\n..\r\n\u{0}\u{FF}\r\n.\r\n"
        for byte in content.bytes { try client.send(ByteString([byte])) }
        #expect(try server.bytes(through: "\r\n.\r\n") == content)
    }

    @Test func `is refused for now when there is no next hop`() async throws {
        let proxy = try await LiveProxy()
        proxy.nextHop.stop()
        let client = try TestSocket(port: proxy.port)
        #expect(try client.reply() == "421 4.4.1 Error: next hop: connection refused")
        #expect(try client.rest() == "")
    }

    @Test func `defers a message when the next hop closes in it`() async throws {
        let proxy = try await LiveProxy()
        let (client, server) = try proxy.sessionInContent()
        try client.send("half a ")
        _ = try server.bytes(through: "half a ")
        server.reset()
        try client.send("message\r\n.\r\n")
        #expect(try client.reply() == "451 4.4.2 Error: next hop: connection lost")
        // The session goes on with a new connection.
        try client.send("MAIL FROM:<a@x.example>\r\n")
        let again = try proxy.nextHop.accept()
        try again.send("220 again\r\n")
        #expect(try again.line() == "EHLO client.example")
        try again.send("250-again\r\n250-PIPELINING\r\n250 8BITMIME\r\n")
        #expect(try again.line() == "MAIL FROM:<a@x.example>")
        try again.send("250 2.1.0 Ok\r\n")
        #expect(try client.reply() == "250 2.1.0 Ok")
    }

    @Test func `never completes a message whose client is gone`() async throws {
        let proxy = try await LiveProxy()
        for isReset in [false, true] {
            let (client, server) = try proxy.sessionInContent()
            try client.send("half a message\r\n")
            _ = try server.bytes(through: "message\r\n")
            if isReset { client.reset() } else { client.close() }
            #expect(try server.rest() == "")
        }
    }

    @Test func `refuses smuggled line ends, and drops the message at the next hop`() async throws {
        let proxy = try await LiveProxy()
        for content in ["a\n.\nMAIL FROM:<x>\r\n", "a\r\n.\nb\r\n", "a\r.\r\nb\r\n"] {
            let (client, server) = try proxy.sessionInContent()
            try client.send(ByteString(content) + "rest\r\n.\r\n")
            let reply = try client.reply()
            #expect(reply.hasPrefix("550 5.5.2 Error: bare <"), "\(content) \(reply)")
            #expect(try !server.rest().text.contains("rest"))
        }
    }

    @Test func `gives up a next hop that does not answer in time`() async throws {
        let proxy = try await LiveProxy("[timeouts]\nend_of_content = 1")
        let (client, server) = try proxy.sessionInContent()
        try client.send("a\r\n.\r\n")
        _ = try server.bytes(through: ".\r\n")
        #expect(try client.reply() == "451 4.4.2 Error: next hop: timeout exceeded")
        #expect(try server.rest() == "")
    }

    @Test func `ends when the client says nothing in time`() async throws {
        let proxy = try await LiveProxy("[timeouts]\ncommand = 1")
        let (client, server) = try proxy.introducedSession()
        #expect(try client.reply() == "421 4.4.2 Error: timeout exceeded, closing connection")
        #expect(try server.line() == "QUIT")
        #expect(try client.rest() == "")
    }

    @Test func `waits in the backlog while there are as many as may be`() async throws {
        let proxy = try await LiveProxy("[limits]\nsessions = 2")
        let first = try proxy.session()
        let second = try proxy.session()
        let third = try TestSocket(port: proxy.port)
        #expect(third.isSilent(milliseconds: 200))
        first.client.close()
        let server = try proxy.nextHop.accept()
        try server.send("220 next.example\r\n")
        #expect(try third.reply() == "220 next.example")
        second.client.close()
    }

    @Test func `is cut off when a stop has left it the time that was configured`() async throws {
        let proxy = try await LiveProxy("[timeouts]\ndrain = 1")
        let (client, server) = try proxy.sessionInContent()
        try client.send("half a message\r\n")
        _ = try server.bytes(through: "message\r\n")
        try await proxy.stop()
        #expect(proxy.log.lines.contains { $0.contains("stopping deadline_seconds=1") })
        #expect(proxy.log.lines.contains { $0.contains("sessions were cut off") })
        #expect(try client.rest() == "")
        #expect(try server.rest() == "")
    }

    @Test func `keeps a slow next hop's pace, and little in memory`() async throws {
        let proxy = try await LiveProxy()
        let (client, server) = try proxy.sessionInContent()
        let line = ByteString([UInt8](repeating: 0x61, count: 998)) + "\r\n"
        let block = ByteString([[UInt8]](repeating: line.bytes, count: 100).flatMap { $0 })
        // The kernel's own buffers take a few megabytes; what is more must wait.
        let sent = client.sendWhilePossible(block, atMost: 100 << 20)
        #expect(sent < 40 << 20)
        // And what was taken arrives, as soon as there is somebody to take it.
        var received = 0
        while received < sent { received += try server.some().count }
        #expect(received == sent)
    }

    @Test func `says in the log why a message cannot be kept, and what to do`() async throws {
        let proxy = try await LiveProxy(
            """
            [spool]
            directory = "/nonexistent"
            memory = 0
            [[hook]]
            type = "command"
            command = ["/bin/true"]
            """)
        let (client, _) = try proxy.sessionInSpooledContent()
        try client.send("a message\r\n.\r\n")
        #expect(try client.reply() == "452 4.3.1 Error: cannot keep the message")
        let line = try #require(proxy.log.lines.first { $0.hasPrefix("error cannot keep") })
        #expect(line.contains("reason=open /nonexistent: No such file or directory"))
        #expect(line.contains("mend=make room there"))
    }

    private func isThere(_ path: String) -> Bool {
        // What cannot be looked at is not there yet.
        (try? LiveFileReading().status(of: ByteString(path), followingLinks: false)) != nil
    }

    @Test func `leaves the hook's turn to others when its client is gone`() async throws {
        let mark = "/tmp/postilion-turn-\(UInt64.random(in: 0...UInt64.max))"
        let proxy = try await LiveProxy(
            """
            [[hook]]
            type = "command"
            command = ["/bin/sh", "-c", "grep -q slow && mkdir \(mark) && exec sleep 300; exit 0"]
            timeout = 300
            concurrency = 1
            """)
        let (slow, _) = try proxy.sessionInSpooledContent()
        try slow.send("slow\r\n.\r\n")
        // Waiting must not hold a thread that hooks need.
        try await eventually { isThere(mark) }
        _ = try ChildProcess("/bin/rmdir", [ByteString(mark)]).run()
        let (quick, server) = try proxy.sessionInSpooledContent()
        try quick.send("quick\r\n.\r\n")
        #expect(server.isSilent(milliseconds: 200))
        slow.close()
        try await eventually { !server.isSilent(milliseconds: 0) }
        #expect(try server.line() == "DATA")
    }

    @Test func `puts header fields in front of a message that flows on`() async throws {
        let proxy = try await LiveProxy(
            """
            [[hook]]
            type = "header"
            add = ["X-Seen: ${sender} by ${helo}"]
            remove = ["X-Spam"]
            """)
        let (client, server) = try proxy.sessionInContent()
        try client.send("X-Spam: no\r\nSubject: x\r\n\r\nX-Spam: stays\r\n.\r\n")
        #expect(
            try server.bytes(through: "\r\n.\r\n")
                == """
                X-Seen: a@x.example by client.example\r
                Subject: x\r
                \r
                X-Spam: stays\r
                .\r\n
                """)
    }
}
