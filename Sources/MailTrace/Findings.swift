// The lines that belong to an answer, and what to look for next because of them.

import Bytes
import PostfixFormats

/// Lines found so far.
struct Findings {
    private let query: TraceQuery
    private var found: [LogPlace: LogRecord] = [:]
    private var ids: Set<QueueID> = []
    private var messageIDs: Set<ByteString> = []
    private var pending: [Needle] = []
    /// The Message-ID of each id.
    private var messageIDOf: [QueueID: ByteString] = [:]
    /// Message-IDs that all logs were searched for.
    private var soughtMessageIDs: Set<ByteString> = []
    /// Ids that next hops gave, with those that they were given for.
    private var given: [(next: QueueID, by: QueueID)] = []
    private var isFirstRound = true
    /// What the first search finds for the sender and for the recipient; the fewer of them count.
    private var bySender: [LogRecord] = []
    private var byRecipient: [LogRecord] = []
    /// More was found than is taken.
    private(set) var isFull = false

    /// An answer of more lines than this is none; it keeps memory within bounds.
    private static let limitRecords = 60_000

    init(_ query: TraceQuery) {
        self.query = query
        if let id = query.queueID {
            pending = [Needle(text: id)]
        } else if let id = query.messageID {
            pending = [Needle(text: id)]
        } else if query.sender != nil || query.recipient != nil {
            if let sender = query.sender {
                pending.append(
                    Needle(text: "from=<\(sender.withoutBrackets)>", ignoresCase: true))
            }
            if let recipient = query.recipient {
                pending.append(
                    Needle(text: "to=<\(recipient.withoutBrackets)>", ignoresCase: true))
            }
        } else if let text = query.text {
            pending = [Needle(text: text, ignoresCase: true)]
        }
    }

    /// All lines, in no order.
    var records: [LogRecord] { Array(found.values) }

    /// Lines from which sessions are looked at.
    var sessionStarts: [LogRecord] {
        found.values.filter { record in
            switch record.event {
            case .client: record.queueID.map(ids.contains) == true
            case .action: record.queueID == nil
            default: false
            }
        }.sorted { $0.place < $1.place }
    }

    /// What to search for next; nothing if all is found.
    ///
    /// Most ids that next hops give are those of other hosts. If the next hop was on this one, it
    /// logged the same Message-ID: so nobody has to look for its id who has looked for that.
    mutating func newNeedles() -> [Needle] {
        for (next, by) in given {
            if let id = messageIDOf[by], soughtMessageIDs.contains(id) { continue }
            seek(next)
        }
        given = []
        defer { pending = [] }
        soughtMessageIDs.formUnion(messageIDs)
        return isFull ? [] : pending
    }

    private mutating func seek(_ id: QueueID) {
        if ids.insert(id).inserted { pending.append(Needle(text: id.text)) }
    }

    /// Takes a line that holds what was sought, if it really is about it.
    mutating func consider(_ record: LogRecord) {
        if isFirstRound {
            considerFirst(record)
        } else if isRelated(record) {
            take(record)
        }
    }

    /// Ends a search of all logs.
    mutating func endRound() {
        guard isFirstRound else { return }
        isFirstRound = false
        // A journey with both must be among those with either.
        let hasBoth = query.sender != nil && query.recipient != nil
        let seeds: [LogRecord]
        if hasBoth {
            seeds = bySender.count < byRecipient.count ? bySender : byRecipient
        } else {
            seeds = bySender + byRecipient
        }
        for record in seeds where record.queueID != nil || !hasBoth { take(record) }
        if hasBoth {
            let places = Set(byRecipient.map(\.place))
            for record in bySender where record.queueID == nil && places.contains(record.place) {
                take(record)
            }
        }
        (bySender, byRecipient) = ([], [])
    }

    private mutating func considerFirst(_ record: LogRecord) {
        if let id = query.queueID {
            let names = [record.queueID].compactMap { $0 } + record.references + record.given
            if names.contains(where: { $0.text == id }) { take(record) }
        } else if let id = query.messageID {
            if record.isNamed(id) { take(record) }
        } else if query.sender != nil || query.recipient != nil {
            if let sender = query.sender, record.isFrom(sender.withoutBrackets) {
                bySender.append(record)
            }
            if let recipient = query.recipient, record.isTo(recipient.withoutBrackets) {
                byRecipient.append(record)
            }
            if bySender.count + byRecipient.count > Self.limitRecords { isFull = true }
        } else if record.queueID != nil || record.isRuleAction {
            take(record)
        }
    }

    private func isRelated(_ record: LogRecord) -> Bool {
        if let id = record.queueID, ids.contains(id) { return true }
        switch record.event {
        case .messageID(let id): if messageIDs.contains(id) { return true }
        case .verdict(let verdict):
            if let id = verdict.messageID, messageIDs.contains(id) { return true }
        default: break
        }
        return (record.references + record.given).contains(where: ids.contains)
    }

    /// Takes a line, and seeks what it names.
    private mutating func take(_ record: LogRecord) {
        guard found.count < Self.limitRecords else {
            isFull = true
            return
        }
        guard found.updateValue(record, forKey: record.place) == nil else { return }
        if let id = record.queueID { seek(id) }
        for id in record.references { seek(id) }
        guard let own = record.queueID else { return }
        switch record.event {
        case .messageID(let id) where !id.isEmpty:
            messageIDOf[own] = id
            if messageIDs.insert(id).inserted { pending.append(Needle(text: id)) }
        case .delivery(let delivery):
            if let next = delivery.nextID { given.append((next, own)) }
        default: break
        }
    }

    /// Takes a line of a session; true if it was not known.
    mutating func takeSession(_ record: LogRecord) -> Bool {
        if found[record.place] != nil { return false }
        if record.isClient {
            // What was refused before may have been for this message.
            take(record)
        } else {
            found[record.place] = record
        }
        return true
    }
}

extension LogRecord {
    /// Ids of other stays of the same message.
    fileprivate var references: [QueueID] {
        switch event {
        case .client(let client): [client.originalID].compactMap { $0 }
        case .pickup(_, let original): [original].compactMap { $0 }
        case .verdict(let verdict): [verdict.queueID].compactMap { $0 } + verdict.nextIDs
        default: []
        }
    }

    /// The id that the next hop gave.
    fileprivate var given: [QueueID] {
        if case .delivery(let delivery) = event { [delivery.nextID].compactMap { $0 } } else { [] }
    }

    fileprivate var isRuleAction: Bool { if case .action = event { true } else { false } }

    fileprivate func isNamed(_ id: ByteString) -> Bool {
        switch event {
        case .messageID(let found): found == id || found == "<\(id)>"
        case .verdict(let verdict): verdict.messageID == id || verdict.messageID == "<\(id)>"
        default: false
        }
    }

    fileprivate func isFrom(_ address: ByteString) -> Bool {
        let found: ByteString? =
            switch event {
            case .active(let sender, _, _), .expired(let sender), .pickup(let sender, _): sender
            case .action(let action): action.sender
            default: nil
            }
        return found?.lowercased == address.lowercased
    }

    fileprivate func isTo(_ address: ByteString) -> Bool {
        let address = address.lowercased
        switch event {
        case .delivery(let delivery):
            return delivery.recipient.lowercased == address
                || delivery.originalRecipient?.lowercased == address
        case .action(let action): return action.recipient?.lowercased == address
        default: return false
        }
    }
}
