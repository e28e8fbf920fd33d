// One conversation with a service: a request out, an answer in, and closed whatever happens.
//
// Cancelling the task ends it at once, in whatever state the connection is.

import HostAccess
import NIOCore
import NIOPosix
import Synchronization

/// Talks to a service that listens at an address, over a new connection each time.
struct ServiceClient: Sendable {
    let address: ServerAddress
    let eventLoops: any EventLoopGroup

    /// A local service answers in milliseconds; a lost packet is sent again after one second.
    private static let connectTimeout = TimeAmount.seconds(10)

    /// Sends and receives at the same time, until the answer is whole.
    ///
    /// A service may answer and close without having read all: what counts is its answer.
    func talk<Inbound: Sendable, Outbound: Sendable, Answer: Sendable>(
        configure: @escaping @Sendable (any Channel) throws -> Void = { _ in },
        send: @escaping @Sendable (NIOAsyncChannelOutboundWriter<Outbound>) async throws -> Void,
        receive: @escaping @Sendable (NIOAsyncChannelInboundStream<Inbound>) async throws -> Answer
    ) async throws(HookFailure) -> Answer {
        do {
            let connection: NIOAsyncChannel<Inbound, Outbound> = try await connect(configure)
            return try await connection.executeThenClose { inbound, outbound in
                try await withThrowingTaskGroup(of: Answer?.self) { group in
                    group.addTask {
                        try await Self.ignoringClosedConnection { try await send(outbound) }
                        return nil
                    }
                    group.addTask { try await receive(inbound) }
                    defer { group.cancelAll() }
                    while let result = try await group.next() {
                        if let answer = result { return answer }
                    }
                    throw HookFailure("no answer")
                }
            }
        } catch {
            throw failure(error)
        }
    }

    private static func ignoringClosedConnection(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let error as FileError {
            throw error
        } catch let error as HookFailure {
            throw error
        } catch {
            // The end of the connection is seen where the answer is read.
        }
    }

    private func failure(_ error: any Error) -> HookFailure {
        switch error {
        case let failure as HookFailure: failure
        case let error as FileError: HookFailure(error)
        case is CancellationError: HookFailure("ended before its time")
        case ChannelError.connectTimeout, is IOError, is NIOConnectionError:
            HookFailure("\(address): \(ConnectionFault.words(of: error))")
        default: HookFailure("\(address): connection lost")
        }
    }

    // The connection.

    private func connect<Inbound: Sendable, Outbound: Sendable>(
        _ configure: @escaping @Sendable (any Channel) throws -> Void
    ) async throws -> NIOAsyncChannel<Inbound, Outbound> {
        let attempt = Attempt()
        let initialize = { @Sendable (channel: any Channel) in
            attempt.began(channel)
            return channel.eventLoop.makeCompletedFuture {
                try configure(channel)
                return try NIOAsyncChannel<Inbound, Outbound>(
                    wrappingChannelSynchronously: channel)
            }
        }
        let bootstrap = ClientBootstrap(group: eventLoops)
            .connectTimeout(Self.connectTimeout)
        return try await withTaskCancellationHandler {
            switch try address.route() {
            case .address(let address):
                try await bootstrap.connect(to: address, channelInitializer: initialize)
            case .name(let host, let port):
                try await bootstrap.connect(
                    host: host, port: port, channelInitializer: initialize)
            }
        } onCancel: {
            attempt.cancel()
        }
    }
}

/// The channels of an attempt to connect, to be closed if it is given up.
private final class Attempt: Sendable {
    private struct State {
        var channels: [any Channel] = []
        var isCancelled = false
    }

    private let state = Mutex(State())

    func began(_ channel: any Channel) {
        let isTooLate = state.withLock { state in
            state.channels.append(channel)
            return state.isCancelled
        }
        if isTooLate { channel.close(promise: nil) }
    }

    func cancel() {
        let channels = state.withLock { state in
            state.isCancelled = true
            return state.channels
        }
        for channel in channels { channel.close(promise: nil) }
    }
}

extension NIOAsyncChannelInboundStream<ByteBuffer> {
    /// All that comes until the connection is closed, or until it is enough.
    ///
    /// - Throws: `HookFailure` if more than `limit` bytes come.
    func collect(
        limit: Int, until isEnough: @Sendable (ByteBuffer) -> Bool
    ) async throws -> ByteBuffer {
        var answer = ByteBuffer()
        for try await piece in self {
            answer.writeImmutableBuffer(piece)
            guard answer.readableBytes <= limit else {
                throw HookFailure("an answer of more than \(limit) bytes")
            }
            if isEnough(answer) { break }
        }
        try Task.checkCancellation()
        return answer
    }
}
