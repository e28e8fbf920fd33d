// Does what the machine says, in its order.

import HostAccess
import NIOCore
import NIOPosix
import SMTPProtocol

extension ProxiedSession {
    /// Does all actions; ranges are of the readable bytes of `source`.
    func perform(on source: ByteBuffer) {
        guard !actions.isEmpty else { return }
        // An action may end a connection, and that is an event with actions of its own.
        var taken = ProxyActions()
        swap(&taken, &actions)
        for action in taken.list { perform(action, on: source) }
        taken.removeAll()
        if actions.isEmpty { swap(&taken, &actions) }
    }

    private func perform(_ action: ProxyAction, on source: ByteBuffer) {
        switch action {
        case .passToNextHop(let range): writeNextHop(source.part(range))
        case .passToClient(let range): writeClient(source.part(range))
        case .tellNextHop(let bytes): writeNextHop(ByteBuffer(bytes: bytes))
        case .tellClient(let bytes): writeClient(ByteBuffer(bytes: bytes))
        case .connectNextHop: connectNextHop()
        case .leaveNextHop: leaveNextHop()
        case .restNextHop(let greeting): restNextHop(greeting)
        case .dropNextHop: dropNextHop()
        case .closeClient(let isQuit): closeClient(isQuit)
        case .transactionBegan:
            if machine.awaitsEndOfMessage {
                nextMessageBegan = .now()
            } else {
                messageBegan = .now()
            }
        case .contentBegan(let envelope):
            writeNextHop(settings.hooks.prologue(envelope, at: LiveClock().nowSeconds))
        case .spool(let range): appendToSpool(source.part(range))
        case .spoolBytes(let bytes): appendToSpool(ByteBuffer(bytes: bytes))
        case .inspect(let envelope): inspect(envelope)
        case .sendSpooled: sendSpooled()
        case .discardSpool: giveUpSpool()
        case .finished(let message): finish(message)
        case .refused(let reply): settings.log.refused(reply)
        }
    }

    func writeNextHop(_ bytes: ByteBuffer) {
        nextHop?.channel?.write(bytes, promise: nil)
        hasWrittenNextHop = true
    }

    private func writeClient(_ bytes: ByteBuffer) {
        client.write(bytes, promise: nil)
        hasWrittenClient = true
    }

    private func finish(_ message: FinishedMessage) {
        settings.log.finished(message, findings, took: .now() - messageBegan)
        if let began = nextMessageBegan { messageBegan = began }
        nextMessageBegan = nil
        findings = Findings()
    }

    // The connection to the next hop.

    private func connectNextHop() {
        attempt += 1
        let ours = attempt
        let bound = NIOLoopBound(self, eventLoop: client.eventLoop)
        let bootstrap = ClientBootstrap(group: client.eventLoop)
            .connectTimeout(settings.timeouts.connect.amount)
            .channelOption(.recvAllocator, value: ReadSizes.allocator)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = NextHopHandler(session: bound.value, attempt: ours)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
        settings.nextHop.connect(bootstrap, on: client.eventLoop).whenFailure { error in
            bound.value.connectionFailed(error, attempt: ours)
        }
    }

    /// A connection has come about; false if it is not wanted any more.
    func connected(_ handler: NextHopHandler) -> Bool {
        guard handler.attempt == attempt else { return false }
        nextHop = handler
        handle { machine, _ in machine.nextHopConnected() }
        return true
    }

    private func connectionFailed(_ error: any Error, attempt ours: Int) {
        guard ours == attempt else { return }
        let reason = ConnectionFault.words(of: error)
        settings.log.unreachable(settings.nextHop, reason)
        handle { $0.nextHopLost(reason, &$1) }
    }

    func nextHopClosed(_ handler: NextHopHandler) {
        guard nextHop === handler else { return }
        forgetNextHop()
        handle { $0.nextHopLost("connection lost", &$1) }
    }

    /// Closes at once: what the next hop has of a message it must not take for a whole one.
    func dropNextHop() { forgetNextHop()?.drop() }

    private func leaveNextHop() { forgetNextHop()?.leave() }

    /// Leaves the connection to a session to come.
    private func restNextHop(_ greeting: [UInt8]) {
        guard let connection = forgetNextHop() else { return }
        let isKept = siblings.keep(
            connection, to: settings.nextHop, greeting: greeting, limits: settings.reuse)
        if !isKept { connection.leave() }
    }

    /// Hands out the connection, of which nothing counts any more, nor of an attempt at one.
    @discardableResult
    private func forgetNextHop() -> NextHopHandler? {
        attempt += 1
        fromNextHop = ByteBuffer()
        defer { nextHop = nil }
        return nextHop
    }

    /// Closes when the client has got everything, and has had time to read it.
    private func closeClient(_ isQuit: Bool) {
        let channel = client
        let isDone = fromClient.readableBytes == 0 && isQuit
        if !isDone { siblings.closeLater(channel) }
        channel.writeAndFlush(ByteBuffer()).whenComplete { _ in
            // Closing with bytes unread would make the kernel throw away our last reply.
            channel.close(mode: isDone ? .all : .output, promise: nil)
        }
    }
}
