// What can be done to queued messages, and which of Postfix's programs does it.

package import Bytes

/// Something to do to queued messages.
package enum QueueAction: String, CaseIterable, Sendable {
    case hold, release, delete, requeue, flush

    /// The action as a word.
    package var word: ByteString { ByteString(rawValue) }

    /// The queues in which it makes sense; in others messages are left alone.
    package var queues: Set<QueueName> {
        switch self {
        case .hold: [.incoming, .active, .deferred]
        case .release: [.hold]
        case .delete, .requeue: [.incoming, .active, .deferred, .hold]
        case .flush: [.deferred]
        }
    }

    /// The program and its option, which comes before each queue id.
    package var program: (name: ByteString, option: ByteString) {
        switch self {
        case .hold: ("postsuper", "-h")
        case .release: ("postsuper", "-H")
        case .delete: ("postsuper", "-d")
        case .requeue: ("postsuper", "-r")
        case .flush: ("postqueue", "-i")
        }
    }

    /// So many messages are named in one call: postqueue(1) takes a single one, and a list of
    /// arguments must not be too long for the system.
    package var messagesAtOnce: Int { self == .flush ? 1 : 500 }

    /// True if a message that lies in `queue` now, or nowhere if that is nil, had it done to it.
    package func isDone(messageIn queue: QueueName?) -> Bool {
        switch self {
        case .hold: queue == .hold
        case .release: queue != .hold
        case .delete: queue == nil
        // It waits in maildrop under its old id, and gets another one there.
        case .requeue: queue == nil || queue == .maildrop
        case .flush: true
        }
    }
}
