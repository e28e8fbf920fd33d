// The ways of mail between the instances of a host, as their configuration draws them.
//
// Next hops that come out of lookup tables are not in it: what a table says for an address only
// Postfix knows.

package import Bytes
import PostfixFormats

/// A graph whose nodes are the instances of a snapshot, and whose edges are next hops.
package struct MailFlow: Sendable {
    /// A way from an instance to its next hop.
    package struct Edge: Hashable, Sendable {
        /// The instance that sends, as an index of the snapshot's instances.
        package var source: Int
        /// The parameter that says so.
        package var parameter: ByteString
        /// The service of master.cf whose `-o` says so, as "name/type"; nil for main.cf.
        package var service: ByteString?
        package var nextHop: NextHop
        package var target: Target
    }

    /// What a next hop leads to.
    package enum Target: Hashable, Sendable {
        /// A listener of an instance, as indices of the snapshot's instances and its listeners.
        case instance(Int, listener: Int)
        /// Another process of this host that listens there.
        case process(ListeningSocket)
        /// An address of this host where nothing listens.
        case nothing(ListeningSocket)
        /// Another host, or a name that may be one.
        case elsewhere
    }

    /// The edges, in the order of instances and of parameters.
    package let edges: [Edge]
    /// The way through the content filter; nil if there is none whose configuration is known.
    package let filter: FilterWay?
    /// For each way into a process that is no instance, the instances that may get the mail back
    /// from it: the one that a known filter hands it to, or else those that listen for this host
    /// alone where nobody else sends to.
    package let returns: [Int: [Int]]
    /// The instances that look up the mail exchangers of other domains by themselves.
    package let sendersByDNS: [Int]

    /// Draws the graph of a snapshot.
    package init(_ snapshot: Snapshot) {
        let resolver = NextHopResolver(snapshot)
        var edges: [Edge] = []
        var sendersByDNS: [Int] = []
        for (index, instance) in snapshot.instances.enumerated() {
            guard let parameters = instance.parameters else { continue }
            let reader = NextHopReader(parameters, instance.services.value)
            if reader.usesDNS { sendersByDNS.append(index) }
            for found in reader.nextHops {
                edges.append(
                    Edge(
                        source: index, parameter: found.parameter, service: found.service,
                        nextHop: found.nextHop,
                        target: resolver.target(of: found.nextHop, isLMTP: found.isLMTP)))
            }
        }
        self.edges = edges
        self.sendersByDNS = sendersByDNS
        filter = snapshot.host.contentFilter.value.flatMap { $0 }.map { filter in
            FilterWay(
                filter: filter,
                target: filter.nextHop.map { resolver.target(of: $0, isLMTP: false) }
                    ?? .elsewhere)
        }
        returns = Self.returns(snapshot, edges, filter)
    }

    /// The instances that an instance sends to, directly or through a process in between.
    package func sinks(of source: Int) -> Set<Int> {
        var sinks = Set(returns[source] ?? [])
        for edge in edges where edge.source == source {
            if case .instance(let index, _) = edge.target { sinks.insert(index) }
        }
        sinks.remove(source)
        return sinks
    }

    private static func returns(
        _ snapshot: Snapshot, _ edges: [Edge], _ filter: FilterWay?
    ) -> [Int: [Int]] {
        let known = edges.filter { filter?.begins(with: $0) ?? false }
        let fed: Set<Int> = Set(
            (edges.map(\.target) + (known.isEmpty ? [] : [filter?.target]).compactMap { $0 })
                .compactMap { if case .instance(let index, _) = $0 { index } else { nil } })
        var returns: [Int: [Int]] = [:]
        for edge in edges where !known.contains(edge) {
            switch edge.target {
            // A filter that does not run yet is a way all the same.
            case .process(let socket), .nothing(let socket):
                guard socket.address.isLoopback else { continue }
            case .instance, .elsewhere: continue
            }
            let candidates = snapshot.instances.indices.filter { index in
                index != edge.source && !fed.contains(index)
                    && snapshot.instances[index].listeners.contains(where: \.isReinjection)
            }
            if !candidates.isEmpty { returns[edge.source] = candidates }
        }
        // What is known takes the place of what may be.
        for edge in known {
            if case .instance(let index, _)? = filter?.target {
                returns[edge.source] = [index]
            } else {
                returns[edge.source] = nil
            }
        }
        return returns
    }
}

/// The way through a content filter.
package struct FilterWay: Sendable {
    package let filter: ContentFilter
    /// What its next hop leads to.
    package let target: MailFlow.Target

    /// True if a way between instances goes into the filter.
    package func begins(with edge: MailFlow.Edge) -> Bool {
        switch edge.target {
        case .process(let socket), .nothing(let socket): filter.takesMail(at: socket)
        case .instance, .elsewhere: false
        }
    }
}

extension Listener {
    /// True if it looks made for a content filter to give mail back: for this host alone, and not
    /// at the port where mail servers and people meet.
    package var isReinjection: Bool {
        guard command == "smtpd", isLoopbackOnly, let port = port.value else { return false }
        return port != 25 && port != 587 && port != 465
    }
}

