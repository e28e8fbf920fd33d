// SpamAssassin's protocol: what is asked, what a score leads to, and every way to fail.

import Testing

@testable import FilterProxy

@Suite(.timeLimit(.minutes(6))) struct `The spamd hook` {
    private func hook(
        _ service: FakeService, _ change: (inout SpamdSettings) -> Void = { _ in }
    ) -> SpamdHook {
        var settings = SpamdSettings()
        change(&settings)
        return SpamdHook(settings: settings, service: service.client)
    }

    private func spamd(_ score: String, _ tests: String = "A,B") async throws -> FakeService {
        try await FakeService.start(
            .answer(
                "SPAMD/1.1 0 EX_OK\r\nContent-length: \(tests.utf8.count)\r\n"
                    + "Spam: \(score) / 5.0\r\n\r\n\(tests)", when: { $0.hasSuffix("body\r\n") }))
    }

    @Test func `asks for score and tests, and tells how long the message is`() async throws {
        let service = try await spamd("False ; 1.5")
        let verdict = await hook(service, { $0.user = "mail" }).outcome()
        #expect(
            service.received == "SYMBOLS SPAMC/1.5\r\nUser: mail\r\nContent-length: 20\r\n\r\n"
                + "Subject: x\r\n\r\nbody\r\n")
        #expect(verdict.decision == .pass)
        #expect(verdict.note == "1.5 of 5.0")
    }

    @Test(arguments: [
        ("False ; -1.9", "A,B", "NO", "-1.9", "No, score=-1.9 required=5.0\r\n\ttests=A,\r\n\tB"),
        ("True ; 7.0", "", "YES", "7.0", "Yes, score=7.0 required=5.0\r\n\ttests=none"),
        (
            "True ; 7.0", "A\r\nX: y", "YES", "7.0",
            "Yes, score=7.0 required=5.0\r\n\ttests=AX: y"
        ),
    ])
    func `tells the next hop in header fields`(
        score: String, tests: String, flag: String, number: String, status: String
    ) async throws {
        let verdict = await hook(try await spamd(score, tests)).outcome()
        #expect(
            verdict.fields.map(\.wire) == [
                "X-Spam-Flag: \(flag)\r\n", "X-Spam-Score: \(number)\r\n",
                "X-Spam-Status: \(status)\r\n",
            ])
    }

    @Test func `adds no fields where it must not`() async throws {
        let verdict = await hook(try await spamd("True ; 7.0"), { $0.tags = false }).outcome()
        #expect(verdict == HookVerdict(.pass, note: "7.0 of 5.0"))
    }

    @Test(arguments: [
        ("False ; 4.9", HookVerdict.Decision.pass),
        ("True ; 5.0", .hold("spam score 5.0")),
        ("True ; 9.9", .hold("spam score 9.9")),
        ("True ; 10.0", .reject("spam score 10.0")),
        ("True ; 1000.0", .discard("spam score 1000.0")),
    ])
    func `does what belongs to the highest limit that is reached`(
        score: String, decision: HookVerdict.Decision
    ) async throws {
        let hook = hook(try await spamd(score)) {
            $0.holdScore = 5
            $0.rejectScore = 10
            $0.discardScore = 20
        }
        #expect(await hook.outcome().decision == decision)
    }

    @Test(arguments: [
        ("", "spamd: closed the connection without an answer"),
        ("HTTP/1.1 200 OK\r\n\r\n", "spamd: answers in another protocol"),
        ("SPAMD/1.1 0 EX_OK\r\nSpam: True ; 1", "spamd: answer is cut off"),
        ("SPAMD/1.1 0 EX_OK\r\n\r\n", "spamd: answer is cut off"),
        ("SPAMD/1.1 0 EX_OK\r\nSpam: True ; nan / 5.0\r\n\r\n", "spamd: no score in the answer"),
        ("SPAMD/1.1 0 EX_OK\r\nSpam: True\r\n\r\n", "spamd: no score in the answer"),
        ("SPAMD/1.0 76 Bad header line: \u{1}\r\n", "spamd: SPAMD/1.0 76 Bad header line: ?"),
    ])
    func `takes everything else for a failure`(answer: String, words: String) async throws {
        let service = try await FakeService.start(
            .answer(answer, when: { $0.hasSuffix("body\r\n") }))
        #expect(await hook(service).failure() == words)
    }

    @Test func `does not read an answer without an end`() async throws {
        let service = try await FakeService.start(
            .flood("SPAMD/1.1 0 EX_OK\r\n" + String(repeating: "x", count: 10_000)))
        #expect(await hook(service).failure() == "an answer of more than 65536 bytes")
        await service.closedByClient()
    }

    @Test func `closes the connection when its time is over`() async throws {
        let service = try await FakeService.start(.silence)
        #expect(await hook(service).failure(timeoutSeconds: 1) == "no answer in 1 seconds")
        await service.closedByClient()
    }
}
