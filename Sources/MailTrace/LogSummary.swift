// What a whole log tells in numbers, by instance: one pass that copies nothing.
//
// A message that goes through three instances is received three times, but came from outside once:
// both are counted. Which messages are the same is known by their Message-IDs.

package import Bytes
import PostfixFormats

/// Numbers of one instance.
package struct InstanceCounts: Hashable, Sendable {
    package var lines = 0
    /// Connections of clients.
    package var connections = 0
    /// Messages that were taken, and those of them that no other instance had before.
    package var received = 0
    package var receivedFromOutside = 0
    /// Refusals of a client, a sender, a recipient, or of content.
    package var rejected = 0
    /// Deliveries to recipients, and those of them that went to no other instance.
    package var sent = 0
    package var sentOutside = 0
    /// Attempts that will be made again.
    package var deferred = 0
    package var bounced = 0
    /// Messages whose time was over.
    package var expired = 0
    package var warnings = 0
    /// Lines of the severities error, fatal and panic.
    package var errors = 0

    package init() {}
}

/// Counts lines.
package struct LogSummary {
    private var owners: LineOwners
    private var counts: [InstanceCounts] = []
    private var messages: [Message] = []
    /// By id: the latest message that has it.
    private var latest: [UInt64: Int] = [:]
    private var clock = StampCache()
    /// Lines that have the form of one.
    package private(set) var lines = 0

    /// What is known of a message in one queue.
    private struct Message {
        /// What stands for its queue id.
        var id: UInt64
        var instance: Int
        /// How early the queue is on the way of a message, by who brought it.
        var rank: Rank
        /// When it came, in microseconds since 1970.
        var time = 0
        /// What stands for its Message-ID; zero if it has none.
        var messageID: UInt64 = 0
        /// Deliveries to recipients.
        var sent = 0
        /// It was counted as received before, or will be the next time.
        var isCounted = false
        /// It was not counted the last time, because its Message-ID was not logged yet.
        var isHeldOver = false
    }

    /// Where the parts of a line about a message lie.
    private struct MessagePlace {
        var id: Range<Int>
        var stamp: Range<Int>
        var end: Int
        var instance: Int
    }

    /// Who brought a message: a program, a client, or a client that is on this host.
    private enum Rank: Int {
        case program, client, localClient
        /// A daemon made it: nobody brought it.
        case notice
    }

    /// So many messages are remembered at a time, to keep memory within bounds.
    private static let limitMessages = 200_000

    /// Begins with the names of instances that are known.
    package init(names: Set<ByteString> = []) { owners = LineOwners(names: names) }

    /// The numbers of each instance that logged, by its name.
    package var instances: [(name: ByteString, counts: InstanceCounts)] {
        var whole = self
        whole.fold()
        return zip(owners.names, whole.counts).filter { $0.1 != InstanceCounts() }
            .map { ($0.0, $0.1) }.sorted { $0.0 < $1.0 }
    }

    /// Begins with the names of instances that are known, and with what another summary of an
    /// earlier part of the logs remembered.
    package init(names: Set<ByteString>, remembering memory: LogMemory) {
        owners = LineOwners(names: names.union(memory.entries.map(\.instance)))
        counts = [InstanceCounts](repeating: InstanceCounts(), count: owners.names.count)
        for entry in memory.entries {
            guard let instance = owners.names.firstIndex(of: entry.instance),
                let rank = Rank(rawValue: entry.rank)
            else { continue }
            owners.remember(entry.id, instance)
            latest[entry.id] = messages.count
            messages.append(
                Message(
                    id: entry.id, instance: instance, rank: rank, time: entry.time,
                    messageID: entry.messageID, isCounted: entry.isCounted,
                    isHeldOver: !entry.isCounted))
        }
    }

    /// Ends counting for now; returns what another summary needs to go on.
    package mutating func suspend() -> LogMemory {
        let first = max(0, messages.count - LogMemory.limitEntries)
        for index in messages.indices.dropFirst(first)
        where messages[index].messageID == 0 && messages[index].rank != .notice
            && !messages[index].isHeldOver && !messages[index].isCounted
        {
            // The line that tells whether another instance had it before is yet to come.
            messages[index].isHeldOver = true
            messages[index].isCounted = true
        }
        let entries = messages.dropFirst(first).map { message in
            LogMemory.Entry(
                instance: owners.names[message.instance], rank: message.rank.rawValue,
                time: message.time, id: message.id, messageID: message.messageID,
                isCounted: !(message.isHeldOver && message.isCounted))
        }
        fold()
        return LogMemory(entries)
    }

    /// Counts a whole log; logs may come in any order.
    package mutating func add(_ log: TracedLog) {
        owners.learn(from: log.bytes)
        LogLines(log.bytes).read(from: 0, to: log.bytes.sizeBytes) { bytes, _, head, _ in
            count(bytes, head, log.calendar)
        }
    }

    /// When a message came, as exactly as the line and its id tell.
    private mutating func time(
        _ bytes: borrowing Span<UInt8>, _ stamp: Range<Int>, _ id: Range<Int>,
        _ calendar: LogCalendar
    ) -> Int {
        guard let time = clock.time(bytes, stamp, calendar) else { return 0 }
        let name = QueueID(logged: ByteString(copying: bytes, id))
        guard time % 1_000_000 == 0, let micros = name?.createdMicroseconds else { return time }
        return time + micros
    }

    /// Decides which of the remembered messages came from outside, and which went there.
    private mutating func fold() {
        let order = messages.indices.sorted { left, right in
            let (left, right) = (messages[left], messages[right])
            return (left.messageID, left.rank.rawValue, left.time)
                < (right.messageID, right.rank.rawValue, right.time)
        }
        var start = 0
        while start < order.count {
            var end = start + 1
            let id = messages[order[start]].messageID
            // What has no Message-ID is a message of its own.
            while id != 0, end < order.count, messages[order[end]].messageID == id { end += 1 }
            let first = messages[order[start]].instance
            let last = messages[order[end - 1]].instance
            for index in order[start..<end] {
                let message = messages[index]
                if message.rank != .notice, !message.isCounted, message.instance == first {
                    counts[message.instance].receivedFromOutside += 1
                }
                if message.instance == last {
                    counts[message.instance].sentOutside += message.sent
                }
            }
            start = end
        }
        messages = []
        latest = [:]
    }

    private mutating func remember(_ message: Message) {
        if messages.count >= Self.limitMessages { fold() }
        latest[message.id] = messages.count
        messages.append(message)
    }

    private mutating func count(
        _ bytes: borrowing Span<UInt8>, _ head: LogHead, _ calendar: LogCalendar
    ) {
        lines += 1
        let tag = owners.tag(bytes, head)
        let (start, end) = (head.text.lowerBound, head.text.upperBound)
        let id = bytes.queueID(from: start, to: end)
        let instance = owners.owner(bytes, tag, id: id)
        while counts.count <= max(instance, tag.instance) { counts.append(InstanceCounts()) }
        counts[instance].lines += 1
        if let id {
            let place = MessagePlace(id: id, stamp: head.time, end: end, instance: instance)
            countMessage(bytes, tag.daemon, place, calendar)
        } else if bytes.has("NOQUEUE: ", at: start, end: end) {
            if bytes.isReject(at: start + 9, end: end) { counts[instance].rejected += 1 }
        } else if bytes.has("connect from ", at: start, end: end) {
            counts[instance].connections += 1
        } else if bytes.has("warning: ", at: start, end: end) {
            counts[instance].warnings += 1
        } else if bytes.has("fatal: ", at: start, end: end)
            || bytes.has("error: ", at: start, end: end)
            || bytes.has("panic: ", at: start, end: end)
        {
            counts[instance].errors += 1
        }
    }

    private mutating func countMessage(
        _ bytes: borrowing Span<UInt8>, _ daemon: LineOwners.Daemon, _ place: MessagePlace,
        _ calendar: LogCalendar
    ) {
        let (id, start, end) = (place.id, place.id.upperBound + 2, place.end)
        let instance = place.instance
        switch daemon {
        case .delivery, .other:
            guard bytes.has("to=<", at: start, end: end),
                let status = bytes.statusPlace(from: start, to: end)
            else { return }
            if bytes.has("sent ", at: status, end: end) {
                countSent(bytes.hash(of: id), instance)
            } else if bytes.has("deferred ", at: status, end: end) {
                counts[instance].deferred += 1
            } else if bytes.has("bounced ", at: status, end: end) {
                counts[instance].bounced += 1
            }
        case .smtpd, .pickup:
            if let rank = bytes.rank(start, end).flatMap(Rank.init) {
                counts[instance].received += 1
                let time = time(bytes, place.stamp, id, calendar)
                remember(
                    Message(
                        id: bytes.hash(of: id), instance: instance, rank: rank, time: time))
            } else if bytes.isReject(at: start, end: end) {
                counts[instance].rejected += 1
            }
        case .cleanup:
            if bytes.has("message-id=<", at: start, end: end) {
                let isThere = start + 13 < end
                name(bytes.hash(of: id), isThere ? bytes.hash(of: start..<end) : 0, instance)
            } else if bytes.isReject(at: start, end: end) {
                counts[instance].rejected += 1
            }
        case .qmgr:
            if bytes.has("from=<", at: start, end: end),
                bytes.hasSuffix("expired, returned to sender", end: end)
            {
                counts[instance].expired += 1
            }
        case .postscreen, .bounce, .postsuper: break
        }
    }

    private mutating func countSent(_ id: UInt64, _ instance: Int) {
        counts[instance].sent += 1
        if let index = latest[id], messages[index].instance == instance {
            messages[index].sent += 1
        } else {
            // Its beginning is in no log; then it is the only one that is known of it.
            counts[instance].sentOutside += 1
        }
    }

    /// Notes the Message-ID of a message; one that nobody brought is new with it.
    private mutating func name(_ id: UInt64, _ messageID: UInt64, _ instance: Int) {
        if let index = latest[id], messages[index].instance == instance,
            messages[index].messageID == 0
        {
            messages[index].messageID = messageID
        } else {
            remember(
                Message(id: id, instance: instance, rank: .notice, messageID: messageID))
        }
    }
}
