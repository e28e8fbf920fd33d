// Who has to answer on the host, beside the instances, for mail to flow: content filters and
// mailbox servers that a rehearsal does not have. Decides from the flow of mail; starts nobody.

package import Bytes
package import Instances
import PostfixFormats

/// A place of the host where somebody who is no instance should answer.
package struct StandIn: Hashable, Sendable {
    package var socket: ListeningSocket
    /// The instance that sends there, and by which parameter.
    package var sender: ByteString
    package var parameter: ByteString
    package var role: Role

    package init(
        socket: ListeningSocket, sender: ByteString, parameter: ByteString, role: Role
    ) {
        self.socket = socket
        self.sender = sender
        self.parameter = parameter
        self.role = role
    }

    /// What the one who stands in does.
    package enum Role: Hashable, Sendable {
        /// Hands everything on, as it is, to an instance's listener.
        case filter(to: ListeningSocket, instance: ByteString)
        /// Takes mail and keeps it: the end of its way.
        case mailbox
        /// Speaks LMTP to give it back to SMTP, which no one here does; or gives it back to nobody.
        case nobody
    }

    /// All that a snapshot of stopped instances needs.
    package static func needed(_ snapshot: Snapshot, _ flow: MailFlow) -> [StandIn] {
        var all: [StandIn] = []
        for edge in flow.edges {
            let socket: ListeningSocket
            switch edge.target {
            case .process(let found), .nothing(let found): socket = found
            case .instance, .elsewhere: continue
            }
            if all.contains(where: { $0.socket == socket }) { continue }
            let instance = snapshot.instances[edge.source]
            all.append(
                StandIn(
                    socket: socket, sender: instance.member.displayName,
                    parameter: edge.parameter, role: role(of: edge, socket, snapshot, flow)))
        }
        return all
    }

    private static func role(
        of edge: MailFlow.Edge, _ socket: ListeningSocket, _ snapshot: Snapshot, _ flow: MailFlow
    ) -> Role {
        let services = snapshot.instances[edge.source].services.value
        let transport = edge.nextHop.transport ?? "smtp"
        let client = services?.service(transport, "unix")?[.command] ?? transport
        let isFilter = edge.parameter == "content_filter" || edge.parameter == "smtpd_proxy_filter"
        if client == "lmtp" { return isFilter ? .nobody : .mailbox }
        // A filter gives back to another instance, or to the one that it has it from.
        for index in (flow.returns[edge.source] ?? []) + (isFilter ? [edge.source] : []) {
            let instance = snapshot.instances[index]
            for listener in instance.listeners where listener.isReinjection {
                if let target = listener.sockets.first(where: { $0 != socket }) {
                    return .filter(to: target, instance: instance.member.displayName)
                }
            }
        }
        return isFilter ? .nobody : .mailbox
    }
}

/// The sockets behind which mail goes on inside the host.
package struct InnerSockets: Sendable {
    private let sockets: [ListeningSocket]
    private let isOwn: @Sendable (IPAddress) -> Bool

    /// - Parameter isOwn: True for an address of the host.
    package init(
        _ snapshot: Snapshot, _ standIns: [StandIn], isOwn: @escaping @Sendable (IPAddress) -> Bool
    ) {
        sockets =
            snapshot.instances.flatMap { $0.listeners.flatMap(\.sockets) }
            + standIns.filter { $0.role != .mailbox }.map(\.socket)
        self.isOwn = isOwn
    }

    /// True if mail that was given to a relay, as the log names it, comes in again.
    package func leads(_ relay: Relay) -> Bool {
        guard let address = relay.address, let port = relay.port, isOwn(address) else {
            return false
        }
        return sockets.contains { $0.serves(address, port) }
    }
}

/// The other side of a delivery as the log names it: "mx.example.net[192.0.2.1]:25".
package struct Relay: Hashable, Sendable {
    package var name: ByteString
    package var address: IPAddress?
    package var port: Int?

    /// Reads the log's word.
    package init(_ text: ByteString) {
        guard let open = text.bytes.firstIndex(of: 0x5B),
            let close = text.bytes[open...].firstIndex(of: 0x5D)
        else {
            name = text
            return
        }
        name = ByteString(text.bytes[..<open])
        address = IPAddress(ByteString(text.bytes[(open + 1)..<close]))
        port = Int(ByteString(text.bytes[(close + 1)...]).dropFirst(1).text)
    }

    /// True if that is the next hop: by its name, as the mail exchanger that a rehearsal gives a
    /// domain, or by its address.
    package func isMeant(by nextHop: NextHop) -> Bool {
        if let wanted = nextHop.port, Int(wanted.text) != port { return false }
        if let address, IPAddress(nextHop.host) == address { return true }
        let (name, host) = (name.lowercased, nextHop.host.lowercased)
        return name == host || !nextHop.isLiteral && name == "mx.\(host)"
    }
}
