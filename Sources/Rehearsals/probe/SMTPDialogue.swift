// The client's side of SMTP for one probe: one command, one reply, until the message is taken or
// refused. Knows no sockets.

package import Bytes
import Instances

/// The other side of a dialogue.
package protocol MailConversation {
    /// Sends bytes as they are.
    func send(_ text: ByteString) throws(ConversationFailure)
    /// What came next; empty if the other side has ended it.
    func receive() throws(ConversationFailure) -> [UInt8]
}

/// Why a conversation broke off.
package struct ConversationFailure: Error, Hashable, Sendable {
    package var reason: ByteString

    package init(_ reason: ByteString) { self.reason = reason }
}

/// How a message was handed in.
package struct Submission: Hashable, Sendable {
    /// A command and its reply; the command is empty for the greeting.
    package struct Exchange: Hashable, Sendable {
        package var command: ByteString
        package var reply: ByteString
    }

    /// A recipient who was refused, and the words.
    package struct Refusal: Hashable, Sendable {
        package var recipient: ByteString
        package var reply: ByteString

        package init(recipient: ByteString, reply: ByteString) {
            self.recipient = recipient
            self.reply = reply
        }
    }

    package var exchanges: [Exchange] = []
    /// The recipients that the message was taken for.
    package var taken: [ByteString] = []
    package var refused: [Refusal] = []
    /// Why it did not come to an answer.
    package var failure: ByteString?

    package init() {}

    /// Nobody of `recipients` gets it, for one reason.
    mutating func refuse(_ recipients: [ByteString], _ reply: ByteString) {
        taken = []
        refused += recipients.map { Refusal(recipient: $0, reply: reply) }
    }
}

/// Hands in one message by SMTP.
package struct SMTPDialogue {
    private let conversation: any MailConversation
    private var waiting: [UInt8] = []
    private var submission = Submission()

    /// RFC 5321 allows lines of 512 bytes; a reply of a hundred lines is one of a broken server.
    private static let limitReplyBytes = 1 << 16

    package init(_ conversation: any MailConversation) { self.conversation = conversation }

    /// Plays the whole dialogue.
    package static func play(
        _ conversation: any MailConversation, helo: ByteString, sender: ByteString,
        recipients: [ByteString], content: ProbeContent
    ) -> Submission {
        var dialogue = SMTPDialogue(conversation)
        do throws(ConversationFailure) {
            try dialogue.handIn(helo, sender, recipients, content)
        } catch {
            // What was refused before stays refused.
            dialogue.submission.taken = []
            dialogue.submission.failure = error.reason
        }
        return dialogue.submission
    }

    private mutating func handIn(
        _ helo: ByteString, _ sender: ByteString, _ recipients: [ByteString],
        _ content: ProbeContent
    ) throws(ConversationFailure) {
        var reply = try ask("")
        if reply.isGood {
            reply = try ask("EHLO \(helo)")
            if !reply.isGood { reply = try ask("HELO \(helo)") }
        }
        if reply.isGood { reply = try ask("MAIL FROM:<\(sender)>") }
        guard reply.isGood else { return try end(refusing: recipients, reply) }
        for recipient in recipients {
            reply = try ask("RCPT TO:<\(recipient)>")
            if reply.isGood {
                submission.taken.append(recipient)
            } else {
                submission.refused.append(.init(recipient: recipient, reply: reply))
            }
        }
        if submission.taken.isEmpty { return try end(refusing: [], reply) }
        reply = try ask("DATA")
        if reply.hasPrefix("3") {
            try conversation.send(content.stuffed)
            reply = try answer(to: "(message)")
        }
        if !reply.isGood { return try end(refusing: submission.taken, reply) }
        try end(refusing: [], reply)
    }

    private mutating func end(
        refusing recipients: [ByteString], _ reply: ByteString
    ) throws(ConversationFailure) {
        if !recipients.isEmpty { submission.refuse(recipients, reply) }
        // What is decided is decided, even if the other side has gone without a word.
        do throws(ConversationFailure) { _ = try ask("QUIT") } catch { return }
    }

    private mutating func ask(_ command: ByteString) throws(ConversationFailure) -> ByteString {
        if !command.isEmpty { try conversation.send("\(command)\r\n") }
        return try answer(to: command)
    }

    /// The reply, its lines joined by line feeds.
    private mutating func answer(to command: ByteString) throws(ConversationFailure) -> ByteString {
        var lines: [ByteString] = []
        while true {
            while let end = waiting.firstIndex(of: 0x0A) {
                let line = ByteString(waiting[..<end].filter { $0 != 0x0D })
                waiting.removeFirst(end + 1)
                lines.append(line)
                if line.count < 4 || line.bytes[3] != 0x2D {
                    let reply = lines.joined(by: "\n")
                    submission.exchanges.append(.init(command: command, reply: reply))
                    return reply
                }
            }
            guard waiting.count < Self.limitReplyBytes, lines.count < 100 else {
                throw ConversationFailure("the reply to \(command) has no end")
            }
            let bytes = try conversation.receive()
            if bytes.isEmpty {
                let place: ByteString = command.isEmpty ? "before a greeting" : "at \(command)"
                throw ConversationFailure("the connection was closed \(place)")
            }
            waiting += bytes
        }
    }
}

extension ByteString {
    /// True for a reply that says yes.
    fileprivate var isGood: Bool { hasPrefix("2") }
}
