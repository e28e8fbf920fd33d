// What became of probes, judged by logs as Postfix writes them.

import Bytes
import Instances
import MailTrace
import Rehearsals
import Testing

@Suite struct `The verdict on a probe` {
    private static func line(_ second: Int, _ text: String) -> String {
        "2026-11-21T19:43:0\(second).000000Z vm \(text)\n"
    }

    /// An input instance that hands a message on to a filter at port 10025.
    private static let input = [
        line(1, "postfix-in/smtpd[7]: 39B0112C: client=c.test[198.51.100.77]"),
        line(1, "postfix-in/cleanup[8]: 39B0112C: message-id=<p@postilion.invalid>"),
        line(1, "postfix-in/qmgr[6]: 39B0112C: from=<a@x.test>, size=491, nrcpt=1 (queue active)"),
        line(
            2,
            "postfix-in/smtp[9]: 39B0112C: to=<b@y.test>, relay=127.0.0.1[127.0.0.1]:10025, "
                + "delay=0.09, delays=0.03/0.01/0.03/0.03, dsn=2.0.0, "
                + "status=sent (250 2.0.0 Ok: queued as 47EE5130)"),
        line(2, "postfix-in/qmgr[6]: 39B0112C: removed"),
    ].joined()

    /// The output instance's part, with what became of it there.
    private static func output(_ relay: String, _ status: String, removed: Bool = true) -> String {
        let lines = [
            line(2, "postfix-out/smtpd[3]: 47EE5130: client=localhost[127.0.0.1]"),
            line(2, "postfix-out/cleanup[5]: 47EE5130: message-id=<p@postilion.invalid>"),
            line(
                2,
                "postfix-out/qmgr[2]: 47EE5130: from=<a@x.test>, size=669, nrcpt=1 (queue active)"
            ),
            line(
                3,
                "postfix-out/\(relay), delay=0.02, delays=0.01/0.01/0/0, dsn=2.0.0, "
                    + "status=\(status)"),
        ]
        let end = line(3, "postfix-out/qmgr[2]: 47EE5130: removed")
        return lines.joined() + (removed ? end : "")
    }

    private static let inner = InnerSockets(
        Snapshot(
            takenSeconds: 0, hostAddresses: .known([]), listeningSockets: .known([]),
            instances: []),
        [
            StandIn(
                socket: ListeningSocket(
                    address: IPAddress("127.0.0.1") ?? .anyIPv4, port: 10025),
                sender: "postfix-in", parameter: "default_transport",
                role: .filter(
                    to: ListeningSocket(address: .anyIPv4, port: 10026), instance: "postfix-out"))
        ]
    ) { $0.isLoopback }

    private static func verdict(_ log: String, _ expectation: Probe.Expectation) -> ProbeVerdict {
        var query = TraceQuery()
        query.messageID = "<p@postilion.invalid>"
        var tracer = Tracer(
            query,
            in: [
                TracedLog(
                    MemoryLog(Array(log.utf8)), LogCalendar(latestSeconds: 1_795_300_000))
            ])
        tracer.search()
        var submission = Submission()
        submission.taken = ["b@y.test"]
        let probe = Probe(
            name: "p", sender: "a@x.test", recipients: ["b@y.test"], expectation: expectation)
        return ProbeVerdict(probe, submission, tracer.journeys(nil), inner: inner)
    }

    private static func hub(_ text: ByteString) -> Probe.Expectation {
        .relayed(to: NextHop(destination: text))
    }

    private static let relayed = output(
        "relay/smtp[6]: 47EE5130: to=<b@y.test>, relay=hub.y.test[192.0.2.25]:25",
        "sent (250 2.0.0 Ok)")

    @Test func `waits for the instance behind the filter`() {
        let verdict = Self.verdict(Self.input, .relayed(to: nil))
        #expect(!verdict.isFinal && !verdict.isAsExpected)
        #expect(verdict.items.map(\.fate) == [.underway])
        #expect(!Self.verdict("", .relayed(to: nil)).isFinal)
    }

    @Test(arguments: [
        ("[hub.y.test]", true), ("[HUB.y.test]:25", true), ("[192.0.2.25]", true),
        ("[hub.y.test]:26", false), ("[other.y.test]", false), ("y.test", false),
    ])
    func `knows the next hop that was meant`(_ text: String, _ isMeant: Bool) {
        let verdict = Self.verdict(Self.input + Self.relayed, Self.hub(ByteString(text)))
        #expect(verdict.isFinal)
        #expect(verdict.isAsExpected == isMeant)
        #expect(verdict.items.map(\.recipient) == ["b@y.test"])
    }

    @Test func `takes a rehearsal's mail exchanger for its domain`() {
        let relay = Relay("mx.y.test[198.19.3.4]:25")
        #expect(NextHop(destination: "y.test").map(relay.isMeant) == true)
        #expect(NextHop(destination: "[y.test]").map(relay.isMeant) == false)
    }

    @Test func `tells an end on the host from a relay`() {
        let local = Self.output("local[6]: 47EE5130: to=<b@y.test>, relay=local", "sent (mailbox)")
        #expect(Self.verdict(Self.input + local, .delivered).isAsExpected)
        let lmtp = Self.output(
            "lmtp[6]: 47EE5130: to=<b@y.test>, relay=127.0.0.1[127.0.0.1]:24", "sent (250 Ok)")
        #expect(Self.verdict(Self.input + lmtp, .delivered).isAsExpected)
        #expect(!Self.verdict(Self.input + Self.relayed, .delivered).isAsExpected)
        let discarded = Self.output(
            "discard[6]: 47EE5130: to=<b@y.test>, relay=none", "sent (discarded)")
        #expect(Self.verdict(Self.input + discarded, .discarded).isAsExpected)
    }

    @Test func `tells what comes back and what waits`() {
        let bounced = Self.output(
            "smtp[6]: 47EE5130: to=<b@y.test>, relay=hub.y.test[192.0.2.25]:25",
            "bounced (host said: 550 5.1.1 none)")
        #expect(Self.verdict(Self.input + bounced, .bounced).isAsExpected)
        let deferred = Self.output(
            "smtp[6]: 47EE5130: to=<b@y.test>, relay=none",
            "deferred (connect to hub: Connection refused)", removed: false)
        let verdict = Self.verdict(Self.input + deferred, .deferred)
        #expect(verdict.isFinal && verdict.isAsExpected)
    }

    @Test func `is about those who were refused, too`() {
        var submission = Submission()
        submission.refused = [.init(recipient: "b@y.test", reply: "550 5.1.1 Unknown user")]
        func verdict(_ expectation: Probe.Expectation) -> ProbeVerdict {
            ProbeVerdict(
                Probe(name: "p", sender: "", recipients: ["b@y.test"], expectation: expectation),
                submission, [], inner: Self.inner)
        }
        #expect(verdict(.rejected(reply: nil)).isAsExpected)
        #expect(verdict(.rejected(reply: "unknown USER")).isAsExpected)
        #expect(!verdict(.rejected(reply: "554")).isAsExpected)
        #expect(verdict(.bounced).isFinal && !verdict(.bounced).isAsExpected)
    }
}
