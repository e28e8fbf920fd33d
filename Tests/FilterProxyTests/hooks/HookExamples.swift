// Messages and envelopes for the tests of hooks, and how they are put through one.

import NIOCore
import NIOPosix
import SMTPProtocol

@testable import FilterProxy

extension SpooledMessage {
    /// A message that is kept in memory; lines end in LF here and in CR LF there.
    init(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        let wire = lines.map { ($0.hasPrefix(".") ? "." : "") + $0 + "\r\n" }.joined() + ".\r\n"
        self.init(
            file: nil, fileBytes: 0, memory: ByteBuffer(string: wire),
            threads: NIOThreadPool.singleton)
    }

    static let small = SpooledMessage("Subject: x\n\nbody\n")
}

extension Envelope {
    static let example: Envelope = {
        var envelope = Envelope()
        envelope.hello = Array("input.example.com".utf8)
        envelope.sender = Array("alice@example.net".utf8)
        envelope.recipients = [Array("bob@example.com".utf8), Array("carol@example.com".utf8)]
        envelope.accepted = 2
        envelope.origin.name = Array("client.example.net".utf8)
        envelope.origin.address = Array("203.0.113.77".utf8)
        envelope.origin.hello = Array("helo.example.net".utf8)
        envelope.origin.protocolName = Array("ESMTP".utf8)
        envelope.origin.ident = Array("4ABC".utf8)
        return envelope
    }()
}

extension Hook {
    /// The verdict on a message within a time limit, or why there is none.
    func outcome(
        _ message: SpooledMessage = .small, _ envelope: Envelope = .example,
        timeoutSeconds: Int = 300
    ) async -> HookVerdict {
        var limits = HookLimits()
        limits.timeoutSeconds = timeoutSeconds
        return await LimitedHook(name: "hook", hook: self, limits: limits)
            .inspect(message, envelope)
    }

    /// Why there is no verdict on a message.
    func failure(
        _ message: SpooledMessage = .small, timeoutSeconds: Int = 300
    ) async -> String? {
        let verdict = await outcome(message, timeoutSeconds: timeoutSeconds)
        return verdict.decision == .tempfail("hook is not available") ? verdict.note : nil
    }
}
