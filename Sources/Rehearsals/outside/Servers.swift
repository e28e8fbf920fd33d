// The servers around a rehearsed system, on event loops of their own: mail servers and the name
// server of the outside, relays in the place of content filters, and the system log.

package import Bytes
import HostAccess
package import Instances
import NIOCore
import NIOPosix
import Synchronization

/// What the servers of a rehearsal share and have taken.
package final class OutsideRecords: Sendable {
    private let names: Mutex<NameTable>
    private let transactions = Mutex<[SinkTransaction]>([])
    private let logged = Mutex<[UInt8]>([])

    /// 256 MiB of log: a rehearsal that says more is in a loop.
    private static let limitLogBytes = 1 << 28

    package init(_ names: NameTable) { self.names = Mutex(names) }

    /// The names of the world as they are now.
    package func withNames<Result: Sendable>(
        _ body: (inout sending NameTable) -> sending Result
    ) -> Result {
        names.withLock(body)
    }

    /// What mail servers were given so far.
    package var received: [SinkTransaction] { transactions.withLock { $0 } }

    func record(_ transaction: SinkTransaction) {
        transactions.withLock { $0.append(transaction) }
    }

    /// What was logged from a byte on.
    package func log(from offset: Int) -> [UInt8] {
        logged.withLock { Array($0[min(offset, $0.count)...]) }
    }

    func log(_ line: ByteString) {
        logged.withLock { bytes in
            if bytes.count < Self.limitLogBytes { bytes += line.bytes }
        }
    }
}

/// Runs servers on sockets that are bound already.
package final class OutsideServers {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let records: OutsideRecords
    let rules: SinkRules

    package init(_ records: OutsideRecords, rules: SinkRules) {
        self.records = records
        self.rules = rules
    }

    /// Ends this process, and with it all that runs in its namespaces, when its input ends: then
    /// the one who started it is gone.
    package func endWithInput() throws(RehearsalFailure) {
        do {
            _ = try NIOPipeBootstrap(group: group).channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(LifeLine())
                }
            }.takingOwnershipOfDescriptor(input: 0).wait()
        } catch {
            throw .socket("standard input", .inputOutput)
        }
    }

    /// Takes mail on a bound socket.
    package func serveMail(on socket: Int32) throws(RehearsalFailure) {
        let (records, rules) = (records, rules)
        try serve(socket) { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(SinkHandler(records, rules))
            }
        }
    }

    /// Answers name queries over TCP on a bound socket.
    package func serveNames(on socket: Int32) throws(RehearsalFailure) {
        let records = records
        try serve(socket) { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(NameStreamHandler(records))
            }
        }
    }

    /// Answers name queries in datagrams on a bound socket.
    package func serveNameDatagrams(on socket: Int32) throws(RehearsalFailure) {
        let records = records
        do {
            _ = try DatagramBootstrap(group: group).channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(NameDatagramHandler(records))
                }
            }.withBoundSocket(socket).wait()
        } catch {
            throw .socket("name server", .inputOutput)
        }
    }

    /// Takes what programs say to the system's log at a path.
    package func serveLog(
        at path: ByteString, hostName: ByteString
    ) throws(RehearsalFailure) {
        let listener: LogListener
        do throws(SystemError) {
            listener = try LogListener(at: path)
        } catch {
            throw .socket(path, error)
        }
        let records = records
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        // Who logs has no address, and event loops take no message from nobody.
        pool.submit { _ in
            while let message = listener.next() {
                records.log("\(LogStamp.now) \(hostName) \(LogStamp.body(of: message))\n")
            }
        }
    }

    /// Hands every connection on to another socket of this host, as it is.
    package func relay(from socket: Int32, to target: ListeningSocket) throws(RehearsalFailure) {
        let group = group
        try serve(socket) { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(
                    RelayHandler(target: target, group: group))
            }
        }
    }

    private func serve(
        _ socket: Int32,
        _ initializer: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) throws(RehearsalFailure) {
        do {
            _ = try ServerBootstrap(group: group)
                .serverChannelOption(.backlog, value: 512)
                .childChannelInitializer(initializer)
                .withBoundSocket(socket).wait()
        } catch {
            throw .socket("mail server", .inputOutput)
        }
    }
}

/// Ends the process when its input does.
private final class LifeLine: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func channelInactive(context: ChannelHandlerContext) { ThisProcess.exit(status: 1) }
}

extension IPAddress {
    /// The address of a socket.
    init?(_ socket: NIOCore.SocketAddress?) {
        guard let text = socket?.ipAddress else { return nil }
        self.init(ByteString(text))
    }
}
