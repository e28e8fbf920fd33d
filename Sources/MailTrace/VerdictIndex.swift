// What a content filter logged, by the messages that it is about.

import Bytes
import PostfixFormats

/// The lines of filters.
struct VerdictIndex {
    private var byID: [QueueID: [LogRecord]] = [:]
    private var byMessageID: [ByteString: [LogRecord]] = [:]
    private(set) var all: [FilterVerdict] = []

    init(_ records: [LogRecord]) {
        for record in records {
            guard case .verdict(let verdict) = record.event else { continue }
            all.append(verdict)
            if let id = verdict.queueID {
                byID[id, default: []].append(record)
            } else if verdict.isDiscarded, let id = verdict.messageID, !id.isEmpty {
                // What was dropped before it had an id at the next hop.
                byMessageID[id, default: []].append(record)
            }
        }
    }

    /// The lines about a message.
    func records(about stay: Stay) -> [LogRecord] {
        let named = byID[stay.id] ?? []
        // Without a queue id only the instance that fed the filter is meant.
        guard let id = stay.messageID,
            stay.deliveries.contains(where: { $0.delivery.nextID == nil })
        else { return named }
        return named + (byMessageID[id] ?? [])
    }

    /// True if the filter dropped a message.
    func isDiscarded(_ stay: Stay) -> Bool {
        records(about: stay).contains { record in
            if case .verdict(let verdict) = record.event { verdict.isDiscarded } else { false }
        }
    }
}
