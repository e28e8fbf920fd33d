// What became of probes, for programs.

import Bytes
import Instances
import Rehearsals

extension ProbeReport {
    /// The report as one object.
    var json: JSONValue {
        .object([
            .init("probe", .text(probe.name)), .init("ok", .boolean(verdict.isAsExpected)),
            .init("expected", .text(probe.expectation.word)),
            .init("entry", .text(entry)), .init("message_id", .text(messageID)),
            .init("sender", .text(probe.sender)),
            .init(
                "recipients",
                .list(
                    verdict.items.map { item in
                        .object([
                            .init("address", .text(item.recipient)),
                            .init("became", .text(item.fate.word)),
                            .init("detail", .text(item.fate.sentence)),
                        ])
                    })),
            .init(
                "dialogue",
                .list(
                    submission.exchanges.map { exchange in
                        .object([
                            .init("command", .text(exchange.command)),
                            .init("reply", .text(exchange.reply)),
                        ])
                    })),
            .init("journeys", .list(journeys.map(\.json))),
            .init("warnings", .list(warnings.map { .text($0) })),
            .init("seconds", .seconds(duration)),
        ])
    }
}

extension RehearsalReport {
    /// The surroundings of the probes as one object.
    var systemJSON: JSONValue {
        .object([
            .init("ok", .boolean(isAsExpected)),
            .init("instances", .list(starts.map(\.json))),
            .init("neighbours", .list(neighbours.map(\.json))),
            .init("warnings", .list(warnings.map { .text($0) })),
            .init(
                "names",
                .object(names.map { .init($0.name, .text(ByteString($0.address.description))) })),
            .init("received", .list(received.map(\.json))),
            .init("seconds", .seconds(duration)),
        ])
    }
}

extension RehearsalReport.Start {
    fileprivate var json: JSONValue {
        .object([
            .init("instance", .text(instance)), .init("runs", .boolean(failure == nil)),
            .init("failure", JSONValue(failure)), .init("lines", .list(lines.map { .text($0) })),
        ])
    }
}

extension RehearsalReport.Neighbour {
    fileprivate var json: JSONValue {
        .object([
            .init("at", .text(ByteString(standIn.socket.description))),
            .init("sender", .text(standIn.sender)), .init("parameter", .text(standIn.parameter)),
            .init("is", .text(sentence)), .init("failure", JSONValue(failure)),
        ])
    }

    /// Who answered there.
    var sentence: ByteString {
        if let configuration { return "postilion-filter with \(configuration)" }
        return switch standIn.role {
        case .filter(let target, let instance):
            "a stand-in that hands on to \(instance) at \(ByteString(target.description))"
        case .mailbox: "a stand-in that takes mail and keeps it"
        case .nobody: "nobody"
        }
    }
}

extension SinkTransaction {
    /// What a mail server of the outside was given, as one object.
    var json: JSONValue {
        .object([
            .init("server", .text(name)), .init("address", .text(ByteString(address.description))),
            .init("port", JSONValue(port)),
            .init("client", .text(ByteString(client.description))), .init("helo", .text(helo)),
            .init("sender", .text(sender)),
            .init("recipients", .list(recipients.map { .text($0) })),
            .init("message_id", .text(messageID)), .init("bytes", JSONValue(sizeBytes)),
            .init("header", .text(header)),
        ])
    }
}
