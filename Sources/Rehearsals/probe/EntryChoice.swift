// Where a probe comes in if nobody said so, and from which address its client can reach that.

package import Bytes
package import Instances

/// Where and from whom a probe comes.
package enum ChosenEntry: Hashable, Sendable {
    case network(to: ListeningSocket, from: IPAddress)
    case local(InstanceSet.Member)
}

/// Why a probe can come in nowhere.
package enum EntryProblem: Error, Hashable, Sendable {
    case noListener
    case noInstance(UnknownSelector)
    /// The entry is for the host itself, and the client is another one.
    case unreachable(ListeningSocket, client: IPAddress)

    /// The problem as a sentence fragment.
    package var sentence: ByteString {
        switch self {
        case .noListener: "no instance listens where such a client could reach it"
        case .noInstance(let selector): "no instance is meant by '\(selector.word)'"
        case .unreachable(let socket, let client):
            "\(client.description) cannot reach \(socket.description), which is for the host alone"
        }
    }
}

/// Chooses entries.
package struct EntryChooser {
    private let snapshot: Snapshot
    private let flow: MailFlow
    private let ownAddresses: [IPAddress]

    /// A client that belongs to nobody: for documentation, RFC 5737 and RFC 3849.
    package static let stranger: ByteString = "198.51.100.77"
    package static let strangerIPv6: ByteString = "2001:db8:ffff::77"

    /// - Parameter ownAddresses: The host's addresses that others can reach, its main one first.
    package init(_ snapshot: Snapshot, _ flow: MailFlow, ownAddresses: [IPAddress]) {
        self.snapshot = snapshot
        self.flow = flow
        self.ownAddresses = ownAddresses
    }

    /// The entry of a probe.
    package func choose(_ probe: Probe) throws(EntryProblem) -> ChosenEntry {
        switch probe.entry {
        case .local(let selector):
            do throws(UnknownSelector) {
                let members = snapshot.instances.map(\.member)
                guard let member = try members.selected(by: [selector]).first else {
                    throw UnknownSelector(word: selector, similar: [])
                }
                return .local(member)
            } catch {
                throw .noInstance(error)
            }
        case .listener(let socket):
            let client = probe.client ?? stranger(for: socket.address)
            guard !socket.address.isLoopback || isOwn(client) else {
                throw .unreachable(socket, client: client)
            }
            return .network(to: socket, from: client)
        case .automatic:
            for socket in sockets(for: probe.client) {
                return .network(to: socket, from: probe.client ?? stranger(for: socket.address))
            }
            throw .noListener
        }
    }

    /// The sockets that outsiders can reach, the likeliest first; the host itself reaches all.
    package func sockets(for client: IPAddress?) -> [ListeningSocket] {
        var fed: Set<Int> = []
        for edge in flow.edges {
            if case .instance(let index, _) = edge.target { fed.insert(index) }
        }
        for indices in flow.returns.values { fed.formUnion(indices) }
        var found: [(rank: Int, socket: ListeningSocket)] = []
        for (index, instance) in snapshot.instances.enumerated()
        where instance.instance?.isEnabled == true {
            for listener in instance.listeners where listener.takesMail {
                for socket in listener.sockets.flatMap({ reachable($0, client) }) {
                    let rank = (socket.port == 25 ? 0 : 2) + (fed.contains(index) ? 1 : 0)
                    found.append((rank, socket))
                }
            }
        }
        // Those of one rank stay in the order of instances.
        return (0..<4).flatMap { rank in found.filter { $0.rank == rank }.map(\.socket) }
    }

    /// The socket as a client can reach it: one of the host's addresses in place of all of them.
    private func reachable(
        _ socket: ListeningSocket, _ client: IPAddress?
    ) -> [ListeningSocket] {
        let isIPv6 = socket.address.isIPv6
        if let client, client.isIPv6 != isIPv6 { return [] }
        let isInsider = client.map(isOwn) ?? false
        if socket.address.isLoopback { return isInsider ? [socket] : [] }
        guard socket.address.isWildcard else { return [socket] }
        return ownAddresses.first { $0.isIPv6 == isIPv6 }
            .map { [ListeningSocket(address: $0, port: socket.port)] } ?? []
    }

    private func isOwn(_ address: IPAddress) -> Bool {
        address.isLoopback || ownAddresses.contains(address)
    }

    /// A client for those who name none; on the loopback interface the host itself.
    private func stranger(for address: IPAddress) -> IPAddress {
        if address.isLoopback { return address }
        return IPAddress(address.isIPv6 ? Self.strangerIPv6 : Self.stranger) ?? address
    }
}

extension Listener {
    /// True if it speaks SMTP to strangers.
    fileprivate var takesMail: Bool { command == "smtpd" || command == "postscreen" }
}
