// Understands lines: finds out what each daemon tells. Knows nothing of other lines.

package import Bytes
import PostfixFormats

extension LogRecord {
    /// Reads a line without its line end; nil if it is no line of a log, or has no time.
    package init?(_ line: ByteString, at place: LogPlace, calendar: LogCalendar) {
        guard let line = LogLine(line), let time = calendar.microseconds(of: line.time) else {
            return nil
        }
        self.init(line, time: time, place: place)
    }

    private init(_ line: LogLine, time: Int, place: LogPlace) {
        self.time = time
        self.place = place
        host = line.host
        processID = line.processID
        text = line.text
        if let slash = line.tag.bytes.lastIndex(of: 0x2F) {
            name = ByteString(line.tag.bytes[..<slash])
            daemon = ByteString(line.tag.bytes[(slash + 1)...])
        } else {
            name = line.tag
            daemon = ""
        }
        severity = line.problem?.severity
        var cursor = FieldCursor(line.problem?.text ?? line.text)
        queueID = cursor.takeQueueID()
        event = .other
        // What is only a warning tells nothing that counts.
        guard severity == nil else { return }
        if queueID != nil {
            event = messageEvent(cursor)
        } else if cursor.take("NOQUEUE: ") {
            event = cursor.takeAction().map { .action($0) } ?? .other
        } else {
            event = sessionEvent(cursor)
        }
    }

    /// What is told without a message.
    private func sessionEvent(_ text: FieldCursor) -> LogEvent {
        var cursor = text
        if cursor.take("connect from ") { return .connect(client: cursor.rest) }
        if cursor.take("disconnect from ") { return .disconnect }
        if cursor.sees("("), let verdict = cursor.takeVerdict() { return .verdict(verdict) }
        return .other
    }

    /// What is told of a message.
    private func messageEvent(_ text: FieldCursor) -> LogEvent {
        var cursor = text
        if cursor.take("to=") { return cursor.takeDelivery().map { .delivery($0) } ?? .other }
        if cursor.take("from=") { return cursor.takeManagerEvent() ?? .other }
        if cursor.take("client=") { return .client(cursor.takeClient()) }
        if cursor.take("message-id=") {
            return .messageID(cursor.rest == "<>" ? "" : cursor.rest)
        }
        if cursor.take("uid=") { return cursor.takePickup() ?? .other }
        if cursor.sees("removed") {
            return .removed(byOperator: daemon.isEmpty ? nil : daemon == "postsuper")
        }
        switch cursor.rest {
        case "placed on hold": return .held
        case "released from hold": return .released
        case "requeued": return .requeued
        case "expired": return .forcedToExpire
        default: break
        }
        if let notice = cursor.takeNotice() { return notice }
        return cursor.takeAction().map { .action($0) } ?? .other
    }
}

extension FieldCursor {
    /// Takes "ID: ".
    fileprivate mutating func takeQueueID() -> QueueID? {
        var probe = self
        let word = probe.take(while: isLetterOrDigit)
        guard let id = QueueID(logged: word), probe.take(": ") else { return nil }
        self = probe
        return id
    }

    /// The fields after "to=".
    fileprivate mutating func takeDelivery() -> Delivery? {
        guard let recipient = takeAddress() else { return nil }
        var original: ByteString?
        if take(", orig_to=") {
            guard let address = takeAddress() else { return nil }
            original = address
        }
        guard take(", relay="), let relay = takeUpTo(", ") else { return nil }
        if take("conn_use="), takeUpTo(", ") == nil { return nil }
        guard take("delay="), let delay = takeUpTo(", "), take("delays="),
            let delays = takeUpTo(", ")
        else { return nil }
        if take("tls="), takeUpTo(", ") == nil { return nil }
        guard take("dsn="), let dsn = takeUpTo(", "), take("status="),
            let status = takeUpTo(" (")
        else { return nil }
        let reply = rest.hasSuffix(")") ? ByteString(rest.bytes.dropLast()) : rest
        let isForward = reply.hasPrefix("forwarded as ")
        let word: StaticString = isForward ? "forwarded as " : "queued as "
        return Delivery(
            recipient: recipient, originalRecipient: original, relay: relay, delay: delay,
            delays: delays, dsn: dsn, status: status, reply: reply,
            nextID: status == "sent" ? reply.lastQueueID(after: word) : nil,
            isForward: isForward)
    }

