// A client's script on a proxied session, played once for every way to cut what both sides say.

import SMTPProtocol
import TestSupport
import Testing

/// What a client says to the proxy, and who is behind it.
struct Play {
    var policy = ProxyPolicy()
    /// What the client says; each part after the replies to the one before.
    var script: [[UInt8]]
    var connect: @Sendable (Int) -> ScriptedNextHop? = { _ in ScriptedNextHop() }
    var verdict: @Sendable (Envelope, [UInt8]) -> Verdict? = { _, _ in .pass }

    init(_ script: String..., policy: ProxyPolicy = ProxyPolicy()) {
        self.script = script.map { Array($0.utf8) }
        self.policy = policy
    }

    /// With the next hop giving these answers.
    func answered(_ answer: @escaping @Sendable (String) -> ScriptedNextHop.Answer?) -> Play {
        var play = self
        play.connect = { _ in ScriptedNextHop(answer: answer) }
        return play
    }

    /// Plays once.
    func run(client: Rehearsal.Cut = .whole, nextHop: Rehearsal.Cut = .whole) -> Rehearsal {
        var rehearsal = Rehearsal(policy, client: client, nextHop: nextHop)
        rehearsal.connect = connect
        rehearsal.verdict = verdict
        rehearsal.begin()
        for part in script { rehearsal.send(part) }
        return rehearsal
    }

    /// Plays with every cut of either side, or of the client alone: what both get must not depend
    /// on it.
    func runWithEveryCut(
        ofClientAlone: Bool = false, sourceLocation: SourceLocation = #_sourceLocation
    ) -> Rehearsal {
        let whole = run()
        let observed = Observed(whole)
        #expect(whole.faults == [], sourceLocation: sourceLocation)
        var cuts: [(Rehearsal.Cut, Rehearsal.Cut)] = [
            (.everyByte, .whole), (.whole, .everyByte), (.everyByte, .everyByte),
        ]
        cuts += (0..<script.joined().count).map { (.at($0), .whole) }
        // More than any next hop here says.
        let said = ofClientAlone ? 0 : whole.toClient.count + 300
        cuts += (0..<said).map { (.whole, .at($0)) }
        for (client, nextHop) in cuts {
            let other = Observed(run(client: client, nextHop: nextHop))
            guard other != observed else { continue }
            #expect(
                other == observed, "client \(client), next hop \(nextHop)",
                sourceLocation: sourceLocation)
            break
        }
        return whole
    }
}

/// All of a rehearsal that anybody outside can see.
struct Observed: Equatable {
    var toClient: String
    var isClientClosed: Bool
    var messages: [[ScriptedNextHop.Message]]
    var commands: [[String]]
    var finished: [FinishedMessage]
    var inspected: [[UInt8]]
    var faults: [String]

    init(_ rehearsal: Rehearsal) {
        toClient = rehearsal.said
        isClientClosed = rehearsal.isClientClosed
        messages = rehearsal.nextHops.map(\.messages)
        commands = rehearsal.nextHops.map(\.commands)
        finished = rehearsal.finished
        inspected = rehearsal.inspected
        faults = rehearsal.faults
    }
}

extension Rehearsal {
    /// All that the client got, as text.
    var said: String { String(decoding: toClient, as: UTF8.self) }

    /// The codes of all replies that the client got.
    var codes: [Int] {
        said.split(separator: "\r\n").filter { $0.dropFirst(3).first != "-" }
            .map { Int($0.prefix(3)) ?? 0 }
    }

    /// The messages that next hops got whole, of all connections.
    var messages: [ScriptedNextHop.Message] { nextHops.flatMap(\.messages) }

    /// The commands that came over the connection of this number.
    func commands(_ connection: Int = 0) -> [String] { nextHops[connection].commands }

    /// The client sends text.
    mutating func send(_ text: String) { send(Array(text.utf8)) }
}

extension ProxyPolicy {
    /// A policy with some settings of its own.
    static func with(_ change: (inout ProxyPolicy) -> Void) -> ProxyPolicy {
        var policy = ProxyPolicy()
        change(&policy)
        return policy
    }

    /// Messages are inspected before they are passed on.
    static let inspecting = ProxyPolicy.with { $0.passage = .inspect }
}

/// The begin of every script here: one EHLO, a sender and a recipient.
let ehlo = "EHLO client.example\r\n"
let envelope = "MAIL FROM:<a@client.example>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n"
