// rspamd over HTTP: what it is told, what its actions lead to, and every way to fail.

import SMTPProtocol
import Testing

@testable import FilterProxy

@Suite(.timeLimit(.minutes(6))) struct `The rspamd hook` {
    private func hook(
        _ service: FakeService, _ change: (inout RspamdSettings) -> Void = { _ in }
    ) -> RspamdHook {
        var settings = RspamdSettings()
        change(&settings)
        return RspamdHook(settings: settings, service: service.client)
    }

    private func rspamd(_ json: String) async throws -> FakeService {
        try await FakeService.start(
            .answer(
                "HTTP/1.1 200 OK\r\nContent-Length: \(json.utf8.count)\r\n"
                    + "Content-Type: application/json\r\n\r\n\(json)",
                when: { $0.hasSuffix("body\r\n") }))
    }

    @Test func `tells of the envelope in fields of the request`() async throws {
        let service = try await rspamd("{\"action\": \"no action\", \"score\": 0.1}")
        var envelope = Envelope.example
        envelope.origin.address = Array("IPV6:2001:db8::1".utf8)
        envelope.sender = Array("a\r\nX-Evil: b".utf8)
        let verdict = await hook(service, { $0.password = "secret" }).outcome(.small, envelope)
        #expect(
            service.received
                == """
                POST /checkv2 HTTP/1.1
                Host: localhost
                Content-Length: 20
                IP: 2001:db8::1
                Helo: helo.example.net
                Hostname: client.example.net
                From: a X-Evil: b
                Rcpt: bob@example.com
                Rcpt: carol@example.com
                Queue-Id: 4ABC
                Password: secret

                Subject: x

                body

                """.split(separator: "\n", omittingEmptySubsequences: false)
                .joined(separator: "\r\n"))
        #expect(verdict == HookVerdict(.pass, note: "no action 0.10"))
    }

    @Test(arguments: [
        ("\"action\": \"no action\", \"score\": -1", HookVerdict.Decision.pass),
        ("\"action\": \"greylist\", \"score\": 4", .pass),
        ("\"action\": \"add header\", \"score\": 6", .pass),
        ("\"action\": \"reject\", \"score\": 15.125", .reject("spam score 15.13")),
        (
            "\"action\": \"reject\", \"score\": 15, "
                + "\"messages\": {\"smtp_message\": \"Gtube\\r\\n2\"}",
            .reject("Gtube 2")
        ),
        ("\"action\": \"soft reject\", \"score\": 2", .tempfail("try again later")),
        ("\"action\": \"quarantine\", \"score\": 2", .hold("spam score 2.00")),
        ("\"action\": \"discard\", \"score\": 2", .discard("spam score 2.00")),
    ])
    func `does what belongs to the action`(
        json: String, decision: HookVerdict.Decision
    ) async throws {
        #expect(await hook(try await rspamd("{\(json)}")).outcome().decision == decision)
    }

    @Test func `does something else than reject where it is told to`() async throws {
        let service = try await rspamd("{\"action\": \"reject\", \"score\": 15}")
        #expect(
            await hook(service, { $0.action = .hold }).outcome().decision
                == .hold("spam score 15.00"))
        let tagged = await hook(service, { $0.action = .tag }).outcome()
        #expect(tagged.decision == .pass)
        #expect(tagged.fields == [HeaderField("X-Spam", "Yes")])
    }

    @Test func `changes header fields as a milter would`() async throws {
        let service = try await rspamd(
            """
            {"action": "add header", "score": 7, "milter": {
              "remove_headers": {"X-Old": 0, "X-Second": 2, "X Bad": 0},
              "add_headers": {
                "X-A": "one", "X-B": {"value": "two\\n\\tlines\\nX-Evil: y", "order": 1},
                "X-C": [{"value": "1"}, "2"], "X-D": 5, "X E:": "bad"}}}
            """)
        let verdict = await hook(service).outcome()
        #expect(verdict.removedFields == ["X-Old"])
        #expect(
            verdict.fields.map(\.wire) == [
                "X-Spam: Yes\r\n", "X-A: one\r\n", "X-B: two\r\n\tlines X-Evil: y\r\n",
                "X-C: 1\r\n", "X-C: 2\r\n",
            ])
        let untouched = await hook(service, { $0.tags = false }).outcome()
        #expect(untouched.fields == [] && untouched.removedFields == [])
    }

    @Test func `puts another subject in place of the old one`() async throws {
        let service = try await rspamd(
            "{\"action\": \"rewrite subject\", \"score\": 7, \"subject\": \"[SPAM] caf\u{E9}\"}")
        let verdict = await hook(service).outcome()
        #expect(verdict.removedFields == ["Subject"])
        #expect(verdict.fields == [HeaderField("Subject", "=?utf-8?q?=5BSPAM=5D_caf=C3=A9?=")])
    }

    @Test(arguments: [
        (
            "HTTP/1.1 403 Forbidden\r\nContent-Length: 6\r\n\r\nno\u{1}way",
            "rspamd: HTTP status 403: no?way"
        ),
        ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{a}", "rspamd: the answer is no JSON"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "rspamd: no action in the answer"),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n{\"error\":\"a\\nb\"}  ",
            "rspamd: a b"
        ),
        ("SPAMD/1.1 0 EX_OK\r\n\r\n", "rspamd: the answer is no HTTP"),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n{\"action\": \"reject\"}",
            "rspamd: the answer is no HTTP"
        ),
        ("", "rspamd: closed the connection without a whole answer"),
    ])
    func `takes everything else for a failure`(answer: String, words: String) async throws {
        let service = try await FakeService.start(
            .answer(answer, when: { $0.hasSuffix("body\r\n") }))
        #expect(await hook(service).failure() == words)
    }

    @Test func `does not take an answer to nothing for one`() async throws {
        let service = try await FakeService.start(
            .answerAtOnce("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
        #expect(await hook(service).failure() != nil)
    }

    @Test func `does not read an answer without an end`() async throws {
        let piece = String(repeating: "x", count: 65_536)
        let service = try await FakeService.start(
            .flood("HTTP/1.1 200 OK\r\nContent-Length: 4294967296\r\n\r\n" + piece))
        let words = await hook(service).failure()
        #expect(words == "rspamd: an answer of more than 4194304 bytes")
        await service.closedByClient()
    }

    @Test func `closes the connection when its time is over`() async throws {
        let service = try await FakeService.start(.silence)
        #expect(await hook(service).failure(timeoutSeconds: 1) == "no answer in 1 seconds")
        await service.closedByClient()
    }
}
