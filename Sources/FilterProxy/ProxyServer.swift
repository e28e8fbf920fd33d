// Listens, and makes a session of every connection.

package import Logging
package import NIOCore
package import NIOPosix
import ServiceLifecycle
import Synchronization

/// The content filter as a service: takes connections until it is told to stop, then lets the
/// messages under way come to their end.
package final class ProxyServer: Service {
    private let listeners: [any Channel]
    private let shared: Shared
    private let logger: Logger

    /// What the listeners' connections are made with.
    private final class Shared: Sendable {
        let settings: Mutex<SessionSettings>
        let drainSeconds: Mutex<Int>
        let sessions: SessionCount
        let loops: AllLoopSessions

        init(
            _ settings: SessionSettings, limits: ServerLimits, group: MultiThreadedEventLoopGroup
        ) {
            self.settings = Mutex(settings)
            drainSeconds = Mutex(limits.drainSeconds)
            sessions = SessionCount(limit: limits.sessions)
            loops = AllLoopSessions(group)
        }
    }

    private init(listeners: [any Channel], shared: Shared, logger: Logger) {
        self.listeners = listeners
        self.shared = shared
        self.logger = logger
    }

    /// A server that listens already.
    package static func listening(
        at addresses: [SocketAddress], limits: ServerLimits, settings: SessionSettings,
        group: MultiThreadedEventLoopGroup, logger: Logger
    ) async throws(ListenFailure) -> ProxyServer {
        let shared = Shared(settings, limits: limits, group: group)
        let listening = Listening(
            group: group, backlog: limits.backlog, sessions: shared.sessions
        ) { channel in
            ClientHandler(
                settings: shared.settings.withLock { $0 },
                sessions: shared.loops.sessions(of: channel.eventLoop))
        }
        var listeners: [any Channel] = []
        for address in addresses {
            do {
                listeners += try await listening.listen(at: address)
            } catch {
                for listener in listeners { listener.close(promise: nil) }
                throw error
            }
        }
        return ProxyServer(listeners: listeners, shared: shared, logger: logger)
    }

    /// The addresses that are listened at.
    package var addresses: Set<SocketAddress> { Set(listeners.compactMap(\.localAddress)) }

    /// Uses other settings for the sessions that begin from now on.
    package func reload(_ settings: SessionSettings, limits: ServerLimits) {
        shared.settings.withLock { $0 = settings }
        shared.sessions.setLimit(limits.sessions)
        shared.drainSeconds.withLock { $0 = limits.drainSeconds }
    }

    /// Serves until shutdown is asked for, and returns when all sessions have ended.
    package func run() async throws {
        try await gracefulShutdown()
        for listener in listeners { listener.close(promise: nil) }
        let deadline = shared.drainSeconds.withLock { $0 }
        logger.info("stopping", metadata: ["deadline_seconds": .stringConvertible(deadline)])
        let ended = await drained(within: deadline)
        guard !ended else { return }
        logger.warning("sessions were cut off: they did not end within the deadline")
        shared.loops.forEach { $0.closeAll() }
    }

    /// True if all sessions have ended within so many seconds.
    private func drained(within seconds: Int) async -> Bool {
        let (ends, ending) = AsyncStream.makeStream(of: Bool.self)
        shared.loops.forEach { $0.drain() }
        shared.sessions.whenEmpty { ending.yield(true) }
        let timer = Task {
            try await Task.sleep(for: .seconds(seconds))
            ending.yield(false)
        }
        defer { timer.cancel() }
        for await hasEnded in ends { return hasEnded }
        return false
    }
}

/// How much a server takes on.
package struct ServerLimits: Equatable, Sendable {
    /// How many sessions at a time; further connections wait in the backlog.
    package var sessions = 500
    /// How many connections the kernel keeps waiting.
    package var backlog = 512
    /// How long sessions may take to end after the server was told to stop.
    package var drainSeconds = 30

    package init() {}
}

/// An address that could not be listened at.
package struct ListenFailure: Error {
    package let address: SocketAddress
    package let reason: String
}
