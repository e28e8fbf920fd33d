// What became of a probe, by what it was told when it was handed in and by what the log tells of
// its way, and whether that is what was expected. Pure.

package import Bytes
package import Instances
package import MailTrace

/// What became of a message, for one recipient.
package enum Fate: Hashable, Sendable {
    /// It was not taken.
    case rejected(reply: ByteString)
    /// It ended on this host, with a program such as "local".
    case delivered(by: ByteString)
    case relayed(to: Relay, reply: ByteString)
    case bounced(reply: ByteString)
    case deferred(reply: ByteString)
    case held
    case discarded
    /// Nothing final is known yet.
    case underway
    /// It could not even be handed in.
    case failed(reason: ByteString)

    /// The word for it.
    package var word: ByteString {
        switch self {
        case .rejected: "rejected"
        case .delivered: "delivered"
        case .relayed: "relayed"
        case .bounced: "bounced"
        case .deferred: "deferred"
        case .held: "held"
        case .discarded: "discarded"
        case .underway: "under way"
        case .failed: "not sent"
        }
    }

    /// True if it is what was expected.
    package func meets(_ expectation: Probe.Expectation) -> Bool {
        switch (self, expectation) {
        case (.rejected(let reply), .rejected(let wanted)):
            wanted.map { reply.text.lowercased().contains($0.text.lowercased()) } ?? true
        case (.relayed(let relay, _), .relayed(let nextHop)):
            nextHop.map { relay.isMeant(by: $0) } ?? true
        case (.delivered, .delivered), (.bounced, .bounced), (.deferred, .deferred),
            (.held, .held), (.discarded, .discarded):
            true
        default: false
        }
    }
}

/// The fates of a probe's recipients.
package struct ProbeVerdict: Hashable, Sendable {
    /// A recipient and what became of it.
    package struct Item: Hashable, Sendable {
        /// The recipient's address, maybe another one than was asked for.
        package var recipient: ByteString
        package var fate: Fate
    }

    package let items: [Item]
    /// Nothing more is to come.
    package let isFinal: Bool
    /// All of it is what was expected.
    package let isAsExpected: Bool

    /// Judges a probe by what is known now.
    package init(
        _ probe: Probe, _ submission: Submission, _ journeys: [Journey], inner: InnerSockets
    ) {
        var items = submission.refused.map {
            Item(recipient: $0.recipient, fate: .rejected(reply: $0.reply))
        }
        if let failure = submission.failure, items.isEmpty {
            items = probe.recipients.map { Item(recipient: $0, fate: .failed(reason: failure)) }
        }
        var isWhole = true
        if submission.failure == nil, !submission.taken.isEmpty {
            let found = journeys.flatMap { Self.items($0, inner) }
            items += found
            isWhole = !found.isEmpty && journeys.allSatisfy(\.isSettled)
        }
        self.items = items
        isFinal = isWhole && !items.contains { $0.fate == .underway }
        isAsExpected =
            isFinal && !items.isEmpty && items.allSatisfy { $0.fate.meets(probe.expectation) }
    }

    private static func items(_ journey: Journey, _ inner: InnerSockets) -> [Item] {
        var items: [Item] = []
        for (index, hop) in journey.hops.enumerated() {
            // A message was taken; that a copy of it was refused somewhere is told by its sender.
            if hop.status == .rejected { continue }
            let hasNext = journey.hops.contains { $0.previous == index }
            for (recipient, attempt) in hop.lastAttempts {
                let fate = fate(of: attempt, in: hop, inner, hasNext: hasNext)
                if let fate { items.append(Item(recipient: recipient, fate: fate)) }
            }
            if hop.attempts.isEmpty, !hasNext {
                items.append(
                    Item(recipient: journey.recipient(of: hop), fate: fate(ofQuiet: hop)))
            }
        }
        return items
    }

    /// The fate that an attempt tells; nil if the next hop tells it.
    private static func fate(
        of attempt: Attempt, in hop: Hop, _ inner: InnerSockets, hasNext: Bool
    ) -> Fate? {
        let delivery = attempt.delivery
        switch FinalStatus(attempt: delivery.status) {
        case .sent:
            let daemon = attempt.service.split { $0 == 0x2F }.last ?? ""
            if daemon == "discard" { return .discarded }
            if delivery.isForward { return hasNext ? nil : .underway }
            guard daemon == "smtp" || daemon == "lmtp" else { return .delivered(by: daemon) }
            let relay = Relay(delivery.relay)
            if inner.leads(relay) { return hasNext ? nil : .underway }
            // A socket of the file system, and the loopback interface, are this host's own.
            if relay.address.map(\.isLoopback) ?? true { return .delivered(by: daemon) }
            return .relayed(to: relay, reply: delivery.reply)
        case .bounced: return .bounced(reply: delivery.reply)
        case .deferred:
            switch hop.status {
            case .hold: return .held
            case .expired: return .bounced(reply: delivery.reply)
            default: return .deferred(reply: delivery.reply)
            }
        default: return .underway
        }
    }

    private static func fate(ofQuiet hop: Hop) -> Fate {
        switch hop.status {
        case .hold: .held
        case .discarded: .discarded
        case .expired, .bounced: .bounced(reply: hop.note ?? "")
        default: .underway
        }
    }
}

extension Journey {
    /// True if no hop has anything to do at once.
    fileprivate var isSettled: Bool {
        hops.allSatisfy { hop in
            hop.endTime != nil || hop.status == .hold || hop.status == .rejected
                || hop.status == .discarded
                || hop.attempts.contains {
                    FinalStatus(attempt: $0.delivery.status) == .deferred
                }
        }
    }

    /// The recipient of a hop without any attempt.
    fileprivate func recipient(of hop: Hop) -> ByteString { finals.first?.recipient ?? "" }
}

extension Hop {
    /// The last attempt for each recipient, in the order of the first ones.
    fileprivate var lastAttempts: [(recipient: ByteString, attempt: Attempt)] {
        var order: [ByteString] = []
        var last: [ByteString: Attempt] = [:]
        for attempt in attempts {
            let recipient = attempt.delivery.recipient
            if last.updateValue(attempt, forKey: recipient) == nil { order.append(recipient) }
        }
        return order.compactMap { recipient in last[recipient].map { (recipient, $0) } }
    }
}
