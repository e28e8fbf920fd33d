// The limit of sessions at the door: connections above it wait, unseen by their clients.

import NIOCore

/// Keeps connections waiting while there are as many sessions as there may be: in the listen
/// backlog, but for one that was taken while another event loop took the last place.
final class AcceptGate: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel
    typealias OutboundIn = any Channel

    private let sessions: SessionCount
    /// Taken, but not greeted yet.
    private var waiting: (any Channel)?
    /// True if more is to be read when that has been admitted.
    private var isReadWanted = false

    init(sessions: SessionCount) { self.sessions = sessions }

    func read(context: ChannelHandlerContext) {
        guard waiting == nil else {
            isReadWanted = true
            return
        }
        if sessions.hasRoom(orTell: later(context) { $0.read(context: $1) }) { context.read() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        waiting = unwrapInboundIn(data)
        admit(context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        waiting?.close(promise: nil)
        waiting = nil
        context.fireChannelInactive()
    }

    private func admit(_ context: ChannelHandlerContext) {
        guard let channel = waiting, sessions.take(orTell: later(context) { $0.admit($1) })
        else { return }
        waiting = nil
        let sessions = sessions
        channel.closeFuture.whenComplete { _ in sessions.release() }
        context.fireChannelRead(wrapInboundOut(channel))
        guard isReadWanted else { return }
        isReadWanted = false
        read(context: context)
    }

    /// What calls `body` on this event loop, from whatever thread there is room again.
    private func later(
        _ context: ChannelHandlerContext,
        _ body: @escaping @Sendable (AcceptGate, ChannelHandlerContext) -> Void
    ) -> @Sendable () -> Void {
        let loop = context.eventLoop
        let bound = NIOLoopBound((gate: self, context: context), eventLoop: loop)
        return { loop.execute { body(bound.value.gate, bound.value.context) } }
    }
}
