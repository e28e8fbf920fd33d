// From lines to journeys: whose line, which stay, what comes after what, and what became of it.

import Bytes
import PostfixFormats

/// Makes journeys of all lines that belong together.
struct JourneyBuilder {
    private var stays: Stays
    private let links: Links
    private let verdicts: VerdictIndex
    private let listing: QueueListing?
    private var after: [Int: [Int]] = [:]
    /// Refusals that a hop before has logged as the answer to an attempt.
    private var answered: [Int: [LogRecord]] = [:]
    private var refusals: [Refusal] = []

    init(_ records: [LogRecord], instanceNames: Set<ByteString>, listing: QueueListing?) {
        let sorted = records.sorted { ($0.time, $0.place) < ($1.time, $1.place) }
        let owners = TagOwners(sorted, known: instanceNames)
        let owned = sorted.map { (record: $0, instance: owners.owner(of: $0)) }
        stays = Stays(owned)
        let sessions = Sessions(owned)
        var refused = sessions.refusals
        for (index, stay) in stays.all.enumerated() {
            for prelude in stay.records.compactMap({ sessions.preludes[$0.place] }) {
                // What was refused to another sender was another message.
                let isOther =
                    stay.sender != nil && prelude.sender != nil
                    && stay.sender != prelude.sender
                stays.addSession(isOther ? prelude.connects : prelude.records, to: index)
                if isOther { refused += prelude.refusal.map { [$0] } ?? [] }
            }
        }
        verdicts = VerdictIndex(sorted)
        links = Links(stays, verdicts: verdicts.all)
        self.listing = listing
        for index in stays.all.indices {
            if let link = links.before[index] { after[link.from, default: []].append(index) }
        }
        var bySender: [ByteString: [Int]] = [:]
        for (index, stay) in stays.all.enumerated() {
            if let sender = stay.sender { bySender[sender, default: []].append(index) }
        }
        for refusal in refused {
            if let index = stayBehind(refusal, bySender) {
                answered[index, default: []] += refusal.records
            } else {
                refusals.append(refusal)
            }
        }
    }

    /// All journeys, in the order in which they began.
    var journeys: [Journey] {
        let roots = stays.all.indices.filter { links.before[$0] == nil && isMessage($0) }
        let whole = roots.map { journey(from: $0) } + refusals.map(\.journey)
        return whole.sorted { $0.order < $1.order }
    }

    /// True if anything tells of a message, and not only of an id.
    private func isMessage(_ index: Int) -> Bool {
        let stay = stays.all[index]
        return stay.isBorn || stay.messageID != nil || stay.sender != nil
            || !stay.deliveries.isEmpty || stay.endTime != nil
    }

    /// The stay whose attempt was answered with this refusal: a filter passes answers on.
    private func stayBehind(_ refusal: Refusal, _ bySender: [ByteString: [Int]]) -> Int? {
        guard let sender = refusal.sender, let time = refusal.records.first?.time else {
            return nil
        }
        let recipients = Set(refusal.actions.compactMap(\.recipient))
        return bySender[sender]?.first { index in
            let stay = stays.all[index]
            guard stay.instance != refusal.instance else { return false }
            return stay.deliveries.contains { logged, delivery in
                let start = logged - delivery.transferMicroseconds - Stay.jitter
                return recipients.contains(delivery.recipient) && delivery.status != "sent"
                    && (start...(logged + Stay.jitter)).contains(time)
            }
        }
    }

    /// The stays of a message, each after the one that it came from.
    private func order(from root: Int) -> [Int] {
        var order: [Int] = []
        var waiting = [root]
        while let index = waiting.popLast() {
            order.append(index)
            let next = (after[index] ?? []).sorted { left, right in
                stays.all[left].order > stays.all[right].order
            }
            waiting += next
        }
        return order
    }

    private func journey(from root: Int) -> Journey {
        let order = order(from: root)
        let positions = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
        let outcomes = outcomes(order, positions)
        var hops = zip(order, outcomes).map { index, outcome in
            hop(index, outcome, positions)
        }
        // Whatever comes after a stay stands behind it, so this ends with the whole.
        var merged: [[Final]] = outcomes.map(\.finals)
        for position in order.indices.reversed() {
            merged[position] = finals(of: order[position], outcomes[position], &hops[position]) {
                let index = positions[$0] ?? position
                return (merged[index], outcomes[index].hopStatus)
            }
        }
        let places = zip(hops, outcomes).compactMap { hop, outcome in
            outcome.queue.map {
                Whereabouts(instance: hop.instance, queue: $0, queueID: hop.queueID)
            }
        }
        let identifiers = order.compactMap { stays.all[$0].messageID }
        let senders = order.compactMap { stays.all[$0].sender }
        return Journey(
            messageID: identifiers.first { !$0.isEmpty } ?? "", sender: senders.last ?? "",
            hops: hops, finals: merged[0],
            whereabouts: places.last, notices: order.flatMap(notices))
    }

