// How mail waits: domains by age, the idea of qshape(1).

package import Bytes
import PostfixFormats

/// The ages by which mail is counted: the first bucket is a tick long, each next one twice as long.
package struct AgeBuckets: Hashable, Sendable {
    package let count: Int
    package let tickMinutes: Int

    /// The buckets of qshape(1): ten of them, the first one five minutes.
    package static let usual = AgeBuckets(count: 10, tickMinutes: 5)

    /// - Parameters:
    ///   - count: At least two; the last bucket has no end.
    ///   - tickMinutes: How long the first bucket is, at least one.
    package init(count: Int, tickMinutes: Int) {
        self.count = count
        self.tickMinutes = tickMinutes
    }

    /// The bucket of an age.
    package func index(ageSeconds: Int) -> Int {
        var index = 0
        // What came in the future is new.
        var ticks = ageSeconds / (tickMinutes * 60)
        while ticks > 0, index < count - 1 {
            index += 1
            ticks /= 2
        }
        return index
    }

    /// Where each bucket begins, in minutes.
    package var startMinutes: [Int] {
        (0..<count).map { $0 == 0 ? 0 : tickMinutes << ($0 - 1) }
    }
}

/// Recipients, or messages by their senders, counted by domain and age.
package struct QueueShape: Hashable, Sendable {
    package let buckets: AgeBuckets
    /// The counts of each domain, by bucket.
    package private(set) var domains: [ByteString: [Int]] = [:]
    /// All counts, by bucket.
    package private(set) var total: [Int]
    private let zeroes: [Int]

    package init(_ buckets: AgeBuckets) {
        self.buckets = buckets
        zeroes = [Int](repeating: 0, count: buckets.count)
        total = zeroes
    }

    /// Counts each recipient of a message, or its sender.
    package mutating func add(_ message: QueuedMessage, bySender: Bool, nowSeconds: Int) {
        let bucket = buckets.index(ageSeconds: nowSeconds - message.arrivedSeconds)
        if bySender { return add(message.sender, bucket) }
        for recipient in message.recipients { add(recipient.address, bucket) }
    }

    private mutating func add(_ address: ByteString, _ bucket: Int) {
        let domain = address.domainOfAddress
        // What has no domain is known by its name, as notices are.
        domains[domain.isEmpty ? address : domain, default: zeroes][bucket] += 1
        total[bucket] += 1
    }

    /// Adds what another instance has; both must have the same buckets.
    package mutating func add(_ other: QueueShape) {
        for (domain, counts) in other.domains {
            for (bucket, count) in counts.enumerated() where bucket < buckets.count {
                domains[domain, default: zeroes][bucket] += count
            }
        }
        for (bucket, count) in other.total.enumerated() where bucket < buckets.count {
            total[bucket] += count
        }
    }

    /// The domains with their sums, those with most mail first.
    package var ranking: [(domain: ByteString, counts: [Int], sum: Int)] {
        domains.map { ($0.key, $0.value, $0.value.reduce(0, +)) }
            .sorted { ($1.2, $0.0) < ($0.2, $1.0) }
    }
}
