// The ends of both channels: events of the network become calls of the session.

import NIOCore
import SMTPProtocol

/// The client's end.
final class ClientHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let settings: SessionSettings
    private let sessions: LoopSessions
    private var session: ProxiedSession?

    init(settings: SessionSettings, sessions: LoopSessions) {
        self.settings = settings
        self.sessions = sessions
    }

    func channelActive(context: ChannelHandlerContext) {
        let session = ProxiedSession(
            client: context.channel, settings: settings, siblings: sessions)
        self.session = session
        session.begin()
        sessions.add(session)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        session?.receiveFromClient(unwrapInboundIn(data))
    }

    func channelReadComplete(context: ChannelHandlerContext) { session?.settle() }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        session?.clientWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        guard let ended = session else { return }
        session = nil
        sessions.remove(ended)
        ended.clientClosed()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A connection reset by the client: the end is told by channelInactive.
        context.close(promise: nil)
    }
}

/// The next hop's end.
final class NextHopHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var session: ProxiedSession?
    private let siblings: LoopSessions
    /// The number of the session's attempt to connect that this came from.
    let attempt: Int
    /// When the connection came about.
    let began = NIODeadline.now()
    private(set) var channel: (any Channel)?

    init(session: ProxiedSession, attempt: Int) {
        self.session = session
        siblings = session.siblings
        self.attempt = attempt
    }

    /// True until the connection is closed by either side.
    var isOpen: Bool { channel != nil }

    /// Waits for another session; false if the connection has ended already.
    ///
    /// Whatever comes meanwhile ends it.
    func rest() -> Bool {
        session = nil
        guard let channel, channel.isActive else { return false }
        // It may have been paused for the sake of the client.
        setAutoRead(true, on: channel)
        return true
    }

    /// Serves another session.
    func resume(for session: ProxiedSession) { self.session = session }

    /// Closes at once.
    func drop() {
        session = nil
        channel?.close(promise: nil)
        channel = nil
    }

    /// Says goodbye, and closes when that is answered or after a while.
    func leave() {
        session = nil
        guard let channel else { return }
        channel.writeAndFlush(ByteBuffer(string: "QUIT\r\n"), promise: nil)
        siblings.closeLater(channel)
        self.channel = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        channel = context.channel
        guard let session, session.connected(self) else {
            drop()
            return
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let session else {
            context.close(promise: nil)
            return
        }
        session.receiveFromNextHop(unwrapInboundIn(data))
    }

    func channelReadComplete(context: ChannelHandlerContext) { session?.settle() }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        session?.nextHopWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        let told = session
        session = nil
        channel = nil
        told?.nextHopClosed(self)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A connection reset by the next hop: the end is told by channelInactive.
        context.close(promise: nil)
    }
}

/// Reads on, or does not.
func setAutoRead(_ reads: Bool, on channel: any Channel) {
    do {
        try channel.syncOptions?.setOption(.autoRead, value: reads)
    } catch {
        // Only a closed channel has no options, and it tells that it is closed.
    }
}

/// How much is read at a time: a usual message at once, and more while there is more.
enum ReadSizes {
    static let allocator = AdaptiveRecvByteBufferAllocator(
        minimum: 2048, initial: 8192, maximum: 65_536)
}
