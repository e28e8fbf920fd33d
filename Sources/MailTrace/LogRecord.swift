// What one line of the log tells, as a value. Parsing is in RecordReader.

package import Bytes
package import PostfixFormats

/// One line of the log, understood.
package struct LogRecord: Hashable, Sendable {
    /// When it was logged, in microseconds since 1970.
    package var time: Int
    /// The host that logged.
    package var host: ByteString
    /// The tag without the daemon: the log name, and maybe a service.
    package var name: ByteString
    /// The last part of the tag, such as "smtpd"; empty if the logger cut it off.
    package var daemon: ByteString
    package var processID: Int?
    /// The severity that Postfix put in front, if any.
    package var severity: ByteString?
    /// The message that the line is about.
    package var queueID: QueueID?
    package var event: LogEvent
    /// All that was said, for people.
    package var text: ByteString
    /// Where the line lies.
    package var place: LogPlace
}

/// Where a line lies: in which file, and from which byte on.
package struct LogPlace: Hashable, Comparable, Sendable {
    package var file: Int
    package var offset: Int

    package init(file: Int, offset: Int) {
        self.file = file
        self.offset = offset
    }

    /// Orders by file, then by place in it.
    package static func < (left: LogPlace, right: LogPlace) -> Bool {
        (left.file, left.offset) < (right.file, right.offset)
    }
}

/// What happened.
package enum LogEvent: Hashable, Sendable {
    /// A client connected to smtpd(8) or postscreen(8).
    case connect(client: ByteString)
    case disconnect
    /// smtpd(8) took the first recipient: the message gets its queue file.
    case client(Client)
    /// pickup(8) took it from the maildrop queue; after a requeue with the id before.
    case pickup(sender: ByteString, original: QueueID?)
    case messageID(ByteString)
    /// An access rule, a header rule or a milter did something with it.
    case action(RuleAction)
    /// It entered the active queue.
    case active(sender: ByteString, sizeBytes: Int, recipients: Int)
    /// Its time is over: all that is still deferred goes back to the sender.
    case expired(sender: ByteString)
    case delivery(Delivery)
    /// It left the queue; who removed it is not known if the logger cut the daemon off.
    case removed(byOperator: Bool?)
    case held, released, requeued
    /// The operator asked for it to expire.
    case forcedToExpire
    /// A message about this one was made.
    case notice(QueueID, NoticeKind)
    /// A content filter tells what it did.
    case verdict(FilterVerdict)
    case other
}

/// What a notice is about.
package enum NoticeKind: String, Hashable, Sendable {
    case failed, delayed, success
}

/// The client of a message.
package struct Client: Hashable, Sendable {
    /// Name and address, as "mail.example.com[192.0.2.1]".
    package var address: ByteString
    package var saslUser: ByteString?
    /// The id at the hop before, from XFORWARD.
    package var originalID: QueueID?
    /// The client of the hop before, from XFORWARD.
    package var originalClient: ByteString?
}

/// What a rule did.
package struct RuleAction: Hashable, Sendable {
    /// "reject", "hold", "discard" and others.
    package var action: ByteString
    /// Where: "RCPT", "DATA", "header Subject: ...".
    package var stage: ByteString
    /// Who was refused, as "mail.example.com[192.0.2.1]".
    package var client: ByteString
    /// The answer that the client got, or the rule's text.
    package var reply: ByteString
    package var sender: ByteString?
    package var recipient: ByteString?

    /// The message was refused.
    package var isReject: Bool { action.hasSuffix("reject") }
}

/// One attempt to deliver to one recipient.
package struct Delivery: Hashable, Sendable {
    package var recipient: ByteString
    /// The recipient before aliases and rewriting.
    package var originalRecipient: ByteString?
    package var relay: ByteString
    /// Seconds since the message came, as logged.
    package var delay: ByteString
    /// The same in four parts, as logged: before and in the queue manager, connection, transfer.
    package var delays: ByteString
    package var dsn: ByteString
    /// "sent", "deferred", "bounced" and others.
    package var status: ByteString
    /// What the other side said, or why it did not come to that.
    package var reply: ByteString
    /// The id that the next hop gave it.
    package var nextID: QueueID?
    /// local(8) made a new message of it.
    package var isForward = false
}

/// What a content filter logged of a message.
package struct FilterVerdict: Hashable, Sendable {
    package var isDiscarded: Bool
    package var queueID: QueueID?
    package var messageID: ByteString?
    package var nextIDs: [QueueID]
}
