// What a snapshot says is wrong: a table of processes and sockets.

import Bytes
import Instances
import PostfixFormats
import Testing

@Suite struct `A snapshot` {
    private func socket(_ address: ByteString, _ port: Int) throws -> ListeningSocket {
        ListeningSocket(address: try #require(IPAddress(address)), port: port)
    }

    /// An instance that listens on port 25 of the addresses, on a host where `open` are open.
    private func faults(
        _ member: InstanceSet.Member, _ process: Observed<ProcessState>,
        listens addresses: [ByteString] = [], open: Observed<[ByteString]> = .known([]),
        hostAddresses: [ByteString] = ["127.0.0.1", "::1"]
    ) throws -> [StatusFault] {
        let listener = Listener(
            service: "smtp", command: "smtpd", line: 1,
            addresses: .known(try addresses.map { try #require(IPAddress($0)) }),
            port: .known(25))
        let instance = InstanceSnapshot(
            member: member, parameters: nil, services: .unknown(reason: ""),
            listeners: [listener], process: process, queues: .known([]),
            lastProblem: .known(nil))
        let sockets: Observed<Set<ListeningSocket>> =
            switch open {
            case .known(let words): .known(Set(try words.map { try socket($0, 25) }))
            case .unknown(let reason): .unknown(reason: reason)
            }
        return Snapshot(
            takenSeconds: 0, hostAddresses: .known(hostAddresses), listeningSockets: sockets,
            instances: [instance]
        ).faults(of: instance)
    }

    private let running = Observed.known(ProcessState.running(processID: 7, sinceSeconds: nil))
    private let stopped = Observed.known(ProcessState.stopped)
    private let unseen = Observed<ProcessState>.unknown(reason: "Permission denied")
    private let enabled = InstanceSet.Member.instance(secondary("postfix-x", isEnabled: true))
    private let disabled = InstanceSet.Member.instance(secondary("postfix-x"))

    @Test func `of a broken instance says why`() throws {
        let member = broken("/etc/postfix-x")
        #expect(try faults(.broken(member), unseen) == [.broken(member.reason)])
    }

    @Test func `finds fault with what is enabled and stopped, and only with that`() throws {
        #expect(try faults(enabled, stopped, listens: ["127.0.0.1"]) == [.notRunning])
        #expect(try faults(disabled, stopped, listens: ["127.0.0.1"]) == [])
        #expect(try faults(enabled, running) == [])
        #expect(try faults(enabled, unseen) == [])
    }

    @Test(
        arguments: [
            (["127.0.0.1"], ["127.0.0.1"], []),
            (["127.0.0.1", "192.0.2.1"], ["127.0.0.1"], ["192.0.2.1"]),
            // A socket for all addresses takes connections for each of the same protocol.
            (["127.0.0.1"], ["0.0.0.0"], []), (["::1"], ["::"], []),
            (["127.0.0.1"], ["::"], ["127.0.0.1"]), (["::1"], ["0.0.0.0"], ["::1"]),
            // One for one address is not what was asked for.
            (["0.0.0.0"], ["127.0.0.1"], ["0.0.0.0"]), (["::"], ["::1"], ["::"]),
            (["0.0.0.0", "::"], ["0.0.0.0", "::"], []),
        ] as [([ByteString], [ByteString], [ByteString])])
    func `compares what should listen with what does`(
        _ wanted: [ByteString], _ open: [ByteString], _ missing: [ByteString]
    ) throws {
        let expected = try missing.map { StatusFault.notListening(try socket($0, 25)) }
        #expect(try faults(enabled, running, listens: wanted, open: .known(open)) == expected)
        #expect(try faults(disabled, running, listens: wanted, open: .known(open)) == expected)
        // Without the right to see the process, an enabled one has to listen all the same.
        #expect(try faults(enabled, unseen, listens: wanted, open: .known(open)) == expected)
        #expect(try faults(disabled, unseen, listens: wanted, open: .known(open)) == [])
    }

    @Test func `blames nobody for sockets that cannot be seen`() throws {
        let open = Observed<[ByteString]>.unknown(reason: "no /proc")
        #expect(try faults(enabled, running, listens: ["127.0.0.1"], open: open) == [])
    }

    @Test func `wants no IPv6 of a host that has none`() throws {
        let found = try faults(
            enabled, running, listens: ["0.0.0.0", "::"], open: .known(["0.0.0.0"]),
            hostAddresses: ["127.0.0.1"])
        #expect(found == [])
    }
}
