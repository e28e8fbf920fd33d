// Lines of sessions that name no message: refusals, and what rules did before there was an id.

import Bytes

/// What stands in a session before a message's birth, about one sender.
struct Prelude {
    let instance: ByteString
    /// The lines of the connection, then those of the rules.
    let connects: [LogRecord]
    let actions: [LogRecord]

    var records: [LogRecord] { connects + actions }

    var sender: ByteString? { actions.lazy.compactMap(\.actionSender).first }

    /// What was refused, if it was not for the message.
    var refusal: Refusal? {
        let refusal = Refusal(instance: instance, records: actions)
        return refusal.actions.contains(where: \.isReject) ? refusal : nil
    }
}

/// What was refused in one session, of one sender.
struct Refusal {
    var instance: ByteString
    var records: [LogRecord]

    var actions: [RuleAction] {
        records.compactMap { record in
            if case .action(let action) = record.event { action } else { nil }
        }
    }

    /// Refusals stand in the order of time; what is left to chance in a log must not show.
    var order: (Int, ByteString, ByteString) {
        (records.first?.time ?? 0, instance, records.first?.text ?? "")
    }

    var sender: ByteString? { actions.lazy.compactMap(\.sender).first }
}

/// Sorts the lines of sessions by what they are about.
struct Sessions {
    /// Lines that stand before a message's birth in its session, by the place of the birth.
    private(set) var preludes: [LogPlace: Prelude] = [:]
    /// What was refused, and no message came of it.
    private(set) var refusals: [Refusal] = []
    private var open: [Key: [LogRecord]] = [:]

    /// One process serves one client at a time; postscreen(8) serves many.
    private struct Key: Hashable {
        let instance: ByteString
        let service: ByteString
        let processID: Int?
        let client: ByteString?
    }

    /// Takes lines in order, each with the instance that it is of.
    init(_ records: [(record: LogRecord, instance: ByteString)]) {
        for (record, instance) in records {
            let many = record.daemon == "postscreen"
            var key = Key(
                instance: instance, service: record.service(in: instance),
                processID: record.processID, client: nil)
            switch record.event {
            case .connect:
                close(key)
                open[key] = [record]
            case .disconnect: close(key)
            case .action(let action) where record.queueID == nil:
                if many {
                    key = Key(
                        instance: instance, service: key.service, processID: key.processID,
                        client: action.client)
                }
                open[key, default: []].append(record)
            case .client: preludes[record.place] = prelude(key)
            default: break
            }
        }
        for key in open.keys { close(key) }
        refusals.sort { $0.order < $1.order }
    }

    /// The last lines before a birth that are about one sender; others were refused for good.
    private mutating func prelude(_ key: Key) -> Prelude? {
        guard let lines = open.removeValue(forKey: key) else { return nil }
        let actions = lines.filter { !$0.isConnect }
        let last = actions.last?.actionSender
        refuse(actions.filter { $0.actionSender != last }, key)
        return Prelude(
            instance: key.instance, connects: lines.filter(\.isConnect),
            actions: actions.filter { $0.actionSender == last })
    }

    private mutating func close(_ key: Key) {
        guard let lines = open.removeValue(forKey: key) else { return }
        refuse(lines.filter { !$0.isConnect }, key)
    }

    private mutating func refuse(_ lines: [LogRecord], _ key: Key) {
        var senders: [ByteString?] = []
        for line in lines where !senders.contains(line.actionSender) {
            senders.append(line.actionSender)
        }
        for sender in senders {
            let refusal = Refusal(
                instance: key.instance, records: lines.filter { $0.actionSender == sender })
            if refusal.actions.contains(where: \.isReject) { refusals.append(refusal) }
        }
    }
}

extension LogRecord {
    var actionSender: ByteString? {
        if case .action(let action) = event { action.sender } else { nil }
    }
}
