// The way of one message through all queues, as a value that can be printed and compared.

package import Bytes

/// The way of one message.
package struct Journey: Hashable, Sendable {
    /// Empty if the message has none, or none was logged.
    package var messageID: ByteString
    /// The envelope sender; that of the last hop if one of them rewrites it.
    package var sender: ByteString
    /// The stays in queues, each after the one that it came from.
    package var hops: [Hop]
    /// What became of each recipient.
    package var finals: [Final]
    /// The queue that holds it now; nil if none does.
    package var whereabouts: Whereabouts?
    /// Messages about this one.
    package var notices: [Notice]
}

/// A stay in the queue of one instance, or a refusal to take the message there.
package struct Hop: Hashable, Sendable {
    package var instance: ByteString
    /// The queue id, or "NOQUEUE".
    package var queueID: ByteString
    package var status: FinalStatus
    /// What the status does not tell.
    package var note: ByteString?
    /// The service that took the message, such as "submission/smtpd".
    package var service: ByteString
    package var client: ByteString?
    package var sender: ByteString?
    package var sizeBytes: Int?
    /// When it came and went, in microseconds since 1970.
    package var receivedTime: Int
    package var endTime: Int?
    /// The hop that it came from, and by which evidence; nil for the first one.
    package var previous: Int?
    package var evidence: [Evidence]
    package var attempts: [Attempt]
    /// All lines about it, in order.
    package var records: [LogRecord]
}

/// One attempt to deliver to one recipient.
package struct Attempt: Hashable, Sendable {
    package var time: Int
    package var service: ByteString
    package var delivery: Delivery
}

/// What became of one recipient.
package struct Final: Hashable, Sendable {
    package var recipient: ByteString
    package var status: FinalStatus
}

/// What became of a message, or of a recipient.
package enum FinalStatus: String, Hashable, Sendable {
    case sent, deferred, bounced, expired, hold, discarded, deleted, rejected, requeued
    /// No attempt was made yet.
    case queued
    /// Different things became of different recipients.
    case mixed
    /// The log does not tell.
    case unknown

    /// The status of a last attempt.
    package init(attempt: ByteString) {
        switch attempt {
        case "sent", "deliverable": self = .sent
        case "deferred", "SOFTBOUNCE": self = .deferred
        case "bounced", "undeliverable": self = .bounced
        default: self = .unknown
        }
    }

    /// True if it can still become something else.
    package var isOpen: Bool {
        switch self {
        case .deferred, .hold, .queued, .unknown: true
        case .sent, .bounced, .expired, .discarded, .deleted, .rejected, .requeued, .mixed: false
        }
    }
}

/// Where a message is.
package struct Whereabouts: Hashable, Sendable {
    package var instance: ByteString
    package var queue: ByteString
    package var queueID: ByteString
}

/// A message about another one.
package struct Notice: Hashable, Sendable {
    package var instance: ByteString
    package var queueID: ByteString
    /// The message that it is about.
    package var about: ByteString
    package var kind: NoticeKind
}