    /// What became of the message in each queue of its way.
    private func outcomes(_ order: [Int], _ positions: [Int: Int]) -> [Outcome] {
        var outcomes: [Outcome] = []
        /// What was done already where a requeued message comes from.
        var done: [[Final]] = []
        for index in order {
            let stay = stays.all[index]
            let before = links.before[index].flatMap { positions[$0.from] }
            let doneBefore = (isRequeued(index) ? before : nil).map { position in
                done[position] + outcomes[position].finals.filter { !$0.status.isOpen }
            }
            let outcome = Outcome(
                stay, isLatest: stays.latestIndex(of: stay.id, in: stay.instance) == index,
                hasSuccessor: (after[index] ?? []).contains { isRequeued($0) },
                done: doneBefore ?? [], listing: listing)
            done.append(doneBefore ?? [])
            outcomes.append(outcome)
        }
        return outcomes
    }

    private func isRequeued(_ index: Int) -> Bool {
        links.before[index]?.evidence == [.requeued]
    }

    private func notices(of index: Int) -> [Notice] {
        let stay = stays.all[index]
        return stay.notices.map { notice in
            Notice(
                instance: stay.instance, queueID: notice.id.text, about: stay.id.text,
                kind: notice.kind)
        }
    }

    private func hop(_ index: Int, _ outcome: Outcome, _ positions: [Int: Int]) -> Hop {
        let stay = stays.all[index]
        let link = links.before[index]
        let lines = stay.records + (answered[index] ?? []) + filterLines(about: stay)
        let attempts = stay.records.compactMap { record in
            if case .delivery(let delivery) = record.event {
                Attempt(
                    time: record.time, service: record.service(in: stay.instance),
                    delivery: delivery)
            } else {
                nil
            }
        }
        return Hop(
            instance: stay.instance, queueID: stay.id.text, status: outcome.hopStatus,
            service: stay.service, client: stay.client?.address, sender: stay.sender,
            sizeBytes: stay.sizeBytes, receivedTime: stay.bornTime, endTime: stay.endTime,
            previous: link.flatMap { positions[$0.from] }, evidence: link?.evidence ?? [],
            attempts: attempts, records: lines.sorted { ($0.time, $0.place) < ($1.time, $1.place) })
    }

    private func filterLines(about stay: Stay) -> [LogRecord] {
        verdicts.records(about: stay)
    }

    /// What became of the recipients of a stay, there and behind it.
    private func finals(
        of index: Int, _ outcome: Outcome, _ hop: inout Hop,
        behind: (Int) -> (finals: [Final], status: FinalStatus)
    ) -> [Final] {
        let stay = stays.all[index]
        var result = FinalList()
        let next = (after[index] ?? []).sorted { stays.all[$0].order < stays.all[$1].order }
        for final in outcome.finals {
            let on = next.filter { takes(final, from: stay, $0) }
            if on.isEmpty {
                let isDiscarded = final.status == .sent && isDiscarded(final.recipient, stay)
                if isDiscarded { hop.note = "discarded by the filter" }
                result.add(final.recipient, isDiscarded ? .discarded : final.status)
            }
            for later in on where behind(later).finals.isEmpty {
                let status = isRequeued(later) ? final.status : behind(later).status
                result.add(final.recipient, status)
            }
        }
        for later in next {
            for final in behind(later).finals { result.add(final.recipient, final.status) }
        }
        for (recipient, isRejected) in stay.named where isRejected {
            result.addIfAbsent(recipient, .rejected)
        }
        return result.finals
    }

    /// True if what becomes of a recipient is told by a later stay.
    private func takes(_ final: Final, from stay: Stay, _ later: Int) -> Bool {
        if isRequeued(later) { return final.status.isOpen }
        guard final.status == .sent else { return false }
        let next = stays.all[later]
        let last = stay.deliveries.last { $0.delivery.recipient == final.recipient }
        let isNamed = links.before[later]?.evidence.contains(.queuedAs) == true
        if isNamed, let given = last?.delivery.nextID { return given == next.id }
        let names = next.recipients
        return names.isEmpty || names.contains(final.recipient)
            || last?.delivery.originalRecipient.map(names.contains) == true
    }

    /// True if a filter said that it took the message and dropped it.
    private func isDiscarded(_ recipient: ByteString, _ stay: Stay) -> Bool {
        if verdicts.isDiscarded(stay) {
            return true
        }
        let last = stay.deliveries.last { $0.delivery.recipient == recipient }?.delivery
        guard let last, last.nextID == nil, last.relay != "none" else { return false }
        return last.reply.lowercased.lastIndex(of: "discard") != nil
    }
}

extension Stay {
    fileprivate var order: (Int, ByteString, ByteString) { (bornTime, instance, id.text) }
}

extension Journey {
    fileprivate var order: (Int, ByteString, ByteString, ByteString) {
        let first = hops.first
        return (
            first?.receivedTime ?? 0, first?.instance ?? "", first?.queueID ?? "",
            first?.records.first?.text ?? ""
        )
    }
}
