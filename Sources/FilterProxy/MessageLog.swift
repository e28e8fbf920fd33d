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
        logger.log(
            level: level, "message",
            metadata: [
                "queue_id": .string(text(envelope.origin.ident)),
                "client": .string(text(envelope.origin.address)),
                "from": .string("<\(text(envelope.sender))>"),
                "accepted": .stringConvertible(envelope.accepted),
                "refused": .stringConvertible(envelope.refused),
                "size": .stringConvertible(message.size),
                "verdict": .string(findings.verdict(message.decision)),
                "hooks": .string(findings.text),
                "reply": .string(text(message.reply)),
                "seconds": .string(Self.seconds(took)),
            ].filter { $0.value != "" })
    }

    func refused(_ reply: OwnReply) {
        logger.notice("refused", metadata: ["reply": .string(text(reply.line.dropLast(2)))])
    }

    func unreachable(_ address: NextHopAddress, _ reason: String) {
        logger.error(
            "next hop cannot be reached",
            metadata: ["address": .stringConvertible(address), "reason": .string(reason)])
    }

    func spoolFailed(_ error: FileError) {
        logger.error("cannot keep a message", metadata: ["reason": .string("\(error)")])
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
