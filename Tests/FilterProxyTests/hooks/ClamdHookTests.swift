// The virus scanner's protocol: what is sent, what is understood, and every way to fail.

import Testing

@testable import FilterProxy

@Suite(.timeLimit(.minutes(6))) struct `The clamd hook` {
    private func hook(
        _ service: FakeService, _ action: FoundAction = .reject
    ) -> ClamdHook {
        var settings = ClamdSettings()
        settings.action = action
        return ClamdHook(settings: settings, service: service.client)
    }

    /// Answers when the empty piece has come that ends a stream.
    private func clamd(_ answer: String) async throws -> FakeService {
        try await FakeService.start(.answer(answer, when: { $0.hasSuffix("\0\0\0\0") }))
    }

    @Test func `sends the message itself, with the length in front of each piece`() async throws {
        let service = try await clamd("stream: OK\0")
        let verdict = await hook(service).outcome(SpooledMessage("a\n.b\n"))
        #expect(verdict == HookVerdict(.pass))
        #expect(service.received == "zINSTREAM\0\0\0\0\u{7}a\r\n.b\r\n\0\0\0\0")
    }

    @Test(arguments: [
        (FoundAction.reject, HookVerdict.Decision.reject("virus found: Eicar-Signature")),
        (.hold, .hold("virus found: Eicar-Signature")),
        (.discard, .discard("virus found: Eicar-Signature")),
        (.tag, .pass),
    ])
    func `does with a virus what it is told`(
        action: FoundAction, decision: HookVerdict.Decision
    ) async throws {
        let service = try await clamd("stream: Eicar-Signature FOUND\0")
        let verdict = await hook(service, action).outcome()
        #expect(verdict.decision == decision)
        #expect(verdict.note == "Eicar-Signature")
        let fields = verdict.fields.map(\.wire)
        #expect(
            fields == (action == .tag ? ["X-Virus-Status: Infected (Eicar-Signature)\r\n"] : []))
    }

    @Test(arguments: [
        ("INSTREAM size limit exceeded. ERROR\0", "clamd: INSTREAM size limit exceeded. ERROR"),
        ("stream: Can't allocate memory ERROR\0", "clamd: stream: Can't allocate memory ERROR"),
        ("UNKNOWN COMMAND\0", "clamd: UNKNOWN COMMAND"),
        ("stream: OKAY\0", "clamd: stream: OKAY"),
        ("\0", "clamd: closed the connection without an answer"),
        ("", "clamd: closed the connection without an answer"),
        ("\u{1}\r\nHELLO\u{7f}\0", "clamd: ? HELLO?"),
    ])
    func `takes everything else for a failure`(answer: String, words: String) async throws {
        #expect(await hook(try await clamd(answer)).failure() == words)
    }

    @Test func `reads an answer that comes before the message is sent`() async throws {
        let service = try await FakeService.start(
            .answerAtOnce("INSTREAM size limit exceeded. ERROR\0"))
        let large = SpooledMessage(String(repeating: "0123456789\n", count: 400_000))
        #expect(
            await hook(service).failure(large) == "clamd: INSTREAM size limit exceeded. ERROR")
    }

    @Test func `fails where the connection is closed at once`() async throws {
        let service = try await FakeService.start(.closeAtOnce)
        #expect(await hook(service).failure() != nil)
    }

    @Test func `fails where nobody listens`() async throws {
        let service = try await FakeService.start(.silence)
        let hook = hook(service)
        try await service.stop()
        let words = await hook.failure()
        #expect(words?.hasSuffix(": connection refused") == true)
    }

    @Test func `does not read an answer without an end`() async throws {
        let service = try await FakeService.start(
            .flood(String(repeating: "x", count: 10_000)))
        #expect(await hook(service).failure() == "an answer of more than 4096 bytes")
        await service.closedByClient()
    }

    @Test(arguments: [FakeService.Behaviour.silence, .deafness])
    func `closes the connection when its time is over`(
        behaviour: FakeService.Behaviour
    ) async throws {
        let service = try await FakeService.start(behaviour)
        // More than the buffers of two sockets take.
        let large = SpooledMessage(String(repeating: "0123456789\n", count: 1_000_000))
        #expect(await hook(service).failure(large, timeoutSeconds: 1) == "no answer in 1 seconds")
        if case .silence = behaviour { await service.closedByClient() }
    }

    @Test func `closes the connection after each answer`() async throws {
        let service = try await clamd("stream: OK\0")
        #expect(await hook(service).outcome() == HookVerdict(.pass))
        await service.closedByClient()
    }
}

@Suite struct `An answer of clamd` {
    @Test(arguments: [
        ("stream: OK", ClamdAnswer.clean),
        ("stream: OK\0garbage", .clean),
        ("stream: Win.Test.EICAR_HDB-1 FOUND\0", .found("Win.Test.EICAR_HDB-1")),
        ("stream: a\r\nX: b FOUND\0", .found("a X: b")),
        ("stream: \u{E9} FOUND\0", .found("??")),
        ("stream FOUND", .failure("stream FOUND")),
    ])
    func `is understood`(answer: String, expected: ClamdAnswer) {
        #expect(ClamdAnswer(answer.utf8) == expected)
    }

    @Test func `names what was found in a hundred bytes at most`() {
        let answer = "stream: " + String(repeating: "n", count: 5000) + " FOUND\0"
        #expect(ClamdAnswer(answer.utf8) == .found(String(repeating: "n", count: 100)))
    }
}
