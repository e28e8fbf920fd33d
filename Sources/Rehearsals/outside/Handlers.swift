// The ends of connections to the servers of a rehearsal. What is said there the pure sessions know.

import Bytes
import HostAccess
import Instances
import NIOCore
import NIOPosix

/// A session with a mail server.
final class SinkHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let records: OutsideRecords
    private let rules: SinkRules
    private var session: SinkSession?

    init(_ records: OutsideRecords, _ rules: SinkRules) {
        self.records = records
        self.rules = rules
    }

    func channelActive(context: ChannelHandlerContext) {
        guard let address = IPAddress(context.localAddress),
            let client = IPAddress(context.remoteAddress)
        else { return context.close(promise: nil) }
        let name = records.withNames { $0.name(of: address) }
        let session = SinkSession(
            name: name, address: address, port: context.localAddress?.port ?? 0, client: client,
            rules: rules)
        self.session = session
        send(session.greeting, context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = Array(unwrapInboundIn(data).readableBytesView)
        for action in session?.take(bytes) ?? [] {
            switch action {
            case .send(let text): send(text, context)
            case .record(let transaction): records.record(transaction)
            case .close: context.close(promise: nil)
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func send(_ text: ByteString, _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: text.bytes)), promise: nil)
    }
}

/// Name queries in datagrams.
final class NameDatagramHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias OutboundOut = AddressedEnvelope<ByteBuffer>

    private let records: OutsideRecords

    init(_ records: OutsideRecords) { self.records = records }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let query = unwrapInboundIn(data)
        let bytes = Array(query.data.readableBytesView)
        guard let answer = records.withNames({ $0.answer(bytes) }) else { return }
        let envelope = AddressedEnvelope(
            remoteAddress: query.remoteAddress, data: ByteBuffer(bytes: answer))
        context.writeAndFlush(wrapOutboundOut(envelope), promise: nil)
    }
}

/// Name queries over TCP, each behind its length.
final class NameStreamHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let records: OutsideRecords
    private var waiting: [UInt8] = []

    init(_ records: OutsideRecords) { self.records = records }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        waiting += unwrapInboundIn(data).readableBytesView
        while waiting.count >= 2 {
            let length = Int(waiting[0]) << 8 | Int(waiting[1])
            guard waiting.count >= length + 2 else { return }
            let query = Array(waiting[2..<(length + 2)])
            waiting.removeFirst(length + 2)
            guard let answer = records.withNames({ $0.answer(query) }) else {
                return context.close(promise: nil)
            }
            let head = [UInt8(answer.count >> 8), UInt8(answer.count & 0xFF)]
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: head + answer)), promise: nil)
        }
    }
}

/// One side of a connection that is handed on: what comes here goes to the other side.
final class RelayHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let target: ListeningSocket?
    private let group: MultiThreadedEventLoopGroup?
    private var other: (any Channel)?
    private var waiting: [ByteBuffer] = []

    /// The side that somebody connected to.
    init(target: ListeningSocket, group: MultiThreadedEventLoopGroup) {
        self.target = target
        self.group = group
    }

    /// The side that was connected for it.
    init(other: any Channel) {
        target = nil
        group = nil
        self.other = other
    }

    func channelActive(context: ChannelHandlerContext) {
        guard let target else { return }
        let channel = context.channel
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        // Both sides are on one event loop, so neither can be ahead of the other.
        ClientBootstrap(group: context.eventLoop).channelInitializer { other in
            other.eventLoop.makeCompletedFuture {
                try other.pipeline.syncOperations.addHandler(RelayHandler(other: channel))
            }
        }.connect(host: target.address.description, port: target.port).whenComplete { result in
            switch result {
            case .success(let other): bound.value.join(other)
            case .failure: channel.close(promise: nil)
            }
        }
    }

    private func join(_ channel: any Channel) {
        other = channel
        for buffer in waiting { channel.writeAndFlush(buffer, promise: nil) }
        waiting = []
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        guard let other else { return waiting.append(buffer) }
        other.writeAndFlush(buffer, promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { other?.close(promise: nil) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
