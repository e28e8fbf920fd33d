// How many sessions there are, so that a server takes no more than its limit.

import NIOCore
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

    /// A connection has been taken.
    func take() { state.withLock { $0.taken += 1 } }

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

/// Keeps connections in the listen backlog while there are as many sessions as there may be.
final class AcceptGate: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel
    typealias OutboundIn = any Channel

    private let sessions: SessionCount

    init(sessions: SessionCount) { self.sessions = sessions }

    func read(context: ChannelHandlerContext) {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        let loop = context.eventLoop
        if sessions.hasRoom(orTell: { loop.execute { bound.value.read() } }) { context.read() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let sessions = sessions
        sessions.take()
        unwrapInboundIn(data).closeFuture.whenComplete { _ in sessions.release() }
        context.fireChannelRead(data)
    }
}
