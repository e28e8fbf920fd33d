// A service that does what a test wants, faults above all. It keeps what it has been sent.

import NIOCore
import NIOPosix
import Synchronization

@testable import FilterProxy

/// Listens on a port of its own and treats every connection in the same way.
final class FakeService: Sendable {
    /// What it does with a connection.
    enum Behaviour: Sendable {
        /// Says this and closes, as soon as what it got satisfies the test.
        case answer(String, when: @Sendable (String) -> Bool)
        /// Says this at once and closes, whatever it got.
        case answerAtOnce(String)
        case closeAtOnce
        /// Reads and says nothing.
        case silence
        /// Does not even read.
        case deafness
        /// Says this again and again, without an end, as soon as it has got something.
        case flood(String)
    }

    private struct State {
        var received: [UInt8] = []
        var closed = 0
    }

    private let state = Mutex(State())
    private let closures: AsyncStream<Void>
    private let closing: AsyncStream<Void>.Continuation
    private let behaviour: Behaviour
    private let listener: Mutex<(any Channel)?> = Mutex(nil)

    private init(_ behaviour: Behaviour) {
        self.behaviour = behaviour
        (closures, closing) = AsyncStream.makeStream(of: Void.self)
    }

    static func start(_ behaviour: Behaviour) async throws -> FakeService {
        let service = FakeService(behaviour)
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelOption(.autoRead, value: behaviour.reads)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(service))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        service.listener.withLock { $0 = channel }
        return service
    }

    var client: ServiceClient {
        let port = listener.withLock { $0?.localAddress?.port } ?? 0
        return ServiceClient(
            address: .host("127.0.0.1", port: port),
            eventLoops: .singletonMultiThreadedEventLoopGroup)
    }

    /// What it has been sent.
    var received: String {
        String(decoding: state.withLock { $0.received }, as: UTF8.self)
    }

    /// Waits until a client has closed its connection.
    func closedByClient() async {
        for await _ in closures { return }
    }

    /// Listens no more.
    func stop() async throws {
        try await listener.withLock { $0 }?.close().get()
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let service: FakeService
        private var text = ""

        init(_ service: FakeService) { self.service = service }

        func channelActive(context: ChannelHandlerContext) {
            switch service.behaviour {
            case .answerAtOnce(let answer): say(answer, context)
            case .closeAtOnce: context.close(promise: nil)
            case .answer, .flood, .silence, .deafness: break
            }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = Array(unwrapInboundIn(data).readableBytesView)
            service.state.withLock { $0.received += bytes }
            if case .flood(let answer) = service.behaviour, text.isEmpty { flood(answer, context) }
            text += String(decoding: bytes, as: UTF8.self)
            if case .answer(let answer, let isDue) = service.behaviour, isDue(text) {
                say(answer, context)
            }
        }

        private func say(_ answer: String, _ context: ChannelHandlerContext) {
            let channel = context.channel
            channel.writeAndFlush(ByteBuffer(string: answer)).whenComplete { _ in
                channel.close(mode: .output, promise: nil)
            }
        }

        private func flood(_ answer: String, _ context: ChannelHandlerContext) {
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            context.writeAndFlush(NIOAny(ByteBuffer(string: answer))).whenSuccess {
                bound.value.0.flood(answer, bound.value.1)
            }
        }

        func channelInactive(context: ChannelHandlerContext) { service.closing.yield() }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}

extension FakeService.Behaviour {
    fileprivate var reads: Bool { if case .deafness = self { false } else { true } }
}
