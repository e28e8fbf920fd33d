// Which messages a filter means, and how they are counted by domain and age.

import Bytes
import Instances
import PostfixFormats
import Testing

private let now = 1_700_000_000

private func message(
    age: Int = 0, bytes: Int = 1000, sender: ByteString = "a@example.com",
    to recipients: ByteString..., reason: ByteString? = nil
) throws -> QueuedMessage {
    QueuedMessage(
        queue: .deferred, id: try #require(QueueID(fileName: "12345ABC")),
        arrivedSeconds: now - age, sizeBytes: bytes, sender: sender,
        recipients: recipients.map { .init(address: $0, reason: reason) })
}

@Suite struct `A filter of messages` {
    private func matches(
        _ message: QueuedMessage, _ change: (inout MessageFilter) -> Void
    ) -> Bool {
        var filter = MessageFilter()
        change(&filter)
        return filter.matches(message, nowSeconds: now)
    }

    @Test func `means all if it asks for nothing`() throws {
        #expect(MessageFilter().isEmpty)
        #expect(matches(try message(to: "b@example.net")) { _ in })
        var filter = MessageFilter()
        filter.queues = [.hold]
        #expect(!filter.isEmpty && !filter.needsEnvelopes)
        filter.reason = "x"
        #expect(filter.needsEnvelopes && filter.needsReasons)
    }

    @Test func `takes ages and sizes at their limits`() throws {
        let one = try message(age: 60, bytes: 100, to: "b@c")
        #expect(matches(one) { $0.leastAgeSeconds = 60 })
        #expect(!matches(one) { $0.leastAgeSeconds = 61 })
        #expect(matches(one) { $0.mostAgeSeconds = 60 })
        #expect(!matches(one) { $0.mostAgeSeconds = 59 })
        #expect(matches(one) { $0.leastBytes = 100 })
        #expect(!matches(one) { $0.leastBytes = 101 })
        #expect(matches(one) { $0.mostBytes = 100 })
        #expect(!matches(one) { $0.mostBytes = 99 })
    }

    @Test func `knows senders by address, domain, or that there is none`() throws {
        let one = try message(sender: "News@Example.com", to: "b@c")
        let notice = try message(sender: "MAILER-DAEMON", to: "b@c")
        #expect(matches(one) { $0.sender = AddressCondition("news@example.COM") })
        #expect(matches(one) { $0.sender = AddressCondition("<news@example.com>") })
        #expect(matches(one) { $0.sender = AddressCondition("@example.com") })
        #expect(!matches(one) { $0.sender = AddressCondition("@ample.com") })
        #expect(!matches(one) { $0.sender = AddressCondition("<>") })
        #expect(matches(notice) { $0.sender = AddressCondition("<>") })
    }

    @Test func `asks all that is about a recipient of the same one`() throws {
        var one = try message(to: "b@one.example", "c@two.example")
        one.recipients[1].reason = "Connection Refused"
        #expect(matches(one) { $0.domain = "one.example" })
        #expect(matches(one) { $0.domain = ".example" })
        #expect(!matches(one) { $0.domain = "example" })
        #expect(matches(one) { $0.reason = "refused" })
        #expect(
            !matches(one) {
                $0.domain = "one.example"
                $0.reason = "refused"
            })
        #expect(
            matches(one) {
                $0.recipient = AddressCondition("c@two.example")
                $0.reason = "connection"
            })
    }
}

@Suite struct `The reasons of a log of deferrals` {
    @Test func `come first, and each recipient once`() throws {
        var one = try message(to: "b@c", "d@e")
        one.add(DeferLog(Array("recipient=d@e\nreason=no\n\n".utf8)))
        #expect(
            one.recipients == [.init(address: "d@e", reason: "no"), .init(address: "b@c")])
    }

    @Test func `are put to many recipients as to few`() throws {
        var one = try message(to: "x@y")
        one.recipients = (0..<200).map { .init(address: "user\($0)@example.com") }
        let log = (100..<200).map { "recipient=user\($0)@example.com\nreason=no\n\n" }.joined()
        one.add(DeferLog(Array(log.utf8)))
        #expect(one.recipients.count == 200)
        #expect(Set(one.recipients.map(\.address)).count == 200)
        #expect(one.recipients.count { $0.reason == "no" } == 100)
    }
}

@Suite struct `The shape of queues` {
    @Test func `has buckets of which each is twice as long as the one before`() {
        let buckets = AgeBuckets(count: 4, tickMinutes: 5)
        #expect(buckets.startMinutes == [0, 5, 10, 20])
        let ages = [(-60, 0), (0, 0), (299, 0), (300, 1), (599, 1), (600, 2), (1199, 2)]
        for (age, bucket) in ages + [(1200, 3), (9_999_999, 3)] {
            #expect(buckets.index(ageSeconds: age) == bucket, "\(age)")
        }
    }

    @Test func `counts recipients by domain, or messages by their sender's`() throws {
        let buckets = AgeBuckets(count: 2, tickMinutes: 1)
        var shape = QueueShape(buckets)
        let old = try message(age: 90, to: "a@One.example", "b@one.example", "c@two.example")
        shape.add(old, bySender: false, nowSeconds: now)
        #expect(shape.domains == ["one.example": [0, 2], "two.example": [0, 1]])
        #expect(shape.total == [0, 3])
        var senders = QueueShape(buckets)
        senders.add(
            try message(sender: "MAILER-DAEMON", to: "x@y", "z@y"), bySender: true, nowSeconds: now)
        #expect(senders.domains == ["MAILER-DAEMON": [1, 0]])
        shape.add(senders)
        #expect(shape.total == [1, 3])
        #expect(shape.ranking.map(\.domain) == ["one.example", "MAILER-DAEMON", "two.example"])
    }
}
