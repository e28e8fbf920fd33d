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
    private var messages: [UInt64: Message] = [:]
    /// The message that had a Message-ID last.
    private var latest: [UInt64: UInt64] = [:]
    /// Lines that have the form of one.
    package private(set) var lines = 0

    /// What is known of a message in one queue.
    private struct Message {
        var instance: Int
        /// Another instance has it, too, later on.
        var goesOn = false
        /// Deliveries that were counted as leaving the host.
        var sentOutside = 0
    }

    /// So many messages are remembered at a time, to keep memory within bounds.
    private static let limitMessages = 200_000

    /// Begins with the names of instances that are known.
    package init(names: Set<ByteString> = []) { owners = LineOwners(names: names) }

    /// The numbers of each instance that logged, by its name.
    package var instances: [(name: ByteString, counts: InstanceCounts)] {
        zip(owners.names, counts).filter { $0.1.lines > 0 }.map { ($0.0, $0.1) }
            .sorted { $0.0 < $1.0 }
    }

    /// Counts a whole log.
    package mutating func add(_ log: any LogBytes) {
        owners.learn(from: log)
        LogLines(log).read(from: 0, to: log.sizeBytes) { bytes, _, head, _ in
            count(bytes, head)
        }
    }

    private mutating func count(_ bytes: borrowing Span<UInt8>, _ head: LogHead) {
        lines += 1
        let tag = owners.tag(bytes, head)
        let (start, end) = (head.text.lowerBound, head.text.upperBound)
        let id = bytes.queueID(from: start, to: end)
        let instance = owners.owner(bytes, tag, id: id)
        while counts.count <= max(instance, tag.instance) { counts.append(InstanceCounts()) }
        counts[instance].lines += 1
        if let id {
            countMessage(bytes, tag.daemon, id, id.upperBound + 2, end, instance)
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
        _ bytes: borrowing Span<UInt8>, _ daemon: LineOwners.Daemon, _ id: Range<Int>,
        _ start: Int, _ end: Int, _ instance: Int
    ) {
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
            let isNew = bytes.has("uid=", at: start, end: end) && !bytes.isRequeue(start, end)
            if isNew || bytes.has("client=", at: start, end: end) {
                counts[instance].received += 1
                counts[instance].receivedFromOutside += 1
            } else if bytes.isReject(at: start, end: end) {
                counts[instance].rejected += 1
            }
        case .cleanup:
            if bytes.has("message-id=<", at: start, end: end) {
                link(bytes.hash(of: id), bytes.hash(of: start..<end), instance, start + 13 < end)
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
        if messages[id]?.goesOn == true { return }
        counts[instance].sentOutside += 1
        messages[id]?.sentOutside += 1
    }

    /// Notes that a message has a Message-ID; the one that had it before may be the same.
    private mutating func link(
        _ id: UInt64, _ messageID: UInt64, _ instance: Int, _ isThere: Bool
    ) {
        if messages.count >= Self.limitMessages {
            messages = [:]
            latest = [:]
        }
        messages[id] = Message(instance: instance)
        guard isThere else { return }
        defer { latest[messageID] = id }
        guard let before = latest[messageID], let message = messages[before],
            message.instance != instance
        else { return }
        counts[instance].receivedFromOutside -= 1
        counts[message.instance].sentOutside -= message.sentOutside
        messages[before] = Message(instance: message.instance, goesOn: true)
    }
}

extension Span<UInt8> {
    /// True if a rule's line begins with a refusal.
    fileprivate func isReject(at place: Int, end: Int) -> Bool {
        has("reject: ", at: place, end: end) || has("milter-reject: ", at: place, end: end)
            || has("proxy-reject: ", at: place, end: end)
    }

    /// True if pickup(8) says that the message was in the queue before.
    fileprivate func isRequeue(_ start: Int, _ end: Int) -> Bool {
        // "uid=0 from=<a@example.com> orig_id=6A532EC": nothing of the sender stands behind ">".
        guard let last = (start..<end).last(where: { self[$0] == 0x3E }) else { return false }
        return has(" orig_id=", at: last + 1, end: end)
    }

    fileprivate func hasSuffix(_ text: StaticString, end: Int) -> Bool {
        let start = end - text.utf8CodeUnitCount
        return start >= 0 && has(text, at: start, end: end)
    }

    /// Where the status of a delivery stands: behind the first "dsn=" that follows the delays, since
    /// an address or an answer may hold the same words.
    fileprivate func statusPlace(from start: Int, to end: Int) -> Int? {
        guard var place = addressEnd(from: start + 3, to: end) else { return nil }
        if has(", orig_to=<", at: place, end: end) {
            guard let next = addressEnd(from: place + 10, to: end) else { return nil }
            place = next
        }
        while place < end {
            if self[place] == 0x73, has("status=", at: place, end: end) { return place + 7 }
            // None of the fields between has a parenthesis; the answer begins with one.
            if self[place] == 0x28 { return nil }
            place += 1
        }
        return nil
    }

    /// The place behind "<address>", whose quoted part may hold anything.
    private func addressEnd(from start: Int, to end: Int) -> Int? {
        var place = start + 1
        var isQuoted = false
        while place < end {
            switch self[place] {
            case 0x5C where isQuoted: place += 1
            case 0x22: isQuoted.toggle()
            case 0x3E where !isQuoted: return place + 1
            default: break
            }
            place += 1
        }
        return nil
    }
}
