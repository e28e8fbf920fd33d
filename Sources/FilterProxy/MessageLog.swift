// What the log says of messages: one line each, with the queue IDs that tie the hops together.

import Bytes
import HostAccess
package import Logging
import NIOCore
import SMTPProtocol

/// Writes what has become of messages.
package struct MessageLog: Sendable {
    private let logger: Logger

    /// Writes to a logger.
    package init(_ logger: Logger) { self.logger = logger }

    func finished(_ message: FinishedMessage, _ findings: Findings, took: TimeAmount) {
        let envelope = message.envelope
        let level: Logger.Level = message.decision == .nextHop ? .info : .notice
        guard logger.logLevel <= level else { return }
        var metadata: Logger.Metadata = [:]
        metadata.reserveCapacity(10)
        func tell(_ key: String, _ value: [UInt8]) {
            if !value.isEmpty { metadata[key] = .string(text(value)) }
        }
        tell("queue_id", envelope.origin.ident)
        tell("client", envelope.origin.address)
        tell("reply", message.reply)
        metadata["from"] = .string("<\(text(envelope.sender))>")
        metadata["accepted"] = .string(String(envelope.accepted))
        metadata["refused"] = .string(String(envelope.refused))
        metadata["size"] = .string(String(message.size))
        metadata["verdict"] = .string(findings.verdict(message.decision))
        metadata["seconds"] = .string(Self.seconds(took))
        if !findings.text.isEmpty { metadata["hooks"] = .string(findings.text) }
        logger.log(level: level, "message", metadata: metadata)
    }

    func refused(_ reply: OwnReply) {
        logger.notice("refused", metadata: ["reply": .string(text(reply.line.dropLast(2)))])
    }

    func unreachable(_ address: ServerAddress, _ reason: String) {
        logger.error(
            "next hop cannot be reached",
            metadata: ["address": .stringConvertible(address), "reason": .string(reason)])
    }

    func spoolFailed(_ error: FileError) {
        logger.error(
            "cannot keep a message",
            metadata: [
                "reason": .string(error.sentence.text),
                "mend": "make room there and let it be written, or set another spool.directory",
            ])
    }

    private func text(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: Array(bytes), as: UTF8.self)
    }

    /// Seconds with three digits behind the point.
    static func seconds(_ amount: TimeAmount) -> String {
        let thousandths = max(0, amount.nanoseconds / 1_000_000)
        let fraction = String(thousandths % 1000)
        return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - fraction.count)
            + fraction
    }
}
