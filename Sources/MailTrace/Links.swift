// Which stay did a message come from? Each stay has at most one before it.
//
// Lines of the next hop are mostly logged before the previous hop says "sent", so links are sought
// among all stays when all lines are known, never line by line.

import Bytes
import PostfixFormats

/// What tells that one stay follows another.
package enum Evidence: String, Hashable, Comparable, Sendable, CaseIterable {
    /// Message-ID, sender, recipient, and a client on this host at the right time.
    case messageID = "message_id"
    /// Both hops name the same message of a hop before them (XFORWARD IDENT).
    case sameOrigin = "same_origin"
    /// The content filter logged both ids.
    case filterLog = "filter_log"
    /// The next hop names this hop's id (XFORWARD IDENT).
    case originalQueueID = "orig_queue_id"
    /// This hop logged the id that the next one answered with.
    case queuedAs = "queued_as"
    /// local(8) forwarded it.
    case forwarded = "forwarded_as"
    /// It was put in the queue once more.
    case requeued = "requeued"

    /// Orders by strength.
    package static func < (left: Evidence, right: Evidence) -> Bool {
        (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
}

/// The stay before a stay.
struct Link {
    var from: Int
    /// The strongest first.
    var evidence: [Evidence]
}

/// Finds the links between stays.
struct Links {
    private let stays: [Stay]
    private(set) var before: [Int: Link] = [:]
    /// Stays that something comes from.
    private var claimed: Set<Int> = []
    /// Attempts by the id that the next hop gave.
    private var handedOver: [QueueID: [Int]] = [:]
    private var verdicts: [QueueID: [Int]] = [:]
    private var byMessageID: [ByteString: [Int]] = [:]
    private var byOrigin: [QueueID: [Int]] = [:]

    /// A filter that accepts first may hand on much later.
    private static let filterLimit = 21_600 * 1_000_000

    init(_ found: Stays, verdicts records: [FilterVerdict]) {
        stays = found.all
        for (index, stay) in stays.enumerated() {
            for (_, delivery) in stay.deliveries {
                if let next = delivery.nextID { handedOver[next, default: []].append(index) }
            }
            if let id = stay.messageID, !id.isEmpty { byMessageID[id, default: []].append(index) }
            if let id = stay.client?.originalID { byOrigin[id, default: []].append(index) }
        }
        for verdict in records {
            guard let id = verdict.queueID else { continue }
            for next in verdict.nextIDs { verdicts[next, default: []] += found.indices(of: id) }
        }
        // In the order of time, so that what a stay hands on is claimed by the first that came; and
        // what is named before what is only alike.
        let inTime = stays.indices.sorted { order(of: $0) < order(of: $1) }
        for index in inTime {
            if let link = namedLink(to: index, found) { add(link, to: index) }
        }
        for index in inTime where before[index] == nil {
            if let from = sameMessage(as: index) {
                add(Link(from: from, evidence: [.messageID]), to: index)
            }
        }
    }

    private mutating func add(_ link: Link, to index: Int) {
        if leads(from: link.from, back: index) { return }
        before[index] = link
        claimed.insert(link.from)
    }

    private func order(of index: Int) -> (Int, ByteString, ByteString) {
        (stays[index].bornTime, stays[index].instance, stays[index].id.text)
    }

    /// True if a stay comes after another one already: forged lines must not make circles.
    private func leads(from start: Int, back index: Int) -> Bool {
        var next: Int? = start
        while let current = next {
            if current == index { return true }
            next = before[current]?.from
        }
        return false
    }

    /// The stay before one, as ids in the log name it.
    private func namedLink(to index: Int, _ found: Stays) -> Link? {
        let stay = stays[index]
        var evidence: [Int: Set<Evidence>] = [:]
        if let original = stay.requeuedFrom {
            let old = found.indices(of: original).last { old in
                old != index && stays[old].instance == stay.instance
                    && stays[old].firstTime <= stay.firstTime + Stay.jitter
            }
            if let old { return Link(from: old, evidence: [.requeued]) }
        }
        for from in handedOver[stay.id] ?? [] {
            guard let kind = handOver(from: from, to: index) else { continue }
            evidence[from, default: []].insert(kind)
        }
        for from in verdicts[stay.id] ?? [] where isBefore(from, index) {
            evidence[from, default: []].insert(.filterLog)
        }
        if let original = stay.client?.originalID {
            for from in found.indices(of: original) where isBefore(from, index) {
                evidence[from, default: []].insert(.originalQueueID)
            }
            for from in byOrigin[original] ?? []
            where isBefore(from, index) && attempt(of: from, near: index) {
                evidence[from, default: []].insert(.sameOrigin)
            }
        }
        return strongest(evidence, index)
    }

    private func strongest(_ evidence: [Int: Set<Evidence>], _ index: Int) -> Link? {
        let best = evidence.max { left, right in
            rank(left.key, left.value, index) < rank(right.key, right.value, index)
        }
        return best.map { Link(from: $0.key, evidence: $0.value.sorted(by: >)) }
    }

    /// XFORWARD names the first hop, even if it went on through others: then an attempt at the
    /// right time tells which of them handed it on.
    private func rank(
        _ from: Int, _ kinds: Set<Evidence>, _ index: Int
    ) -> (Int, Int, Int, Int, ByteString, Int) {
        let strength = kinds.max().flatMap { Evidence.allCases.firstIndex(of: $0) } ?? 0
        let isCertain = kinds.contains { $0 > .originalQueueID } ? 1 : 0
        let isNear = attempt(of: from, near: index) || stays[from].deliveries.isEmpty ? 1 : 0
        return (isCertain, isNear, strength, stays[from].bornTime, stays[from].instance, from)
    }

    /// True if the message can have come from another instance's stay.
    private func isBefore(_ from: Int, _ index: Int) -> Bool {
        stays[from].instance != stays[index].instance
            && stays[from].isAlive(at: stays[index].firstTime)
    }

    /// What an answer with this stay's id means: ids of foreign hosts may look the same.
    private func handOver(from: Int, to index: Int) -> Evidence? {
        let (stay, next) = (stays[from], stays[index])
        let matches = stay.deliveries.first { time, delivery in
            delivery.nextID == next.id && next.firstTime <= time + Stay.jitter
                && next.firstTime >= stay.firstTime - Stay.jitter
        }
        guard let delivery = matches?.delivery else { return nil }
        if delivery.isForward {
            let isHere = stay.instance == next.instance && from != index
            return isHere && !next.isBorn ? .forwarded : nil
        }
        guard stay.instance != next.instance, next.isBorn else { return nil }
        switch (stay.messageID, next.messageID) {
        case (let left?, let right?) where left != right: return nil
        case ("", ""), (nil, _), (_, nil):
            let bothTell = stay.sender != nil && next.sender != nil
            return !bothTell || stay.sender == next.sender ? .queuedAs : nil
        default: return .queuedAs
        }
    }

    /// True if a stay had an attempt going on when another one was born.
    private func attempt(of from: Int, near index: Int) -> Bool {
        let born = stays[index].firstTime
        return stays[from].deliveries.contains { time, delivery in
            let start = time - delivery.transferMicroseconds - Stay.jitter
            return (start...(time + Stay.jitter)).contains(born)
        }
    }

    /// The stay that handed the same message to something on this host, which handed it on.
    private func sameMessage(as index: Int) -> Int? {
        let stay = stays[index]
        guard stay.isBorn, let id = stay.messageID, !id.isEmpty else { return nil }
        let candidates = (byMessageID[id] ?? []).filter { from in
            from != index && mayHaveGoneThroughFilter(from: from, to: index)
        }
        return candidates.max { left, right in
            let isFree = { (from: Int) in claimed.contains(from) ? 0 : 1 }
            return (isFree(left), order(of: left).0) < (isFree(right), order(of: right).0)
        }
    }

    private func mayHaveGoneThroughFilter(from: Int, to index: Int) -> Bool {
        let (stay, next) = (stays[from], stays[index])
        // What came from a program on this host can be the first hop just as well: then only the
        // times tell. A clock's tick can put a line into the second before its time.
        let slack = next.isFromPickup ? 0 : Stay.jitter / 2
        guard stay.instance != next.instance || next.isFromPickup,
            stay.bornTime < next.bornTime + slack
        else { return false }
        if let left = stay.sender, let right = next.sender, left != right { return false }
        return stay.deliveries.contains { time, delivery in
            let start = time - delivery.transferMicroseconds - Stay.jitter
            guard delivery.status == "sent", next.firstTime >= start,
                next.firstTime <= time + Self.filterLimit,
                next.isFromPickup || next.client?.isLocal(to: delivery.relay) == true
            else { return false }
            let names = next.recipients
            return names.isEmpty || names.contains(delivery.recipient)
                || delivery.originalRecipient.map(names.contains) == true
        }
    }
}

extension Client {
    /// True if it is on this host, or on the one that a relay is on.
    fileprivate func isLocal(to relay: ByteString) -> Bool {
        guard let mine = address.bracketed else { return false }
        return mine.hasPrefix("127.") || mine == "::1" || mine == relay.bracketed
    }
}

extension ByteString {
    /// What stands between the first bracket and the next closing one.
    fileprivate var bracketed: ByteString? {
        guard let start = bytes.firstIndex(of: 0x5B),
            let end = bytes[start...].firstIndex(of: 0x5D)
        else { return nil }
        return ByteString(bytes[(start + 1)..<end])
    }
}

extension Delivery {
    /// The last two of the four delays: connecting and handing over.
    var transferMicroseconds: Int {
        let parts = delays.bytes.split(separator: 0x2F)
        guard parts.count == 4 else { return 0 }
        return parts[2...].reduce(0) { sum, part in
            // No delay is longer than a year; what is not a number is none.
            let seconds = Double(String(decoding: part, as: UTF8.self)) ?? 0
            return sum + Int(min(max(seconds, 0), 31_536_000) * 1_000_000)
        }
    }
}
