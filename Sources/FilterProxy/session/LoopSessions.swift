// The sessions of one event loop: watches the time for all of them with one timer.
//
// A timer for each session would cost more than the rest of a short one.

import NIOCore
import NIOPosix
import SMTPProtocol

/// The sessions of one event loop, and what is about to close there.
final class LoopSessions {
    let loop: any EventLoop
    private var sessions: [ObjectIdentifier: ProxiedSession] = [:]
    /// Channels that get a while to close by themselves, those first that are to be closed first.
    private var closing: CircularBuffer<(channel: any Channel, deadline: NIODeadline)> = []
    /// The connections to the next hop that wait for another client.
    var resting: RestingConnections
    private var isTicking = false
    private(set) var isDraining = false

    init(loop: any EventLoop, restingLimit: Int) {
        self.loop = loop
        resting = RestingConnections(limit: restingLimit)
    }

    func add(_ session: ProxiedSession) {
        sessions[ObjectIdentifier(session)] = session
        tick()
        if isDraining { session.handle { $0.drain(&$1) } }
    }

    func remove(_ session: ProxiedSession) { sessions[ObjectIdentifier(session)] = nil }

    /// Asks all sessions to end as soon as that costs nothing.
    func drain() {
        isDraining = true
        resting.leaveAll()
        for session in sessions.values { session.handle { $0.drain(&$1) } }
    }

    /// Closes all that is open.
    func closeAll() {
        for session in sessions.values { session.client.close(promise: nil) }
    }

    /// Keeps a connection to the next hop for a session to come; false if it is to be closed.
    func keep(
        _ connection: NextHopHandler, to nextHop: ServerAddress, greeting: [UInt8],
        limits: ReuseLimits
    ) -> Bool {
        guard !isDraining,
            resting.add(connection, to: nextHop, greeting: greeting, limits: limits)
        else { return false }
        tick()
        return true
    }

    /// How long a channel gets to close by itself.
    private static let farewell = TimeAmount.seconds(5)

    /// Closes a channel in a while, if it is still open then.
    func closeLater(_ channel: any Channel) {
        closing.append((channel, .now() + Self.farewell))
        tick()
    }

    private func tick() {
        guard !isTicking else { return }
        isTicking = true
        let bound = NIOLoopBound(self, eventLoop: loop)
        loop.scheduleTask(in: .seconds(1)) { bound.value.look() }
    }

    private func look() {
        isTicking = false
        let now = NIODeadline.now()
        while let first = closing.first, first.deadline <= now {
            closing.removeFirst()
            first.channel.close(promise: nil)
        }
        for session in sessions.values { session.checkTime(now) }
        resting.leave(at: now)
        if !sessions.isEmpty || !closing.isEmpty || !resting.isEmpty { tick() }
    }
}

/// The sessions of all event loops of a server.
final class AllLoopSessions: Sendable {
    private let all: [NIOLoopBoundBox<LoopSessions>]

    /// So many connections to the next hop wait for another client, on all loops together: as many
    /// as Postfix makes to one destination by default.
    private static let restingLimit = 20

    init(_ group: MultiThreadedEventLoopGroup) {
        let loops = Array(group.makeIterator())
        all = loops.map { loop in
            NIOLoopBoundBox.makeBoxSendingValue(
                LoopSessions(
                    loop: loop, restingLimit: max(1, Self.restingLimit / loops.count)),
                eventLoop: loop)
        }
    }

    /// Those of one event loop; to be called on it.
    func sessions(of loop: any EventLoop) -> LoopSessions {
        guard let found = all.first(where: { $0.eventLoop === loop }) else {
            preconditionFailure("the event loop is of another group")
        }
        return found.value
    }

    /// Calls `body` on each event loop.
    func forEach(_ body: @escaping @Sendable (LoopSessions) -> Void) {
        for sessions in all { sessions.eventLoop.execute { body(sessions.value) } }
    }
}
