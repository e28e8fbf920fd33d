// Messages that wait in the queues of an instance.

package import Bytes
package import PostfixFormats

/// A queue that holds messages.
package enum QueueName: String, CaseIterable, Sendable {
    case maildrop, incoming, active, deferred, hold, corrupt

    /// The name as Postfix has it.
    package var text: ByteString { ByteString(rawValue) }
}

/// A message in a queue, as its file told.
package struct QueuedMessage: Hashable, Sendable {
    package var queue: QueueName
    package var id: QueueID
    /// When the message came, in seconds since 1970; with the id it tells messages apart over time.
    package var arrivedSeconds: Int
    package var sizeBytes: Int
    /// It is returned to its sender as soon as it is looked at.
    package var isForcedToExpire: Bool
    /// The sender in outer form; MAILER-DAEMON for notices, as Postfix shows them.
    package var sender: ByteString
    package var recipients: [Recipient]

    /// One who is still to get the message.
    package struct Recipient: Hashable, Sendable {
        /// The address in outer form.
        package var address: ByteString
        /// Why the last attempt failed; nil if there was none, or nobody looked.
        package var reason: ByteString?

        package init(address: ByteString, reason: ByteString? = nil) {
            self.address = address
            self.reason = reason
        }
    }

    package init(
        queue: QueueName, id: QueueID, arrivedSeconds: Int, sizeBytes: Int,
        isForcedToExpire: Bool = false, sender: ByteString, recipients: [Recipient]
    ) {
        self.queue = queue
        self.id = id
        self.arrivedSeconds = arrivedSeconds
        self.sizeBytes = sizeBytes
        self.isForcedToExpire = isForcedToExpire
        self.sender = sender
        self.recipients = recipients
    }

    /// Puts the reasons of a log of deferrals to the recipients: those that it names come first, as
    /// postqueue(1) has it, and the log names also some that Postfix shows in another form.
    package mutating func add(_ log: DeferLog) {
        if log.recipients.isEmpty { return }
        let known = log.recipients.map {
            Recipient(address: $0.address, reason: $0.reason)
        }
        // A set is slower to make than a few names are to compare.
        if recipients.count * known.count <= 64 {
            recipients.removeAll { rest in known.contains { $0.address == rest.address } }
        } else {
            let names = Set(known.map(\.address))
            recipients.removeAll { names.contains($0.address) }
        }
        recipients = known + recipients
    }
}
