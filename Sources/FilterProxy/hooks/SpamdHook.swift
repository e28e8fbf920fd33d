// Asks the daemon of SpamAssassin, over its own protocol, SPAMC 1.5.

import NIOCore
import SMTPProtocol

/// Asks spamd for the score of messages and the tests that made it.
struct SpamdHook: Hook {
    let settings: SpamdSettings
    let service: ServiceClient

    /// The fields that tell the next hop what was found.
    static let fieldNames = [flagField, scoreField, statusField]
    private static let flagField = "X-Spam-Flag"
    private static let scoreField = "X-Spam-Score"
    private static let statusField = "X-Spam-Status"
    /// Names of tests: a few kilobytes at most.
    private static let answerLimit = 65_536

    func inspect(
        _ message: SpooledMessage, _ envelope: Envelope
    ) async throws(HookFailure) -> HookVerdict {
        let user = settings.user.map { "User: \($0)\r\n" } ?? ""
        let answer = try await service.talk(
            send: { (writer: NIOAsyncChannelOutboundWriter<ByteBuffer>) in
                // With the length spamd knows a message that was cut off from one that is whole.
                let count = try await message.contentBytes()
                let request = "SYMBOLS SPAMC/1.5\r\n\(user)Content-length: \(count)\r\n\r\n"
                try await writer.write(ByteBuffer(string: request))
                try await message.forEachPiece { try await writer.write($0) }
            },
            receive: { (stream: NIOAsyncChannelInboundStream<ByteBuffer>) in
                try await stream.collect(limit: Self.answerLimit) { _ in false }
            })
        return verdict(try SpamdAnswer(Array(answer.readableBytesView)))
    }

    private func verdict(_ answer: SpamdAnswer) -> HookVerdict {
        let words = "\(answer.scoreText) of \(answer.thresholdText)"
        let fields = settings.tags ? fields(answer) : []
        return HookVerdict(decision(answer), fields: fields, note: words)
    }

    /// The decision of the highest limit that the score reaches.
    private func decision(_ answer: SpamdAnswer) -> HookVerdict.Decision {
        let reason = "spam score \(answer.scoreText)"
        let limits: [(limit: Double?, decision: HookVerdict.Decision)] = [
            (settings.holdScore, .hold(reason)), (settings.rejectScore, .reject(reason)),
            (settings.discardScore, .discard(reason)),
        ]
        let reached = limits.filter { $0.limit.map { answer.score >= $0 } ?? false }
        return reached.max { ($0.limit ?? 0) < ($1.limit ?? 0) }?.decision ?? .pass
    }

    private func fields(_ answer: SpamdAnswer) -> [HeaderField] {
        let verdict = answer.isSpam ? "Yes" : "No"
        let tests = answer.tests.isEmpty ? "none" : answer.tests.joined(separator: ",\n\t")
        return [
            HeaderField(Self.flagField, answer.isSpam ? "YES" : "NO"),
            HeaderField(Self.scoreField, answer.scoreText),
            HeaderField(
                Self.statusField,
                "\(verdict), score=\(answer.scoreText) required=\(answer.thresholdText)"
                    + "\n\ttests=\(tests)"),
        ]
    }
}

/// What spamd says of a message.
struct SpamdAnswer: Equatable {
    let isSpam: Bool
    let score: Double
    /// Score and limit as spamd writes them.
    let scoreText: String
    let thresholdText: String
    /// The names of the tests that the message has met.
    let tests: [String]

    /// More tests than these are not told.
    private static let testLimit = 200

    /// Reads a whole answer: a status line, fields, an empty line, and the tests.
    init(_ bytes: [UInt8]) throws(HookFailure) {
        guard !bytes.isEmpty else {
            throw HookFailure("spamd: closed the connection without an answer")
        }
        let text = String(decoding: bytes, as: UTF8.self)
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        let status = (lines.first ?? "").split(separator: " ", maxSplits: 2)
        guard status.count >= 2, status[0].hasPrefix("SPAMD/"), let code = Int(status[1]) else {
            throw HookFailure("spamd: answers in another protocol")
        }
        guard code == 0 else {
            throw HookFailure("spamd: \(SafeText.reason(lines.first.map(String.init) ?? ""))")
        }
        guard let end = lines.firstIndex(of: ""),
            let field = lines[..<end].first(where: { $0.lowercased().hasPrefix("spam:") })
        else { throw HookFailure("spamd: answer is cut off") }
        // Spam: True ; 15.0 / 5.0
        let words = field.dropFirst("spam:".count).split(separator: " ")
        guard words.count == 5, words[1] == ";", words[3] == "/",
            let score = Double(words[2]), let threshold = Double(words[4]), score.isFinite,
            threshold.isFinite
        else { throw HookFailure("spamd: no score in the answer") }
        isSpam = ["true", "yes"].contains(words[0].lowercased())
        self.score = score
        scoreText = SafeText.line(words[2].utf8, limit: 20)
        thresholdText = SafeText.line(words[4].utf8, limit: 20)
        tests = lines[(end + 1)...].joined().split(separator: ",").prefix(Self.testLimit)
            .map { SafeText.line($0.utf8, limit: 100) }.filter { !$0.isEmpty }
    }
}
