// Check fallback-loop: a fall-back relay that leads back.

import Bytes

extension Check {
    static let fallbackLoop = Check(
        id: "fallback-loop", title: "A fall-back relay leads back to the instance itself",
        severity: .error, reference: "postconf(5) smtp_fallback_relay",
        why: """
            What cannot be delivered goes to the fall-back relay. If that is the instance itself, \
            or one whose own fall-back leads here, hard mail goes round until it has too many \
            Received: headers, and is returned.
            """,
        example: "inet_interfaces = 10.0.0.1 and smtp_fallback_relay = [10.0.0.1]:25",
        mend: "postconf -c /etc/postfix-list -e 'smtp_fallback_relay = [10.0.0.2]:25'"
    ) { snapshot, flow in
        let ways = flow.edges.filter { $0.parameter == "smtp_fallback_relay" }
        func leads(_ edge: MailFlow.Edge, to index: Int) -> Bool {
            if case .instance(index, _) = edge.target { true } else { false }
        }
        var seen: Set<Int> = []
        return ways.compactMap { edge in
            let source = snapshot.instances[edge.source]
            let isLoop =
                leads(edge, to: edge.source)
                || ways.contains { back in
                    leads(edge, to: back.source) && leads(back, to: edge.source)
                }
            guard source.isEnabled, isLoop, seen.insert(edge.source).inserted else { return nil }
            return Sighting(
                of: [source], at: source.place(of: edge),
                "the fall-back relay \(edge.nextHop.destination) of \(source.name) "
                    + "leads back to it",
                mend: source.resetting("smtp_fallback_relay"))
        }
    }
}
