// Asks the virus scanner of ClamAV, over clamd's own protocol (clamd(8), INSTREAM).

import NIOCore
import SMTPProtocol

/// Sends messages to clamd as they are, piece by piece.
struct ClamdHook: Hook {
    let settings: ClamdSettings
    let service: ServiceClient

    /// The field that tells the next hop what was found, if messages are tagged.
    static let statusField = "X-Virus-Status"
    /// An answer is one line with the name of what was found.
    private static let answerLimit = 4096

    func inspect(
        _ message: SpooledMessage, _ envelope: Envelope
    ) async throws(HookFailure) -> HookVerdict {
        let answer = try await service.talk(
            send: { (writer: NIOAsyncChannelOutboundWriter<ByteBuffer>) in
                try await writer.write(ByteBuffer(string: "zINSTREAM\0"))
                try await message.forEachPiece { piece in
                    // Each piece has its length in front, four bytes in network order.
                    try await writer.write(ByteBuffer(integer: UInt32(piece.readableBytes)))
                    try await writer.write(piece)
                }
                try await writer.write(ByteBuffer(integer: UInt32(0)))
            },
            receive: { (stream: NIOAsyncChannelInboundStream<ByteBuffer>) in
                try await stream.collect(limit: Self.answerLimit) {
                    $0.readableBytesView.contains(0)
                }
            })
        return try verdict(ClamdAnswer(answer.readableBytesView))
    }

    private func verdict(_ answer: ClamdAnswer) throws(HookFailure) -> HookVerdict {
        switch answer {
        case .clean: return HookVerdict(.pass)
        case .failure(let words): throw HookFailure("clamd: \(words)")
        case .found(let name):
            let tag = HeaderField(Self.statusField, "Infected (\(name))")
            return HookVerdict(
                HookVerdict.Decision(settings.action, "virus found: \(name)"),
                fields: settings.action == .tag ? [tag] : [], note: name)
        }
    }
}

/// What clamd says of a stream.
enum ClamdAnswer: Equatable {
    case clean
    /// The name of what was found, harmless.
    case found(String)
    /// What went wrong, harmless.
    case failure(String)

    /// Reads `stream: OK`, `stream: NAME FOUND`, or `... ERROR`, with the NUL that ends it.
    init(_ bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes.prefix { $0 != 0 })
        let line = SafeText.line(bytes, limit: 200)
        let whole = SafeText.line(bytes, limit: .max)
        let start = "stream: "
        let found = " FOUND"
        if line == "stream: OK" {
            self = .clean
        } else if whole.hasPrefix(start), whole.hasSuffix(found) {
            let name = whole.dropFirst(start.count).dropLast(found.count)
            self = .found(String(name.prefix(100)))
        } else if line.isEmpty {
            self = .failure("closed the connection without an answer")
        } else {
            self = .failure(line)
        }
    }
}
