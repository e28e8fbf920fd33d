// How many sessions there are, and which: to take no more than the limit, and to drain them.

import NIOCore
import SMTPProtocol
import Synchronization

/// The sessions of a server.
final class SessionCount: Sendable {
    private struct State {
        /// How many connections have been taken and are not closed.
        var taken = 0
        var limit: Int
        var sessions: [ObjectIdentifier: NIOLoopBound<ProxiedSession>] = [:]
        /// Whom to tell when there is room again, or when the last connection is closed.
        var whenRoom: [@Sendable () -> Void] = []
        var whenEmpty: [@Sendable () -> Void] = []
        var isDraining = false
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

    func began(_ session: ProxiedSession, on loop: any EventLoop) {
        let bound = NIOLoopBound(session, eventLoop: loop)
        let isDraining = state.withLock { state in
            state.sessions[ObjectIdentifier(session)] = bound
            return state.isDraining
        }
        if isDraining { loop.execute { bound.value.handle { $0.drain(&$1) } } }
    }

    func ended(_ session: ProxiedSession) {
        state.withLock { $0.sessions[ObjectIdentifier(session)] = nil }
    }

    /// Asks all sessions to end as soon as that costs nothing; `tell` is called when none is left.
    func drain(whenEmpty tell: @escaping @Sendable () -> Void) {
        let (sessions, isEmpty) = state.withLock { state in
            state.isDraining = true
            if state.taken > 0 { state.whenEmpty.append(tell) }
            return (Array(state.sessions.values), state.taken == 0)
        }
        if isEmpty { tell() }
        for session in sessions { session.execute { $0.handle { $0.drain(&$1) } } }
    }

    /// Closes what is left.
    func closeAll() {
        let sessions = state.withLock { Array($0.sessions.values) }
        for session in sessions { session.execute { $0.client.close(promise: nil) } }
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
        if sessions.hasRoom(orTell: { bound.execute { $0.read() } }) { context.read() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let sessions = sessions
        sessions.take()
        unwrapInboundIn(data).closeFuture.whenComplete { _ in sessions.release() }
        context.fireChannelRead(data)
    }
}

extension NIOLoopBound {
    /// Runs `body` on the event loop that the value belongs to.
    func execute(_ body: @escaping @Sendable (Value) -> Void) {
        eventLoop.execute { body(self.value) }
    }
}
