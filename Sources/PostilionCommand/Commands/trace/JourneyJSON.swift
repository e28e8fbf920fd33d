// A journey for programs: all that was seen of it, times in seconds since 1970.

import Bytes
import MailTrace

extension Journey {
    /// The journey as one object.
    var json: JSONValue {
        .object([
            .init("message_id", .text(messageID)), .init("sender", .text(sender)),
            .init("hops", .list(hops.map(\.json))),
            .init(
                "final",
                .object(finals.map { .init($0.recipient, .text(ByteString($0.status.rawValue))) })),
            .init("where", whereabouts?.json ?? .null),
            .init("notices", .list(notices.map(\.json))),
        ])
    }
}

extension Hop {
    fileprivate var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("instance", .text(instance)), .init("queue_id", .text(queueID)),
            .init("status", .text(ByteString(status.rawValue))),
        ]
        if let note { members.append(.init("note", .text(note))) }
        return .object(
            members + [
                .init("service", .text(service)), .init("client", JSONValue(client)),
                .init("sender", JSONValue(sender)), .init("size", JSONValue(sizeBytes)),
                .init("received_at", .seconds(receivedTime)),
                .init("ended_at", endTime.map { .seconds($0) } ?? .null),
                .init("previous_hop", JSONValue(previous)),
                .init(
                    "linked_by", .list(evidence.map { .text(ByteString($0.rawValue)) })),
                .init("attempts", .list(attempts.map(\.json))),
            ])
    }
}

extension Attempt {
    fileprivate var json: JSONValue {
        .object([
            .init("at", .seconds(time)), .init("recipient", .text(delivery.recipient)),
            .init("original_recipient", JSONValue(delivery.originalRecipient)),
            .init("service", .text(service)), .init("relay", .text(delivery.relay)),
            .init("delay", .decimal(delivery.delay)),
            .init("delays", .list(delivery.delays.split { $0 == 0x2F }.map { .decimal($0) })),
            .init("dsn", .text(delivery.dsn)), .init("status", .text(delivery.status)),
            .init("reply", .text(delivery.reply)),
        ])
    }
}

extension Whereabouts {
    fileprivate var json: JSONValue {
        .object([
            .init("instance", .text(instance)), .init("queue", .text(queue)),
            .init("queue_id", .text(queueID)),
        ])
    }
}

extension Notice {
    fileprivate var json: JSONValue {
        .object([
            .init("instance", .text(instance)), .init("queue_id", .text(queueID)),
            .init("of", .text(about)), .init("action", .text(ByteString(kind.rawValue))),
        ])
    }
}

extension JSONValue {
    /// A time or duration in microseconds, written in seconds.
    static func seconds(_ microseconds: Int) -> JSONValue {
        let (whole, rest) = abs(microseconds).quotientAndRemainder(dividingBy: 1_000_000)
        let sign: ByteString = microseconds < 0 ? "-" : ""
        if rest == 0 { return .literal("\(sign)\(whole)") }
        let digits = String(rest)
        let zeros = String(repeating: "0", count: 6 - digits.count)
        return .literal("\(sign)\(whole).\(ByteString(zeros + digits))")
    }

    /// A number as it stands in a log; a text if it is none.
    static func decimal(_ text: ByteString) -> JSONValue {
        let parts = text.bytes.split(separator: 0x2E, omittingEmptySubsequences: false)
        let isNumber =
            (1...2).contains(parts.count)
            && parts.allSatisfy { part in
                (1...12).contains(part.count) && part.allSatisfy { (0x30...0x39).contains($0) }
            }
        // JSON has no numbers that begin with a zero and go on.
        let isPlain = parts.first.map { $0.count == 1 || $0.first != 0x30 } ?? false
        return isNumber && isPlain ? .literal(text) : .text(text)
    }
}