/// Finds out what a next hop leads to.
private struct NextHopResolver {
    private let snapshot: Snapshot
    private let hostAddresses: Set<IPAddress>

    init(_ snapshot: Snapshot) {
        self.snapshot = snapshot
        hostAddresses = Set((snapshot.hostAddresses.value ?? []).compactMap { IPAddress($0) })
    }

    func target(of nextHop: NextHop, isLMTP: Bool) -> MailFlow.Target {
        let names = snapshot.host.serviceNames
        let port = names.port(nextHop.port ?? (isLMTP ? "24" : "25")).value
        let local = nextHop.addresses.filter { $0.isLoopback || hostAddresses.contains($0) }
        guard let port, let first = local.first else { return .elsewhere }
        for address in local {
            if let (instance, listener) = listener(at: address, port) {
                return .instance(instance, listener: listener)
            }
        }
        for address in local where isListening(address, port) {
            return .process(ListeningSocket(address: address, port: port))
        }
        return .nothing(ListeningSocket(address: first, port: port))
    }

    private func listener(at address: IPAddress, _ port: Int) -> (Int, Int)? {
        var found: (Int, Int)?
        for (index, instance) in snapshot.instances.enumerated() {
            for (position, listener) in instance.listeners.enumerated()
            where listener.sockets.contains(where: { $0.serves(address, port) }) {
                // Of two that claim one place, an enabled one is the likelier to answer.
                if instance.instance?.isEnabled ?? false { return (index, position) }
                if found == nil { found = (index, position) }
            }
        }
        return found
    }

    private func isListening(_ address: IPAddress, _ port: Int) -> Bool {
        snapshot.listeningSockets.value?.contains { $0.serves(address, port) } ?? false
    }
}

extension ListeningSocket {
    /// True if a connection to that address and port ends here.
    package func serves(_ wanted: IPAddress, _ wantedPort: Int) -> Bool {
        guard port == wantedPort else { return false }
        return address == wanted || address.isWildcard && address.isIPv6 == wanted.isIPv6
    }
}

/// Reads the next hops that an instance's configuration names.
private struct NextHopReader {
    struct Found {
        let parameter: ByteString
        var service: ByteString?
        let nextHop: NextHop
        let isLMTP: Bool
    }

    private let parameters: ParameterView
    private let services: MasterCF?

    init(_ parameters: ParameterView, _ services: MasterCF?) {
        self.parameters = parameters
        self.services = services
    }

    var nextHops: [Found] {
        var found: [Found] = []
        for parameter: ByteString in [
            "default_transport", "relay_transport", "local_transport", "virtual_transport",
            "mailbox_transport", "fallback_transport", "content_filter",
        ] {
            found += transport(value(parameter), parameter, service: nil)
        }
        found += destinations("relayhost") + destinations("smtp_fallback_relay")
        for entry in services?.entries ?? [] {
            found += overrides(of: entry.service)
        }
        return found
    }

    /// True if mail for other domains goes where the DNS says.
    var usesDNS: Bool {
        let words = value("default_transport").bytes.split(
            separator: 0x3A, maxSplits: 1, omittingEmptySubsequences: false)
        guard let transport = words.first, client(ByteString(transport)) == "smtp" else {
            return false
        }
        let hasDestination = words.count > 1 && !words[1].isEmpty
        return !hasDestination && value("relayhost").isEmpty
    }

    /// The value; one that cannot be expanded names no next hop.
    private func value(_ parameter: ByteString) -> ByteString {
        (try? parameters.value(of: parameter)) ?? ""
    }

    private func destinations(_ parameter: ByteString) -> [Found] {
        ParameterList.split(value(parameter)).compactMap { word in
            NextHop(destination: word).map {
                Found(parameter: parameter, nextHop: $0, isLMTP: false)
            }
        }
    }

    private func transport(
        _ value: ByteString, _ parameter: ByteString, service: ByteString?
    ) -> [Found] {
        guard let nextHop = NextHop(transportAndDestination: value),
            let transport = nextHop.transport, let client = client(transport)
        else { return [] }
        return [
            Found(
                parameter: parameter, service: service, nextHop: nextHop,
                isLMTP: client == "lmtp")
        ]
    }

    /// The program of a transport if it speaks to the network, else nil.
    private func client(_ transport: ByteString) -> ByteString? {
        let command = services?.service(transport, "unix")?[.command] ?? transport
        return command == "smtp" || command == "lmtp" ? command : nil
    }

    /// The next hops that `-o` options of a service name.
    private func overrides(of service: MasterService) -> [Found] {
        let name = service.label
        return service.parameters.flatMap { parameter -> [Found] in
            switch parameter.name {
            case "content_filter":
                return transport(expanded(parameter.value), parameter.name, service: name)
            case "smtpd_proxy_filter", "relayhost":
                guard let nextHop = NextHop(destination: expanded(parameter.value))
                else { return [] }
                return [
                    Found(
                        parameter: parameter.name, service: name, nextHop: nextHop, isLMTP: false)
                ]
            default: return []
            }
        }
    }

    private func expanded(_ value: ByteString) -> ByteString {
        // A value that cannot be expanded names no next hop.
        (try? ParameterExpansion.expand(value, in: parameters)) ?? ""
    }
}
