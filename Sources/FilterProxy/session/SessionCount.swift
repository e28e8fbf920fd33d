// How many sessions there are, so that a server takes no more than its limit.

import Synchronization

/// The number of connections of a server.
final class SessionCount: Sendable {
    private struct State {
        /// How many connections have been taken and are not closed.
        var taken = 0
        var limit: Int
        /// Whom to tell when there is room again, or when the last connection is closed.
        var whenRoom: [@Sendable () -> Void] = []
        var whenEmpty: [@Sendable () -> Void] = []
    }

    private let state: Mutex<State>

    init(limit: Int) { state = Mutex(State(limit: limit)) }

    /// Takes another limit; sessions above it go on.
    func setLimit(_ limit: Int) {
        let waiting = state.withLock { state in
            state.limit = limit
            defer { state.whenRoom = [] }
            return state.whenRoom
        }
        for tell in waiting { tell() }
    }

    /// True if there is room for one more; else `tell` is called once when there is.
    func hasRoom(orTell tell: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            if state.taken < state.limit { return true }
            state.whenRoom.append(tell)
            return false
        }
    }

    /// Takes a connection if there is room for it; else `tell` is called once when there is.
    func take(orTell tell: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            guard state.taken < state.limit else {
                state.whenRoom.append(tell)
                return false
            }
            state.taken += 1
            return true
        }
    }

    /// A connection that was taken is closed.
    func release() {
        let waiting = state.withLock { state in
            state.taken -= 1
            var waiting: [@Sendable () -> Void] = []
            if state.taken < state.limit { swap(&waiting, &state.whenRoom) }
            if state.taken == 0 {
                waiting += state.whenEmpty
                state.whenEmpty = []
            }
            return waiting
        }
        for tell in waiting { tell() }
    }

    /// Calls `tell` when there is no connection.
    func whenEmpty(_ tell: @escaping @Sendable () -> Void) {
        let isEmpty = state.withLock { state in
            if state.taken > 0 { state.whenEmpty.append(tell) }
            return state.taken == 0
        }
        if isEmpty { tell() }
    }
}
