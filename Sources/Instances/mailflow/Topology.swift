// The flow of mail as a picture wants it: places and the ways between them, with names to show.

package import Bytes
import PostfixFormats

/// Places that mail is at, and the ways it takes from one to the next.
package struct Topology: Hashable, Sendable {
    /// A place.
    package struct Node: Hashable, Sendable {
        package var kind: Kind
        package var title: ByteString
        /// More about it, a line each: where an instance listens.
        package var details: [ByteString]
    }

    /// What a place is.
    package enum Kind: String, Hashable, Sendable {
        case instance
        /// An instance that no manager may start.
        case disabled
        case broken
        /// The content filter whose configuration is known.
        case filter
        /// Another process of this host.
        case process
        /// An address of this host where nothing listens.
        case nothing
        /// Another host.
        case elsewhere
    }

    /// A way, between indices of the nodes.
    package struct Edge: Hashable, Sendable {
        package var source: Int
        package var target: Int
        /// What makes mail go there, such as "relayhost".
        package var label: ByteString
        /// It follows from no setting: a filter gives mail back to somebody.
        package var isAssumed: Bool
    }

    package private(set) var nodes: [Node]
    package private(set) var edges: [Edge] = []

    /// Draws a snapshot's flow of mail: all instances, and whatever they send to.
    package init(_ snapshot: Snapshot, _ flow: MailFlow) {
        nodes = snapshot.instances.map(Self.node)
        for edge in flow.edges {
            let way = edge.service.map { "\(edge.parameter) of \($0)" } ?? edge.parameter
            if let filter = flow.filter, filter.begins(with: edge) {
                let place = index(of: Self.filter(edge.target))
                connect(edge.source, place, way, isAssumed: false)
                connect(place, index(of: filter, snapshot), "next_hop", isAssumed: false)
                continue
            }
            let target = index(of: edge.target, edge.nextHop.destination, snapshot)
            connect(edge.source, target, way, isAssumed: false)
            guard nodes[target].kind == .process || nodes[target].kind == .nothing else { continue }
            for instance in flow.returns[edge.source] ?? [] {
                connect(target, instance, "re-injection", isAssumed: true)
            }
        }
        if let reason = snapshot.host.contentFilter.reason {
            nodes.append(
                Node(kind: .broken, title: ContentFilter.usualConfiguration, details: [reason]))
        }
        for source in flow.sendersByDNS {
            let target = index(of: Node(kind: .elsewhere, title: "Internet", details: []))
            connect(source, target, "MX lookup", isAssumed: false)
        }
    }

    private static func node(_ instance: InstanceSnapshot) -> Node {
        switch instance.member {
        case .broken(let broken):
            return Node(
                kind: .broken, title: broken.configDirectory, details: [broken.reason.sentence])
        case .instance(let known):
            return Node(
                kind: known.isEnabled ? .instance : .disabled, title: known.displayName,
                details: instance.listeners.map(\.summary))
        }
    }

    /// The filter at the place where mail is given to it.
    private static func filter(_ target: MailFlow.Target) -> Node {
        switch target {
        case .process(let socket):
            Node(kind: .filter, title: ContentFilter.name, details: ["on \(socket.description)"])
        case .nothing(let socket):
            Node(kind: .nothing, title: ContentFilter.name, details: ["on \(socket.description)"])
        case .instance, .elsewhere: Node(kind: .filter, title: ContentFilter.name, details: [])
        }
    }

    private mutating func index(of way: FilterWay, _ snapshot: Snapshot) -> Int {
        index(of: way.target, way.filter.nextHop?.destination ?? "a socket", snapshot)
    }

    private mutating func index(
        of target: MailFlow.Target, _ destination: ByteString, _ snapshot: Snapshot
    ) -> Int {
        switch target {
        case .instance(let index, _): return index
        case .process(let socket):
            return index(
                of: Node(kind: .process, title: "\(socket.description)", details: []))
        case .nothing(let socket):
            return index(
                of: Node(kind: .nothing, title: "\(socket.description)", details: []))
        case .elsewhere:
            return index(of: Node(kind: .elsewhere, title: destination, details: []))
        }
    }

    private mutating func index(of node: Node) -> Int {
        if let known = nodes.firstIndex(of: node) { return known }
        nodes.append(node)
        return nodes.count - 1
    }

    /// Adds a way; a second one between the same places adds its name only.
    private mutating func connect(
        _ source: Int, _ target: Int, _ label: ByteString, isAssumed: Bool
    ) {
        let known = edges.firstIndex {
            $0.source == source && $0.target == target && $0.isAssumed == isAssumed
        }
        guard let known else {
            edges.append(
                Edge(source: source, target: target, label: label, isAssumed: isAssumed))
            return
        }
        if edges[known].label != label { edges[known].label += ", \(label)" }
    }

    /// The nodes that nobody sends to, then what is left of circles, in the order of the nodes.
    package var roots: [Int] {
        let fed = Set(edges.filter { $0.source != $0.target }.map(\.target))
        var roots = nodes.indices.filter { !fed.contains($0) }
        var reached: Set<Int> = []
        for root in roots { reach(root, &reached) }
        for index in nodes.indices where !reached.contains(index) {
            roots.append(index)
            reach(index, &reached)
        }
        return roots
    }

    private func reach(_ start: Int, _ reached: inout Set<Int>) {
        var waiting = [start]
        while let next = waiting.popLast() {
            guard reached.insert(next).inserted else { continue }
            waiting += edges.filter { $0.source == next }.map(\.target)
        }
    }
}

extension Listener {
    /// The listener in a few words: "smtpd on 127.0.0.1:10026".
    package var summary: ByteString {
        let place: ByteString
        switch (addresses, port) {
        case (.known(let addresses), .known(let port)):
            let all = Set(addresses)
            if addresses.contains(where: \.isWildcard) {
                place = "port \(port)"
            } else if !all.isEmpty, all.allSatisfy(\.isLoopback), all.count > 1 {
                place = "loopback port \(port)"
            } else {
                let words = addresses.map {
                    ListeningSocket(address: $0, port: port).description
                }
                place = ByteString(words.joined(separator: ", "))
            }
        default: place = service
        }
        return "\(command) on \(place)"
    }
}
