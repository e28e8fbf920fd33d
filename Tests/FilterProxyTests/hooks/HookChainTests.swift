// All hooks of a message together: their order, what each adds, and who decides.

import NIOCore
import SMTPProtocol
import Testing

@testable import FilterProxy

@Suite struct `A chain of hooks` {
    /// Has made up its mind.
    private struct Decided: Hook {
        let verdict: HookVerdict

        func inspect(
            _ message: SpooledMessage, _ envelope: Envelope
        ) async throws(HookFailure) -> HookVerdict {
            verdict
        }
    }

    private func entry(_ name: String, _ verdict: HookVerdict) -> HookChain.Entry {
        .inspection(
            LimitedHook(name: name, hook: Decided(verdict: verdict), limits: HookLimits()))
    }

    private func inspect(_ entries: HookChain.Entry...) async -> Inspection {
        await HookChain(entries, hostName: "mx.example.com")
            .inspect(.small, .example, at: 0)
    }

    @Test func `puts what comes later on top`() async throws {
        let inspection = await inspect(
            .fields([try FieldTemplate(line: "A: ${queue_id}"), try FieldTemplate(line: "B: b")]),
            entry("x", HookVerdict(.pass, fields: [HeaderField("C", "c"), HeaderField("D", "d")])))
        #expect(inspection.verdict == .pass)
        #expect(String(buffer: inspection.prologue) == "C: c\r\nD: d\r\nB: b\r\nA: 4ABC\r\n")
    }

    @Test(arguments: [
        (
            HookVerdict.Decision.reject("no\r\n250 Ok"),
            Verdict.refuse(OwnReply(550, "5.7.1", "Message rejected: no 250 Ok"))
        ),
        (
            .tempfail("later"), .refuse(OwnReply(451, "4.7.1", "Message deferred: later"))
        ),
        (.discard("away"), .discard(OwnReply(250, "2.0.0", "Ok: discarded"))),
    ])
    func `ends with the first decision against a message`(
        decision: HookVerdict.Decision, verdict: Verdict
    ) async {
        let inspection = await inspect(
            entry("one", HookVerdict(decision, note: "why")),
            entry("two", HookVerdict(.pass, note: "never asked")))
        #expect(inspection.verdict == verdict)
        #expect(inspection.findings.text.hasPrefix("one="))
        #expect(!inspection.findings.text.contains("two"))
    }

    @Test func `marks what is to be held, and goes on`() async {
        let inspection = await inspect(
            entry("one", HookVerdict(.hold("a virus\r\nX: y"))),
            entry("two", HookVerdict(.pass)))
        #expect(inspection.verdict == .pass)
        #expect(String(buffer: inspection.prologue) == "X-Postilion-Hold: one: a virus X: y\r\n")
        #expect(inspection.findings.text.contains("one=hold"))
        #expect(inspection.findings.text.contains("two=pass"))
        #expect(inspection.findings.verdict(.nextHop) == "hold")
    }

    @Test func `cuts a reason to what a reply may have`() async {
        let inspection = await inspect(
            entry("one", HookVerdict(.reject(String(repeating: "x", count: 10_000)))))
        guard case .refuse(let reply) = inspection.verdict else {
            Issue.record("not refused")
            return
        }
        #expect(reply.line.count < 512)
    }

    @Test func `collects the fields to take out`() async {
        var verdict = HookVerdict(.pass)
        verdict.removedFields = ["Subject"]
        let inspection = await inspect(entry("one", verdict))
        #expect(inspection.removedFields == ["Subject"])
        #expect(inspection.findings.verdict(.nextHop) == "tag")
    }

    @Test func `needs whole messages only if a hook looks into them`() throws {
        let fields = HookChain.Entry.fields([try FieldTemplate(line: "A: b")])
        let chain = HookChain([fields], hostName: "")
        #expect(!chain.needsWholeMessages && chain.hasPrologue)
        #expect(HookChain([entry("x", HookVerdict(.pass))], hostName: "").needsWholeMessages)
        #expect(!HookChain([], hostName: "").hasPrologue)
    }
}

@Suite struct `A message that was kept` {
    private func pieces(_ message: SpooledMessage, without names: [String]) async throws -> String {
        var all = ByteBuffer()
        try await message.forEachWirePiece(without: names) { all.writeImmutableBuffer($0) }
        return String(buffer: all)
    }

    @Test func `goes on without the fields that a hook takes out`() async throws {
        let message = SpooledMessage("Subject: a\n b\nTo: x\nSUBJECT : c\n\nSubject: body\n.\n")
        #expect(
            try await pieces(message, without: ["subject"])
                == "To: x\r\n\r\nSubject: body\r\n..\r\n.\r\n")
        #expect(
            try await pieces(message, without: [])
                == "Subject: a\r\n b\r\nTo: x\r\nSUBJECT : c\r\n\r\nSubject: body\r\n..\r\n.\r\n")
    }

    @Test(arguments: ["", "Subject: only\n", "\n", "S\n"])
    func `always keeps its end`(text: String) async throws {
        let rest = try await pieces(SpooledMessage(text), without: ["Subject"])
        #expect(rest.hasSuffix(".\r\n"))
    }

    @Test(arguments: [
        ("", 0), ("\n", 2), (".\n", 3), ("..\n.a\n", 8), (String(repeating: ".\n", count: 9), 27),
    ])
    func `has the length of the message itself`(text: String, count: Int) async throws {
        #expect(try await SpooledMessage(text).contentBytes() == count)
    }
}
