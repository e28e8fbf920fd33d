// Which connections there are: where clients come in, and what is left to the next of them.

import Bytes
import FilterProxy
import NIOCore
import NIOPosix
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(6))) struct `The connections of a live filter` {
    /// A proxy with one event loop, so that all clients come to the same connections.
    private func withOneLoop(
        _ more: String = "", _ body: (LiveProxy) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        try await body(try await LiveProxy(more, group: group))
        try await group.shutdownGracefully()
    }

    /// A client that has sent its message and gone; returns the next hop's end.
    private func oneMessage(_ proxy: LiveProxy) throws -> TestSocket {
        let (client, server) = try proxy.sessionInContent()
        try finish(client, server)
        return server
    }

    private func finish(_ client: TestSocket, _ server: TestSocket) throws {
        try client.send(".\r\n")
        _ = try server.bytes(through: ".\r\n")
        try server.send("250 2.0.0 Ok\r\n")
        #expect(try client.reply() == "250 2.0.0 Ok")
        try client.send("QUIT\r\n")
        #expect(try client.reply() == "221 2.0.0 Bye")
        #expect(try client.rest() == "")
    }

    /// A client that finds the next hop greeted already.
    private func nextClient(_ proxy: LiveProxy, _ server: TestSocket) throws -> TestSocket {
        let client = try TestSocket(port: proxy.port)
        #expect(try client.reply() == "220 next.example ESMTP")
        try client.send("EHLO second.example\r\n")
        #expect(try server.line() == "EHLO second.example")
        try server.send("250 next.example\r\n")
        #expect(try client.reply() == "250 next.example")
        return client
    }

    @Test func `to the next hop serve client after client`() async throws {
        try await withOneLoop { proxy in
            let server = try oneMessage(proxy)
            for _ in 1...3 {
                let client = try nextClient(proxy, server)
                for command in ["MAIL FROM:<a@x.example>", "RCPT TO:<b@y.example>"] {
                    try client.send("\(command)\r\n")
                    #expect(try server.line() == command)
                    try server.send("250 2.1.0 Ok\r\n")
                    _ = try client.reply()
                }
                try client.send("DATA\r\n")
                _ = try server.line()
                try server.send("354 go on\r\n")
                _ = try client.reply()
                try finish(client, server)
            }
        }
    }

    @Test func `to the next hop are parted from when nobody comes in time`() async throws {
        try await withOneLoop("timeouts.connection_cache = 1") { proxy in
            let server = try oneMessage(proxy)
            #expect(try server.line() == "QUIT")
            try server.send("221 2.0.0 Bye\r\n")
            #expect(try server.rest() == "")
        }
    }

    @Test func `to the next hop are not shared where that is not wanted`() async throws {
        try await withOneLoop("timeouts.connection_cache = 0") { proxy in
            let (client, server) = try proxy.sessionInContent()
            try client.send(".\r\nQUIT\r\n")
            #expect(try server.bytes(through: "QUIT\r\n") == ".\r\nQUIT\r\n")
        }
    }

    @Test func `to the next hop are not used any more when it has spoken or closed`() async throws {
        for hasSpoken in [true, false] {
            try await withOneLoop { proxy in
                let server = try oneMessage(proxy)
                if hasSpoken { try server.send("421 4.3.2 Going down\r\n") } else { server.close() }
                // By then the filter has heard of it.
                try await Task.sleep(for: .milliseconds(200))
                let (client, _) = try proxy.introducedSession()
                client.close()
            }
        }
    }

    @Test func `to a next hop of an older configuration are not used`() async throws {
        try await withOneLoop { proxy in
            let server = try oneMessage(proxy)
            let other = try TestListener()
            proxy.reload { $0.nextHop = .host("127.0.0.1", port: other.port) }
            let client = try TestSocket(port: proxy.port)
            try other.accept().send("220 other.example ESMTP\r\n")
            #expect(try client.reply() == "220 other.example ESMTP")
            #expect(try server.line() == "QUIT")
        }
    }

    @Test func `to the next hop do not hold up a stop`() async throws {
        try await withOneLoop { proxy in
            let server = try oneMessage(proxy)
            try await proxy.stop()
            #expect(try server.line() == "QUIT")
        }
    }

    @Test func `of clients are no more than may be, on however many loops they come in`()
        async throws
    {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 4)
        let proxy = try await LiveProxy("limits.sessions = 1", group: group)
        var waiting = try (1...8).map { _ in try TestSocket(port: proxy.port) }
        while !waiting.isEmpty {
            let server = try proxy.nextHop.accept()
            try server.send("220 next.example\r\n")
            try await eventually { waiting.contains { !$0.isSilent(milliseconds: 1) } }
            let greeted = waiting.filter { !$0.isSilent(milliseconds: 20) }
            #expect(greeted.count == 1)
            greeted.first?.close()
            waiting.removeAll { $0 === greeted.first }
        }
    }

    @Test func `cannot be taken at a place where another filter does`() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let proxy = try await LiveProxy(group: group)
        let failure = await #expect(throws: ListenFailure.self) {
            try await LiveProxy(port: proxy.port, group: group)
        }
        #expect(failure?.reason == "address already in use")
    }
}
