// What people write of probes, and what is none.

import Bytes
import Instances
import Testing

@Suite struct `A written probe` {
    private static func written(_ change: (inout WrittenProbe) -> Void) -> WrittenProbe {
        var written = WrittenProbe()
        written.from = "alice@example.net"
        written.to = ["bob@example.com"]
        change(&written)
        return written
    }

    private func probe(_ change: (inout WrittenProbe) -> Void) throws -> Probe {
        try Self.written(change).probe(number: 2)
    }

    private func problem(_ change: (inout WrittenProbe) -> Void) -> ProbeProblem? {
        #expect(throws: ProbeProblem.self) { try Self.written(change).probe(number: 1) }
    }

    @Test func `needs no more than a recipient`() throws {
        var least = WrittenProbe()
        least.to = ["bob@example.com"]
        let probe = try least.probe(number: 3)
        #expect(
            probe
                == Probe(
                    name: "probe 3", sender: "", recipients: ["bob@example.com"],
                    expectation: .delivered))
    }

    @Test(arguments: [
        ("203.0.113.7:25", "203.0.113.7", 25), ("203.0.113.7", "203.0.113.7", 25),
        ("[2001:db8::7]:587", "2001:db8::7", 587), ("2001:db8::7", "2001:db8::7", 25),
    ])
    func `comes in at a socket`(_ text: String, _ host: String, _ port: Int) throws {
        let address = try #require(IPAddress(ByteString(host)))
        let probe = try probe { $0.entry = ByteString(text) }
        #expect(probe.entry == .listener(ListeningSocket(address: address, port: port)))
    }

    @Test func `comes in at the sendmail of an instance`() throws {
        #expect(try probe { $0.entry = "local" }.entry == .local(instance: "-"))
        #expect(try probe { $0.entry = "local:out" }.entry == .local(instance: "out"))
        #expect(try probe { _ in }.entry == .automatic)
    }

    @Test(arguments: [
        "mail.example.com:25", "203.0.113.7:smtp", "203.0.113.7:0", "203.0.113.7:65536",
        "2001:db8::7:587x", "local:", "[203.0.113.7]:25", "",
    ])
    func `refuses other entries`(_ text: String) {
        #expect(problem { $0.entry = ByteString(text) } == .badEntry(ByteString(text)))
    }

    @Test func `is expected to be delivered unless something else tells`() throws {
        let hub = NextHop(transport: nil, host: "hub.example.com", port: "26", isLiteral: true)
        #expect(try probe { _ in }.expectation == .delivered)
        #expect(
            try probe { $0.relayedTo = "[hub.example.com]:26" }.expectation == .relayed(to: hub))
        #expect(try probe { $0.expect = "relayed" }.expectation == .relayed(to: nil))
        #expect(try probe { $0.reply = "550" }.expectation == .rejected(reply: "550"))
        #expect(try probe { $0.expect = "rejected" }.expectation == .rejected(reply: nil))
    }

    @Test(arguments: Probe.Expectation.words)
    func `knows the word for every expectation`(_ word: ByteString) throws {
        #expect(try probe { $0.expect = word }.expectation.word == word)
    }

    @Test func `does not contradict itself`() {
        #expect(problem { $0.expect = "lost" } == .unknownExpectation("lost"))
        #expect(
            problem {
                $0.expect = "held"
                $0.relayedTo = "hub.example.com"
            } == .relayedToWithout("held"))
        #expect(
            problem {
                $0.expect = "bounced"
                $0.reply = "550"
            } == .replyWithout("bounced"))
        #expect(
            problem {
                $0.entry = "local"
                $0.client = "192.0.2.1"
            } == .clientOfLocal)
    }

    @Test(arguments: ["a@b\r\nDATA", "a@b>", "a@b\u{7F}"])
    func `lets no command slip into the envelope`(_ text: String) {
        #expect(problem { $0.to = [ByteString(text)] } == .badAddress(ByteString(text)))
        #expect(problem { $0.from = ByteString(text) } == .badAddress(ByteString(text)))
        #expect(problem { $0.helo = "a b" } == .badHelo("a b"))
    }

    @Test func `has one body`() throws {
        #expect(try probe { $0.sizeBytes = 5 }.message.body == .size(bytes: 5))
        #expect(try probe { $0.bodyFile = "/x" }.message.body == .file("/x"))
        #expect(
            problem {
                $0.sizeBytes = 5
                $0.body = "Hello"
            } == .severalBodies)
        #expect(problem { $0.sizeBytes = -1 } == .badSize(-1))
    }

    @Test(arguments: ["no colon", ": x", "X y: z", "X: a\nb"])
    func `has header lines that are some`(_ line: String) {
        #expect(
            problem { $0.headers = ["X-Spam: \u{E4}", ByteString(line)] }
                == .badHeader(ByteString(line)))
    }

    @Test func `names addresses, not hosts, and waits within reason`() {
        #expect(problem { $0.client = "mail.example.net" } == .badClient("mail.example.net"))
        #expect(problem { $0.client = "0.0.0.0" } == .badClient("0.0.0.0"))
        #expect(problem { $0.withinSeconds = 0 } == .badLimit(0))
        #expect(problem { $0.to = [] } == .noRecipient)
        #expect(problem { $0.relayedTo = "unix:x" } == .badNextHop("unix:x"))
    }
}
