// A proxy that runs in this process, between a client and a next hop that the test plays.

import Bytes
import FilterProxy
import Logging
import NIOCore
import NIOPosix
import SMTPProtocol
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

/// A running proxy, and the port where the test plays the next hop.
final class LiveProxy {
    let nextHop: TestListener
    let port: Int
    let server: ProxyServer
    let log = LogLines()
    private let logger: Logger
    private var configuration: FilterConfiguration
    private let process: ProcessResources

    /// Starts one with these settings in its configuration; `change` may change more.
    init(
        _ more: String = "", port: Int = 0, group: MultiThreadedEventLoopGroup = .singleton,
        _ change: (inout FilterConfiguration) -> Void = { _ in }
    ) async throws {
        nextHop = try TestListener()
        var configuration = try ConfigurationReader.read(
            file: "test",
            text: """
                listen = "127.0.0.1:1"
                next_hop = "127.0.0.1:\(nextHop.port)"
                \(more)
                """)
        change(&configuration)
        self.configuration = configuration
        let lines = log
        let logger = Logger(label: "test") { _ in lines.handler }
        self.logger = logger
        process = ProcessResources(
            eventLoops: group, diskThreads: .singleton, hostName: "filter.example",
            log: MessageLog(logger))
        server = try await ProxyServer.listening(
            at: [SocketAddress(ipAddress: "127.0.0.1", port: port)], limits: configuration.limits,
            settings: configuration.sessionSettings(process), group: group, logger: logger)
        self.port = server.addresses.first?.port ?? 0
    }

    /// Changes the configuration for the sessions to come.
    func reload(_ change: (inout FilterConfiguration) -> Void) {
        change(&configuration)
        server.reload(configuration.sessionSettings(process), limits: configuration.limits)
    }

    /// Runs the server and asks it to stop at once; returns when it has.
    func stop() async throws {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: server),
                    .init(
                        service: StopSignal(),
                        successTerminationBehavior: .gracefullyShutdownGroup),
                ], logger: logger))
        try await group.run()
    }

    /// A service that ends at once, so that all others of its group have to.
    private struct StopSignal: Service {
        func run() async throws {}
    }

    /// A client and its next hop, greeted.
    func session() throws -> (client: TestSocket, nextHop: TestSocket) {
        let client = try TestSocket(port: port)
        let server = try nextHop.accept()
        try server.send("220 next.example ESMTP\r\n")
        _ = try client.reply()
        return (client, server)
    }

    /// A session that has said EHLO to a next hop that offers PIPELINING.
    func introducedSession() throws -> (client: TestSocket, nextHop: TestSocket) {
        let (client, server) = try session()
        try client.send("EHLO client.example\r\n")
        _ = try server.line()
        try server.send("250-next.example\r\n250-PIPELINING\r\n250 8BITMIME\r\n")
        _ = try client.reply()
        return (client, server)
    }

    /// A session whose client may send content.
    func sessionInContent() throws -> (client: TestSocket, nextHop: TestSocket) {
        let (client, server) = try introducedSession()
        try client.send("MAIL FROM:<a@x.example>\r\nRCPT TO:<b@y.example>\r\nDATA\r\n")
        for _ in 1...3 { _ = try server.line() }
        try server.send("250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 go on\r\n")
        for _ in 1...3 { _ = try client.reply() }
        return (client, server)
    }

    /// The same where hooks look into messages, so that the next hop knows of no content yet.
    func sessionInSpooledContent() throws -> (client: TestSocket, nextHop: TestSocket) {
        let (client, server) = try introducedSession()
        try client.send("MAIL FROM:<a@x.example>\r\nRCPT TO:<b@y.example>\r\nDATA\r\n")
        for _ in 1...2 { _ = try server.line() }
        try server.send("250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n")
        for _ in 1...3 { _ = try client.reply() }
        return (client, server)
    }
}

/// Waits half a minute at most for something to become true, without holding a thread.
func eventually(_ condition: () -> Bool) async throws {
    for _ in 0..<600 where !condition() { try await Task.sleep(for: .milliseconds(50)) }
    #expect(condition())
}

/// The lines of a log.
final class LogLines: Sendable {
    private let all = Mutex<[String]>([])

    /// The lines so far.
    var lines: [String] { all.withLock { $0 } }

    var handler: any LogHandler { Handler(lines: self) }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let told = (event.metadata ?? [:]).sorted { $0.key < $1.key }
                .map { "\($0.key)=\($0.value)" }
            lines.all.withLock {
                $0.append((["\(event.level) \(event.message)"] + told).joined(separator: " "))
            }
        }
    }
}