    /// The fields after "from=" as qmgr(8) writes them.
    fileprivate mutating func takeManagerEvent() -> LogEvent? {
        guard let sender = takeAddress() else { return nil }
        if take(", status=") {
            let isExpired = take("expired,") || take("force-expired,")
            return isExpired ? .expired(sender: sender) : nil
        }
        guard take(", size="), let size = takeNumber(), take(", nrcpt="),
            let recipients = takeNumber()
        else { return nil }
        return .active(sender: sender, sizeBytes: size, recipients: recipients)
    }

    /// The fields after "client=".
    fileprivate mutating func takeClient() -> Client {
        var client = Client(address: take { $0 != 0x2C })
        if take(", sasl_method="), takeUpTo(", ") != nil, take("sasl_username=") {
            client.saslUser = take { $0 != 0x2C }
        }
        if take(", sasl_sender=") { _ = take { $0 != 0x2C } }
        if take(", orig_queue_id=") { client.originalID = QueueID(logged: take { $0 != 0x2C }) }
        if take(", orig_client=") { client.originalClient = rest }
        return client
    }

    /// The fields after "uid=".
    fileprivate mutating func takePickup() -> LogEvent? {
        guard takeNumber() != nil, take(" from="), let sender = takeAddress() else { return nil }
        let original = take(" orig_id=") ? QueueID(logged: take(while: isLetterOrDigit)) : nil
        return .pickup(sender: sender, original: original)
    }

    /// "sender non-delivery notification: ID" of bounce(8), and its like.
    fileprivate mutating func takeNotice() -> LogEvent? {
        var probe = self
        guard probe.take("sender ") || probe.take("postmaster ") else { return nil }
        let kind: NoticeKind
        if probe.take("non-delivery notification: ") {
            kind = .failed
        } else if probe.take("delay notification: ") {
            kind = .delayed
        } else if probe.take("delivery status notification: ") {
            kind = .success
        } else {
            return nil
        }
        return QueueID(logged: probe.rest).map { .notice($0, kind) }
    }

    /// "(01007-43) Passed CLEAN {RelayedInbound}, ..." of amavis.
    fileprivate mutating func takeVerdict() -> FilterVerdict? {
        guard takeUpTo(") ") != nil, sees("Passed ") || sees("Blocked ") else { return nil }
        let text = rest
        var verdict = FilterVerdict(
            isDiscarded: text.lastIndex(of: "{Discarded") != nil, queueID: nil, messageID: nil,
            nextIDs: [])
        // Addresses stand before these fields, so their last occurrences are the real ones.
        if let start = text.lastIndex(of: ", Queue-ID: ") {
            verdict.queueID = QueueID(logged: text.word(from: start))
        }
        if let start = text.lastIndex(of: ", Message-ID: "),
            let end = text.lastIndex(of: ", mail_id: "), start + 2 <= end
        {
            let end = end - ", mail_id: ".utf8.count
            if start <= end { verdict.messageID = ByteString(text.bytes[start..<end]) }
        }
        if let start = text.lastIndex(of: ", queued_as: ") {
            let words = text.bytes[start...].prefix { $0 != 0x2C }.split(separator: 0x2F)
            verdict.nextIDs = words.compactMap { QueueID(logged: ByteString($0)) }
        }
        return verdict
    }
}

func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
}

extension ByteString {
    /// The place behind the last occurrence of a text.
    func lastIndex(of text: StaticString) -> Int? {
        let wanted = Array("\(text)".utf8)
        guard count >= wanted.count else { return nil }
        return (0...(count - wanted.count)).last { start in
            bytes[start] == wanted[0] && bytes[start..<(start + wanted.count)].elementsEqual(wanted)
        }.map { $0 + wanted.count }
    }

    /// The letters and digits from a place on.
    func word(from start: Int) -> ByteString {
        ByteString(bytes[start...].prefix(while: isLetterOrDigit))
    }

    /// The queue id behind the last occurrence of a text.
    fileprivate func lastQueueID(after text: StaticString) -> QueueID? {
        lastIndex(of: text).flatMap { QueueID(logged: word(from: $0)) }
    }
}
