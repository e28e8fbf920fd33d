// What happened to a message at one hop, in words.

import Bytes
import MailTrace
import PostfixFormats

/// Something that happened, for people.
struct JourneyEvent {
    /// When, in microseconds since 1970.
    var time: Int
    var word: ByteString
    var style: Style
    var text: ByteString
    /// More lines below.
    var details: [ByteString] = []
    /// What must be the same for events to be told as one; nil if it stands alone.
    private var kind: Kind?
    private var recipients: [ByteString] = []
    private var count = 1

    private struct Kind: Hashable {
        var status: ByteString
        var relay: ByteString
        var reply: ByteString
    }

    init(_ time: Int, _ word: ByteString, _ style: Style, _ text: ByteString) {
        (self.time, self.word, self.style, self.text) = (time, word, style, text)
    }

    fileprivate init(_ time: Int, _ delivery: Delivery) {
        let status = FinalStatus(attempt: delivery.status)
        self.init(time, delivery.status, status.style, "")
        kind = Kind(status: delivery.status, relay: delivery.relay, reply: delivery.reply)
        recipients = [delivery.recipient]
        details = [delivery.reply]
        tell(delivery.delay)
    }

    private mutating func tell(_ delay: ByteString) {
        let relay = kind?.relay ?? "none"
        text = JourneyText.some(recipients)
        if relay != "none" { text += " → \(relay)" }
        text += ", \(delay)s after it came"
    }

    /// Both events as one: one attempt for several recipients, or the same failure once more.
    func joined(with next: JourneyEvent) -> JourneyEvent? {
        guard let kind, kind == next.kind else { return nil }
        var both = self
        if next.time == time, !recipients.contains(where: next.recipients.contains) {
            both.recipients += next.recipients
            let rest = text.dropFirst(JourneyText.some(recipients).count)
            both.text = JourneyText.some(both.recipients) + rest
            return both
        }
        guard recipients == next.recipients else { return nil }
        both.count += next.count
        both.details = [kind.reply, "\(both.count) times, last \(next.text.afterComma)"]
        return both
    }
}

extension Hop {
    /// What happened, in order; lines that tell nothing of their own are left out.
    var events: [JourneyEvent] {
        var events: [JourneyEvent] = []
        var isQueued = false
        for record in records {
            if case .active = record.event {
                if isQueued { continue }
                isQueued = true
            }
            if let event = JourneyEvent(record, in: self) { events.append(event) }
        }
        return events
    }
}

extension JourneyEvent {
    /// Tells a line; nil if it tells nothing that others do not.
    init?(_ record: LogRecord, in hop: Hop) {
        let time = record.time
        switch record.event {
        case .connect, .disconnect, .messageID: return nil
        case .client(let client):
            let user = client.saslUser.map { ", user \($0)" as ByteString } ?? ""
            self.init(time, "received", .faint, "by \(hop.service) from \(client.address)\(user)")
        case .pickup(let sender, let original):
            let text: ByteString =
                original.map { "once more, was \($0.text)" } ?? "by \(hop.service) from \(sender)"
            self.init(time, "received", .faint, text)
        case .active(_, let size, let count):
            let recipients: ByteString = count == 1 ? "1 recipient" : "\(count) recipients"
            self.init(time, "queued", .faint, "\(size) bytes, \(recipients)")
        case .action(let action):
            let to = action.recipient.map { " to \($0)" as ByteString } ?? ""
            self.init(
                time, action.action, action.isReject ? .bad : .warning,
                "\(action.stage) from \(action.client)\(to)")
            if !action.reply.isEmpty { details = [action.reply] }
        case .delivery(let delivery): self.init(time, delivery)
        case .expired: self.init(time, "expired", .bad, "what was not delivered goes back")
        case .removed(let byOperator):
            let text: ByteString = byOperator == true ? "by the operator" : "it left the queue"
            let word: ByteString = byOperator == true ? "deleted" : "done"
            self.init(time, word, byOperator == true ? .bad : .faint, text)
        case .held: self.init(time, "held", .warning, "by the operator")
        case .released: self.init(time, "released", .faint, "by the operator")
        case .requeued: self.init(time, "requeued", .faint, "by the operator")
        case .forcedToExpire: self.init(time, "expire", .warning, "asked for by the operator")
        case .notice(let id, let kind):
            let text: ByteString = "to the sender: \(ByteString(kind.rawValue)), \(id.text)"
            self.init(time, "notice", .faint, text)
        case .verdict: self.init(time, "filter", .faint, record.text)
        case .other: self.init(time, record.severity ?? "note", .faint, record.text)
        }
    }
}

extension ByteString {
    /// What stands behind the last comma and blank.
    fileprivate var afterComma: ByteString {
        guard let comma = bytes.lastIndex(of: 0x2C) else { return self }
        return ByteString(bytes[(comma + 1)...].drop { $0 == 0x20 })
    }
}
