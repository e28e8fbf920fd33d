// A message's stay in the queue of one instance: from the line of its birth to that of its end.
//
// Short queue ids are used again. So an id is not a stay: a birth after an end begins a new one.

import Bytes
import PostfixFormats

/// One stay of a message in one queue.
struct Stay {
    let instance: ByteString
    let id: QueueID
    /// The lines about it, in order.
    private(set) var records: [LogRecord] = []

    private(set) var client: Client?
    /// The tag's service and daemon of the line of its birth.
    private(set) var service: ByteString = ""
    private(set) var isFromPickup = false
    /// The id before a requeue.
    private(set) var requeuedFrom: QueueID?
    private(set) var messageID: ByteString?
    private(set) var sender: ByteString?
    private(set) var sizeBytes: Int?
    private(set) var recipientCount: Int?
    private(set) var deliveries: [(time: Int, delivery: Delivery)] = []
    private(set) var notices: [(id: QueueID, kind: NoticeKind)] = []
    private(set) var isExpired = false
    private(set) var isHeld = false
    private(set) var isDiscarded = false
    private(set) var wasRequeued = false
    private(set) var isDeleted = false
    /// When it left the queue.
    private(set) var endTime: Int?
    /// Recipients that rules named, and whether they were refused.
    private(set) var named: [(recipient: ByteString, isRejected: Bool)] = []

    init(instance: ByteString, id: QueueID) {
        self.instance = instance
        self.id = id
    }

    /// Several processes write a log: their lines can be out of order by so much.
    static let jitter = 2_000_000

    var isBorn: Bool { client != nil || isFromPickup }

    /// When its first line with its id was logged.
    private(set) var firstTime = 0

    /// When it came, as exactly as line and id tell.
    var bornTime: Int {
        guard let micros = id.createdMicroseconds, firstTime % 1_000_000 == 0 else {
            return firstTime
        }
        if let seconds = id.createdSeconds {
            let exact = seconds * 1_000_000 + micros
            // A clock or a year that differs would make nonsense of delays.
            return abs(exact - firstTime) < 5_000_000 ? exact : firstTime
        }
        // The line comes a tenth of a millisecond later, which can be in the next second.
        return firstTime + (micros + 110 >= 1_000_000 ? micros - 1_000_000 : micros)
    }

    /// True if a line belongs to this stay, and not to a later one with the same id.
    func takes(_ record: LogRecord) -> Bool {
        switch record.event {
        case .client, .pickup:
            // Another process may have been quicker with its line than the one that made it.
            return !isBorn && endTime == nil && record.time - firstTime <= Self.jitter
        default:
            guard let endTime else { return true }
            return record.time - endTime <= Self.jitter
        }
    }

    /// Adds a line that `takes` says is of this stay.
    mutating func add(_ record: LogRecord) {
        if records.isEmpty { firstTime = record.time }
        records.append(record)
        switch record.event {
        case .client(let found):
            client = found
            service = record.service(in: instance)
        case .pickup(let from, let original):
            isFromPickup = true
            requeuedFrom = original
            if sender == nil { sender = from }
            service = record.service(in: instance)
        case .messageID(let found): if messageID == nil { messageID = found }
        case .active(let from, let size, let count):
            (sender, sizeBytes, recipientCount) = (from, size, count)
            isHeld = false
        case .expired(let from):
            sender = from
            isExpired = true
        case .delivery(let delivery): deliveries.append((record.time, delivery))
        case .notice(let id, let kind): notices.append((id, kind))
        case .held: isHeld = true
        case .released: isHeld = false
        case .requeued: wasRequeued = true
        case .removed(let byOperator): end(record.time, byOperator)
        case .action(let action): note(action, time: record.time)
        case .connect, .disconnect, .forcedToExpire, .verdict, .other: break
        }
    }

    private mutating func end(_ time: Int, _ byOperator: Bool?) {
        endTime = time
        let isDone = isExpired || !deliveries.isEmpty && openRecipients.isEmpty
        isDeleted = byOperator ?? !isDone
    }

    /// Recipients whose last attempt was not the end.
    private var openRecipients: [ByteString] {
        lastStatuses.filter { $0.status != "sent" && $0.status != "bounced" }.map(\.recipient)
    }

    /// The last status of each recipient, in the order of their first attempts.
    var lastStatuses: [(recipient: ByteString, status: ByteString)] {
        var order: [ByteString] = []
        var last: [ByteString: ByteString] = [:]
        for (_, delivery) in deliveries {
            if last.updateValue(delivery.status, forKey: delivery.recipient) == nil {
                order.append(delivery.recipient)
            }
        }
        return order.map { ($0, last[$0] ?? "") }
    }

    /// Adds what a rule did with it, also before it had an id.
    mutating func note(_ action: RuleAction, time: Int) {
        if action.action.hasSuffix("hold") { isHeld = true }
        if action.action.hasSuffix("discard") {
            isDiscarded = true
            endTime = endTime ?? time
        }
        if let from = action.sender, sender == nil { sender = from }
        if let recipient = action.recipient { named.append((recipient, action.isReject)) }
    }

    /// Adds lines of the session that brought it.
    mutating func addSession(_ lines: [LogRecord]) {
        records = lines + records
        for line in lines {
            if case .action(let action) = line.event { note(action, time: line.time) }
        }
    }

    /// True if it was in the queue at a time.
    func isAlive(at time: Int) -> Bool {
        firstTime - Self.jitter <= time && time <= (endTime ?? .max - Self.jitter) + Self.jitter
    }

    /// All recipients that are known, with their names before rewriting.
    var recipients: Set<ByteString> {
        var all = Set(named.filter { !$0.isRejected }.map(\.recipient))
        for (_, delivery) in deliveries {
            all.insert(delivery.recipient)
            if let original = delivery.originalRecipient { all.insert(original) }
        }
        return all
    }
}

extension LogRecord {
    /// The tag without the instance's name: "smtpd", "submission/smtpd".
    func service(in instance: ByteString) -> ByteString {
        let tag: ByteString = daemon.isEmpty ? name : "\(name)/\(daemon)"
        return tag.hasPrefix("\(instance)/") ? tag.dropFirst(instance.count + 1) : tag
    }
}

/// Sorts lines into stays.
struct Stays {
    private(set) var all: [Stay] = []
    private var latest: [Key: Int] = [:]
    private var byID: [QueueID: [Int]] = [:]

    private struct Key: Hashable {
        let instance: ByteString
        let id: QueueID
    }

    /// Takes lines in order, each with the instance that it is of.
    init(_ records: [(record: LogRecord, instance: ByteString)]) {
        for (record, instance) in records {
            guard let id = record.queueID else { continue }
            let key = Key(instance: instance, id: id)
            if let index = latest[key], all[index].takes(record) {
                all[index].add(record)
                continue
            }
            latest[key] = all.count
            byID[id, default: []].append(all.count)
            var stay = Stay(instance: instance, id: id)
            stay.add(record)
            all.append(stay)
        }
    }

    /// The stays with an id, whichever instance they are in.
    func indices(of id: QueueID) -> [Int] { byID[id] ?? [] }

    /// The latest stay with an id in an instance.
    func latestIndex(of id: QueueID, in instance: ByteString) -> Int? {
        latest[Key(instance: instance, id: id)]
    }

    /// Adds lines of the session that brought a message.
    mutating func addSession(_ lines: [LogRecord], to index: Int) { all[index].addSession(lines) }
}
