// The ways from one instance to another, with what checks ask about them. Nothing here judges.

import Bytes
import PostfixFormats

/// A way of mail between two enabled instances.
struct Link {
    let source: InstanceSnapshot
    let sink: InstanceSnapshot
    /// What leads there, or into the filter on the way.
    let edge: MailFlow.Edge
    /// The server that takes the mail.
    let server: Server
    /// A content filter that is no instance lies between the two.
    let isThroughFilter: Bool

    /// The delivery agent of the source, if master.cf has it.
    var client: MasterCF.Entry? {
        let name = edge.nextHop.transport ?? "smtp"
        return source.smtpClients.first { $0.service[.service] == name }
    }

    /// A parameter as the source's delivery agent sees it.
    func sent(_ parameter: ByteString) -> ByteString? {
        client.flatMap { source.value(parameter, in: $0) }
    }

    /// Where the source's delivery agent has the parameter from.
    func sentPlace(_ parameter: ByteString) -> Finding.Place {
        client.map { source.place(of: parameter, in: $0) } ?? source.place(of: parameter)
    }

    /// A parameter as the sink's server sees it.
    func taken(_ parameter: ByteString) -> ByteString? { sink.value(parameter, in: server.entry) }

    /// Where the sink's server has the parameter from.
    func takenPlace(_ parameter: ByteString) -> Finding.Place {
        sink.place(of: parameter, in: server.entry)
    }

    /// The address that the sink sees connections come from; nil if that cannot be known.
    var clientAddress: IPAddress? {
        let host = edge.nextHop.host
        let name: ByteString = host.lowercased == "localhost" ? "127.0.0.1" : host
        guard let target = IPAddress(name), let client else { return nil }
        // A filter may bind to what it likes; as a rule it does not.
        if isThroughFilter { return target.isLoopback ? target : nil }
        let parameter: ByteString = target.isIPv6 ? "smtp_bind_address6" : "smtp_bind_address"
        guard let bound = source.value(parameter, in: client) else { return nil }
        if !bound.isEmpty {
            guard let address = IPAddress(bound) else { return nil }
            return address.isWildcard ? target : address
        }
        // Postfix sends from the address of inet_interfaces if it is the only one, and not
        // loopback; else the kernel chooses, which for an address of this host is that address.
        let words = source.list("inet_interfaces")
        let own = words.compactMap { IPAddress($0) }
        if own.count < words.count { return own.isEmpty && isOwnWord(words) ? target : nil }
        let family = own.filter { $0.isIPv6 == target.isIPv6 }
        guard family.count == 1, let address = family.first, !address.isLoopback
        else { return target }
        return address
    }

    /// True for the words of inet_interfaces that stand for many addresses.
    private func isOwnWord(_ words: [ByteString]) -> Bool {
        words.allSatisfy { ["all", "loopback-only", "localhost"].contains($0.lowercased) }
    }
}

extension MailFlow {
    /// The ways between enabled instances, each pair's once for a server of the sink.
    func links(_ snapshot: Snapshot) -> [Link] { direct(snapshot) + throughFilters(snapshot) }

    /// The ways without anything in between.
    func direct(_ snapshot: Snapshot) -> [Link] {
        var seen: Set<[Int]> = []
        return edges.compactMap { edge in
            guard case .instance(let index, let position) = edge.target, index != edge.source,
                seen.insert([edge.source, index, position]).inserted
            else { return nil }
            let line = snapshot.instances[index].listeners[position].line
            return link(snapshot, edge, to: index, isThroughFilter: false) {
                $0.listener.line == line
            }
        }
    }

    /// The ways through a content filter; only where there is but one instance it may lead to.
    func throughFilters(_ snapshot: Snapshot) -> [Link] {
        var seen: Set<Int> = []
        return edges.compactMap { edge in
            guard let sinks = returns[edge.source], sinks.count == 1,
                case .process = edge.target, seen.insert(edge.source).inserted
            else { return nil }
            return link(snapshot, edge, to: sinks[0], isThroughFilter: true, \.isLoopbackOnly)
        }
    }

    private func link(
        _ snapshot: Snapshot, _ edge: Edge, to index: Int, isThroughFilter: Bool,
        _ isMeant: (Server) -> Bool
    ) -> Link? {
        let (source, sink) = (snapshot.instances[edge.source], snapshot.instances[index])
        guard source.isEnabled, sink.isEnabled, let server = sink.servers.first(where: isMeant)
        else { return nil }
        return Link(
            source: source, sink: sink, edge: edge, server: server,
            isThroughFilter: isThroughFilter)
    }
}

/// A length of time as main.cf has it, in seconds; nil if it is none.
func duration(_ text: ByteString) -> Int? {
    let units: [UInt8: Int] = [0x73: 1, 0x6D: 60, 0x68: 3600, 0x64: 86_400, 0x77: 604_800]
    guard let last = text.bytes.last else { return nil }
    guard let unit = units[last | 0x20] else { return Int(text.text) }
    let (seconds, tooMany) = (Int(ByteString(text.bytes.dropLast()).text) ?? -1)
        .multipliedReportingOverflow(by: unit)
    return tooMany || seconds < 0 ? nil : seconds
}
