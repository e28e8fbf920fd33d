// The sockets where connections come in: one for each event loop, so that a connection is served
// where it was taken. Handing it to another thread would cost more than greeting it.

import HostAccess
import NIOCore
import NIOPosix

/// Makes the listening sockets of a server.
struct Listening {
    let group: MultiThreadedEventLoopGroup
    let backlog: Int
    let sessions: SessionCount
    /// Makes the handler of a connection.
    let handler: @Sendable (any Channel) -> ClientHandler

    /// Listens at an address, on each event loop.
    func listen(at address: NIOCore.SocketAddress) async throws(ListenFailure) -> [any Channel] {
        let loops = Array(group.makeIterator())
        guard let first = loops.first, loops.count > 1, address.port != nil else {
            return [try await bind(on: group, at: address, isShared: false)]
        }
        // Sockets that share an address would share it with those of a second filter, too: this one
        // fails if anybody has the address.
        let guardian = try await bind(on: first, at: address, isShared: false)
        let place = guardian.localAddress ?? address
        var listeners: [any Channel] = []
        do {
            try await guardian.close()
            for loop in loops {
                listeners.append(try await bind(on: loop, at: place, isShared: true))
            }
        } catch {
            for listener in listeners { listener.close(promise: nil) }
            throw error as? ListenFailure ?? failure(address, error)
        }
        return listeners
    }

    private func bind(
        on group: any EventLoopGroup, at address: NIOCore.SocketAddress, isShared: Bool
    ) async throws(ListenFailure) -> any Channel {
        let (sessions, handler) = (sessions, handler)
        var bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: Int32(backlog))
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.maxMessagesPerRead, value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptGate(sessions: sessions))
                }
            }
            .childChannelOption(.recvAllocator, value: ReadSizes.allocator)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(handler(channel))
                }
            }
        if isShared {
            let reusePort = NIOBSDSocket.Option(rawValue: ServiceProcess.sharedAddressOption)
            bootstrap = bootstrap.serverChannelOption(.socketOption(reusePort), value: 1)
        }
        do {
            return try await bootstrap.bind(to: address).get()
        } catch {
            throw failure(address, error)
        }
    }

    private func failure(_ address: NIOCore.SocketAddress, _ error: any Error) -> ListenFailure {
        ListenFailure(address: address, reason: ConnectionFault.words(of: error))
    }
}
