// Connections to the next hop that wait for another client, as those of Postfix's smtp(8) do.

import NIOCore

/// How long connections to the next hop are kept for further clients.
package struct ReuseLimits: Equatable, Sendable {
    /// How long one waits for the next client; with 0, sessions leave none.
    package var cache = Seconds(2)
    /// How long one is used at all.
    package var reuse = Seconds(300)

    package init() {}
}

/// The connections of one event loop that no session uses.
struct RestingConnections {
    private struct Entry {
        let connection: NextHopHandler
        let nextHop: ServerAddress
        let greeting: [UInt8]
        let deadline: NIODeadline
    }

    /// So many wait at a time: each keeps a process of the next hop busy.
    private let limit: Int
    /// Those first that were left first.
    private var entries: CircularBuffer<Entry> = []

    init(limit: Int) { self.limit = limit }

    var isEmpty: Bool { entries.isEmpty }

    /// Keeps a connection over which nothing is under way; false if it is to be closed instead.
    mutating func add(
        _ connection: NextHopHandler, to nextHop: ServerAddress, greeting: [UInt8],
        limits: ReuseLimits
    ) -> Bool {
        let now = NIODeadline.now()
        guard entries.count < limit, now - connection.began < limits.reuse.amount,
            connection.rest()
        else { return false }
        entries.append(
            Entry(
                connection: connection, nextHop: nextHop, greeting: greeting,
                deadline: now + limits.cache.amount))
        return true
    }

    /// The connection that was left last, so that those too many come to the end of their time.
    mutating func take(
        to nextHop: ServerAddress
    ) -> (connection: NextHopHandler, greeting: [UInt8])? {
        while let entry = entries.popLast() {
            guard entry.connection.isOpen else { continue }
            if entry.nextHop == nextHop { return (entry.connection, entry.greeting) }
            // The configuration has changed.
            entry.connection.leave()
        }
        return nil
    }

    /// Parts from all that have waited for long enough.
    mutating func leave(at now: NIODeadline) {
        while let first = entries.first, first.deadline <= now || !first.connection.isOpen {
            entries.removeFirst()
            first.connection.leave()
        }
    }

    /// Parts from all.
    mutating func leaveAll() {
        for entry in entries { entry.connection.leave() }
        entries.removeAll()
    }
}
