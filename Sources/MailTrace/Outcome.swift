// What became of a message in one queue, seen from that queue alone.

import Bytes
import PostfixFormats

/// The recipients of one stay, and where the message is.
struct Outcome {
    /// In the order in which recipients appear.
    private(set) var finals: [Final] = []
    /// The queue that holds the message now.
    private(set) var queue: ByteString?
    private(set) var hopStatus: FinalStatus = .unknown

    /// Judges a stay.
    ///
    /// - Parameters:
    ///   - isLatest: No other message has the id now.
    ///   - hasSuccessor: It was requeued, and the new message is known.
    ///   - done: Recipients that were done before a requeue.
    ///   - listing: What the queues hold; nil if nobody looked, then the log has to tell.
    init(
        _ stay: Stay, isLatest: Bool, hasSuccessor: Bool, done: [Final], listing: QueueListing?
    ) {
        let isHere = stay.endTime == nil && isLatest && !hasSuccessor
        let entry = isHere ? listing?.entry(stay.instance, stay.id.text) : nil
        if isHere { queue = listing == nil ? Self.loggedQueue(of: stay) : entry?.queue }
        let waiting: FinalStatus =
            switch queue {
            case "hold": .hold
            case "deferred": .deferred
            case nil: .unknown
            default: .queued
            }
        for (recipient, attempt) in stay.lastStatuses {
            let status = FinalStatus(attempt: attempt)
            finals.append(Final(recipient: recipient, status: status))
        }
        for recipient in Self.others(of: stay, entry) where status(of: recipient) == nil {
            finals.append(Final(recipient: recipient, status: waiting))
        }
        for index in finals.indices where finals[index].status.isOpen {
            if stay.isExpired, finals[index].status == .deferred {
                finals[index].status = .expired
            }
            if queue == "hold" { finals[index].status = .hold }
            if stay.isDeleted { finals[index].status = .deleted }
            if stay.isDiscarded { finals[index].status = .discarded }
        }
        if hasSuccessor {
            hopStatus = .requeued
        } else {
            hopStatus = Self.whole((done + finals).map(\.status)) ?? Self.bare(stay, waiting)
        }
    }

    private func status(of recipient: ByteString) -> FinalStatus? {
        finals.first { $0.recipient == recipient }?.status
    }

    /// Recipients that nothing was attempted for.
    private static func others(of stay: Stay, _ entry: QueueEntry?) -> [ByteString] {
        if let entry, !entry.recipients.isEmpty { return entry.recipients }
        if !stay.deliveries.isEmpty { return [] }
        var seen: Set<ByteString> = []
        return stay.named.filter { !$0.isRejected && seen.insert($0.recipient).inserted }
            .map(\.recipient)
    }

    /// One status for all.
    private static func whole(_ statuses: [FinalStatus]) -> FinalStatus? {
        guard let first = statuses.first else { return nil }
        return statuses.allSatisfy { $0 == first } ? first : .mixed
    }

    /// The status of a stay of which no recipient is known.
    private static func bare(_ stay: Stay, _ waiting: FinalStatus) -> FinalStatus {
        if stay.isDiscarded { return .discarded }
        if stay.isDeleted { return .deleted }
        if stay.isExpired { return .expired }
        return waiting
    }

    /// The queue that a message must be in by what was logged of it.
    private static func loggedQueue(of stay: Stay) -> ByteString {
        if stay.isHeld { return "hold" }
        if stay.wasRequeued { return "maildrop" }
        if stay.lastStatuses.contains(where: { FinalStatus(attempt: $0.status) == .deferred }) {
            return "deferred"
        }
        return stay.recipientCount == nil ? "incoming" : "active"
    }
}
