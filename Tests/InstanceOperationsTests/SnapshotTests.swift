// What a snapshot asks of the host, and where it has it from.

import Bytes
import HostAccess
import InstanceOperations
import Instances
import TestSupport
import Testing

@Suite struct `A snapshot` {
    private func snapshot(
        _ memory: InMemoryHost, with details: SnapshotDetails = []
    ) throws -> Snapshot {
        let installation = try Installation.observe(memory.host())
        return SnapshotObserver(memory.host(), installation: installation)
            .snapshot(of: try memory.instances().members, with: details)
    }

    @Test func `has the details that are asked for, and no others`() throws {
        let memory = hostWithPostfix()
        memory.files.addDirectory("/var/spool/postfix/deferred")
        memory.files.addFile("/var/spool/postfix/deferred/4D3B21A2B4", "")
        memory.files.addFile("/var/log/mail.log", "")

        let bare = try #require(snapshot(memory).instances.first)
        #expect(bare.queues == .unknown(reason: "not looked at"))
        #expect(bare.lastProblem == .unknown(reason: "not looked at"))

        let full = try #require(snapshot(memory, with: [.queues, .logs]).instances.first)
        let deferred = full.queues.value?.first { $0.name == "deferred" }
        #expect(deferred?.messages == 1)
        #expect(full.lastProblem == .known(nil))
    }

    @Test func `asks the kernel what listens`() throws {
        var memory = hostWithPostfix()
        memory.network.listening = [
            SocketAddress(addressBytes: [127, 0, 0, 1], port: 10_026),
            SocketAddress(addressBytes: [UInt8](repeating: 0, count: 16), port: 25),
        ]
        let loopback = try #require(IPAddress("127.0.0.1"))
        #expect(
            try snapshot(memory).listeningSockets.value == [
                ListeningSocket(address: loopback, port: 10_026),
                ListeningSocket(address: .anyIPv6, port: 25),
            ])
    }

    @Test func `reads the kernel's tables if it answers no questions`() throws {
        let memory = hostWithPostfix()
        memory.files.addFile("/proc/net/tcp", "0: 0100007F:272A 00000000:0000 0A\n")
        let loopback = try #require(IPAddress("127.0.0.1"))
        #expect(
            try snapshot(memory).listeningSockets.value == [
                ListeningSocket(address: loopback, port: 10_026)
            ])
    }

    @Test func `hears from the kernel what its tables say`() throws {
        func table() throws -> Set<SocketAddress> {
            var sockets: Set<SocketAddress> = []
            for path: ByteString in ["/proc/net/tcp", "/proc/net/tcp6"] {
                let files = LiveFileReading()
                guard try files.status(of: path, followingLinks: true) != nil else { continue }
                let text = ByteString(try files.read(path, limitBytes: 1 << 26).bytes)
                for socket in ListeningSocket.read(table: text) {
                    sockets.insert(
                        SocketAddress(addressBytes: socket.address.bytes, port: socket.port))
                }
            }
            return sockets
        }
        // Others may begin or end to listen meanwhile: then it is asked again.
        for _ in 1...100 {
            let before = try table()
            let heard = Set(try LiveNetwork().listeningSockets())
            if try table() == before {
                #expect(heard == before)
                return
            }
        }
        Issue.record("what listens on this machine changes all the time")
    }
}
