// A test message as people plan it: who sends what to whom, where it comes in, and what shall
// become of it. How it is sent, and what became of it, is not told here.

package import Bytes

/// A test message and what is expected of the system that gets it.
package struct Probe: Hashable, Sendable {
    /// What reports call it.
    package var name: ByteString
    /// The envelope sender; empty for the sender of bounces.
    package var sender: ByteString
    /// The envelope recipients, one at least.
    package var recipients: [ByteString]
    /// The address that the client connects from; nil for that of some stranger.
    package var client: IPAddress?
    /// What the client says to be; nil for the name that belongs to its address.
    package var helo: ByteString?
    package var entry: Entry
    package var message: Message
    package var expectation: Expectation
    /// How long it may take until all became of it that is expected, in seconds.
    package var limitSeconds: Int

    /// Far longer than a healthy system takes, and short enough to wait for.
    package static let usualLimitSeconds = 30

    package init(
        name: ByteString, sender: ByteString, recipients: [ByteString], client: IPAddress? = nil,
        helo: ByteString? = nil, entry: Entry = .automatic, message: Message = Message(),
        expectation: Expectation, limitSeconds: Int = usualLimitSeconds
    ) {
        self.name = name
        self.sender = sender
        self.recipients = recipients
        self.client = client
        self.helo = helo
        self.entry = entry
        self.message = message
        self.expectation = expectation
        self.limitSeconds = limitSeconds
    }

    /// Where a message comes into the system.
    package enum Entry: Hashable, Sendable {
        /// The first listener that its client can reach.
        case automatic
        /// A socket of the host, by SMTP.
        case listener(ListeningSocket)
        /// The sendmail(1) of an instance, by its selector; "-" is the primary.
        case local(instance: ByteString)
    }

    /// The content of a message, beside the fields that every message has.
    package struct Message: Hashable, Sendable {
        /// Whole header lines, such as "Subject: lottery".
        package var headers: [ByteString]
        package var body: Body

        package init(headers: [ByteString] = [], body: Body = .usual) {
            self.headers = headers
            self.body = body
        }
    }

    /// The body of a message.
    package enum Body: Hashable, Sendable {
        /// A line that tells what the message is.
        case usual
        case text(ByteString)
        /// What a file holds.
        case file(ByteString)
        /// So many bytes that mean nothing.
        case size(bytes: Int)
    }

    /// What shall become of a message, for each of its recipients.
    package enum Expectation: Hashable, Sendable {
        /// It ends in a mailbox, a program or another end on this host.
        case delivered
        /// It is taken by another host; nil for whichever.
        case relayed(to: NextHop?)
        /// It is not taken; the reply holds the text, if one is named, such as "550 5.7.1".
        case rejected(reply: ByteString?)
        /// It is taken, and its sender is told that it cannot be delivered.
        case bounced
        /// It waits for another attempt.
        case deferred
        /// It waits for a person.
        case held
        /// It is taken, and goes nowhere.
        case discarded
    }
}

extension Probe.Expectation {
    /// The word that people write for it.
    package var word: ByteString {
        switch self {
        case .delivered: "delivered"
        case .relayed: "relayed"
        case .rejected: "rejected"
        case .bounced: "bounced"
        case .deferred: "deferred"
        case .held: "held"
        case .discarded: "discarded"
        }
    }

    /// All words that people may write.
    package static let words: [ByteString] = [
        "delivered", "relayed", "rejected", "bounced", "deferred", "held", "discarded",
    ]
}
