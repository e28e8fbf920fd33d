// What is wrong with an instance at one time: what should run and does not, what should listen and
// does not. Judges a snapshot only; the deeper checks are elsewhere.

import Bytes

/// Something that is not as the configuration wants it.
package enum StatusFault: Hashable, Sendable {
    /// The instance's configuration cannot be used.
    case broken(LoadFailure)
    /// It is enabled, but does not run.
    case notRunning
    /// It should listen there, and nothing does.
    case notListening(ListeningSocket)
}

/// A socket that an instance should listen on, and whether something does.
package struct ListenerState: Hashable, Sendable {
    package var listener: Listener
    package var socket: ListeningSocket
    /// What takes connections there: the very socket, or one for all addresses; nil if nothing
    /// does.
    package var bound: Observed<ListeningSocket?>

    /// True if it is known that nothing listens there.
    package var isMissing: Bool {
        if case .known(nil) = bound { true } else { false }
    }
}

extension Snapshot {
    /// The sockets that an instance should listen on, as far as they are known.
    package func listenerStates(of instance: InstanceSnapshot) -> [ListenerState] {
        instance.listeners.flatMap { listener in
            listener.sockets.compactMap { socket in
                let state = ListenerState(
                    listener: listener, socket: socket, bound: bound(socket))
                // A host without IPv6 has no sockets of it, whatever inet_protocols says.
                return state.isMissing && socket.address.isIPv6 && hasNoIPv6 ? nil : state
            }
        }
    }

    /// What is wrong with an instance; what cannot be seen is not.
    package func faults(of instance: InstanceSnapshot) -> [StatusFault] {
        switch instance.member {
        case .broken(let broken): return [.broken(broken.reason)]
        case .instance(let known):
            switch instance.process {
            case .known(.stopped): return known.isEnabled ? [.notRunning] : []
            case .unknown where !known.isEnabled: return []
            case .known(.running), .unknown:
                return listenerStates(of: instance).filter(\.isMissing)
                    .map { .notListening($0.socket) }
            }
        }
    }

    private func bound(_ socket: ListeningSocket) -> Observed<ListeningSocket?> {
        guard let sockets = listeningSockets.value else {
            return .unknown(reason: listeningSockets.reason ?? "")
        }
        // Postfix's own socket for all IPv6 addresses never takes IPv4 connections.
        let wildcard: IPAddress = socket.address.isIPv6 ? .anyIPv6 : .anyIPv4
        return .known(
            [socket.address, wildcard].map { ListeningSocket(address: $0, port: socket.port) }
                .first(where: sockets.contains))
    }

    private var hasNoIPv6: Bool {
        guard let addresses = hostAddresses.value else { return false }
        return !addresses.contains { IPAddress($0)?.isIPv6 ?? false }
    }
}

extension ListeningSocket: CustomStringConvertible {
    /// The address and the port as people write them.
    package var description: String {
        address.isIPv6 ? "[\(address)]:\(port)" : "\(address):\(port)"
    }
}
