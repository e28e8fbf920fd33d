// Check flow-cycle: instances that send all their mail in a circle.

import Bytes

extension Check {
    static let flowCycle = Check(
        id: "flow-cycle", title: "Mail goes round in a circle", severity: .error,
        reference: "postconf(5) hopcount_limit",
        why: """
            Each of these instances hands whatever it is given to the next, and the last to the \
            first. Mail goes round until it has too many Received: headers, and is returned.
            """,
        example: """
            /etc/postfix-out/main.cf:  relayhost = [127.0.0.1]:10024
            /etc/postfix-in/main.cf:   default_transport = smtp:[127.0.0.1]:10026
            """,
        mend: "Decide which instance delivers to the outside, and give it a next hop there."
    ) { snapshot, flow in
        var reported: Set<Set<Int>> = []
        return snapshot.instances.indices.compactMap { start in
            var path: [Int] = []
            var next: Int? = start
            while let index = next, !path.contains(index) {
                path.append(index)
                next = flow.onlyWay(from: index, snapshot)
            }
            guard let first = next, let position = path.firstIndex(of: first),
                reported.insert(Set(path[position...])).inserted
            else { return nil }
            let circle = path[position...].map { snapshot.instances[$0] }
            let names = circle.map(\.name) + [circle[0].name]
            let parameter =
                flow.edges.first { $0.source == first && $0.parameter != "relay_transport" }?
                .parameter ?? "default_transport"
            return Sighting(
                of: circle, at: circle[0].place(of: parameter),
                "mail goes round in a circle: \(names.joined(by: " to "))", mend: nil)
        }
    }
}

extension MailFlow {
    /// The instance that all mail of an instance goes to; nil if some of it may go elsewhere.
    fileprivate func onlyWay(from index: Int, _ snapshot: Snapshot) -> Int? {
        let instance = snapshot.instances[index]
        let exits: [ByteString] = [
            "transport_maps", "sender_dependent_default_transport_maps",
            "sender_dependent_relayhost_maps", "content_filter", "mydestination",
            "virtual_mailbox_domains",
        ]
        guard instance.isEnabled, exits.allSatisfy({ instance.list($0).isEmpty }) else {
            return nil
        }
        func edge(_ parameter: ByteString) -> Edge? {
            edges.first { one in
                one.source == index && one.parameter == parameter && one.service == nil
            }
        }
        func target(_ edge: Edge?) -> Int? {
            if case .instance(let sink, _) = edge?.target { sink } else { nil }
        }
        guard let sink = target(edge("default_transport") ?? edge("relayhost"))
        else { return nil }
        let relays = !instance.list("relay_domains").isEmpty
        return relays && target(edge("relay_transport")) != sink ? nil : sink
    }
}
