// What must hold for any session of the content filter, whatever client and next hop say and do.
//
// Input: parts with a byte 1 in between. The first holds letters for settings. Each other is
// either what the client says, or begins with "!" and is something that happens, or begins with
// "=", a letter and a reply: what the next hop says from now on to commands with that letter.

import Bytes
import SMTPProtocol
import TestSupport

/// Checks a session, and that it does not depend on how the client's bytes are cut.
@Sendable
func checkSMTPSession(_ input: ByteString) throws(BrokenProperty) {
    var parts = FuzzInput(input)
    let letters = Set(parts.next().bytes)
    let steps = parts.remaining(40).map(\.bytes)
    var stage = Stage(letters, client: .whole)
    var other = Stage(letters, client: .everyByte)
    for step in steps {
        try stage.play(step)
        try other.play(step)
    }
    // When a client has talked too early, or too badly, is a question of time.
    guard stage.isPlain, !stage.hasGoodbye, !other.hasGoodbye else { return }
    try expect(
        stage.rehearsal.toClient == other.rehearsal.toClient,
        "replies do not depend on cuts: \(stage.told) and \(other.told)")
    try expect(
        stage.messages == other.messages && stage.rehearsal.finished == other.rehearsal.finished,
        "messages do not depend on cuts")
}

/// A session under way, and what is known about both of its sides.
private struct Stage {
    private(set) var rehearsal: Rehearsal
    private var said: [UInt8] = []
    /// True while the next hop has given one well-formed reply to each command.
    private var isHonest = true
    /// True while nothing has happened but what client and next hop said.
    private(set) var isPlain = true
    private var hasDiscarded = false
    private var hasBeenSilent = false
    private let policy: ProxyPolicy
    private let prologue: [UInt8]
    private var ways = Ways()

    /// How next hops behave from now on.
    private struct Ways: Sendable {
        var offersPipelining = true
        var isReachable = true
        var answers: [UInt8: ScriptedNextHop.Answer] = [:]

        func apply(to nextHop: inout ScriptedNextHop) {
            nextHop.keywords = offersPipelining ? ["PIPELINING", "STARTTLS"] : ["STARTTLS"]
            nextHop.echoes = true
            let answers = answers
            nextHop.answer = { command in command.utf8.first.flatMap { answers[$0 & 0xDF] } }
        }

        func makeNextHop() -> ScriptedNextHop? {
            guard isReachable else { return nil }
            var nextHop = ScriptedNextHop()
            apply(to: &nextHop)
            return nextHop
        }
    }

    init(_ letters: Set<UInt8>, client: Rehearsal.Cut) {
        func has(_ letter: Character) -> Bool { letter.asciiValue.map(letters.contains) ?? false }
        var policy = ProxyPolicy()
        policy.passage = has("i") ? .inspect : .stream
        policy.commandLineLimit = has("c") ? 40 : 200
        policy.contentLineLimit = has("l") ? 16 : 0
        policy.messageSizeLimit = has("s") ? 32 : 0
        policy.errorLimit = has("e") ? 3 : 1000
        policy.pipelineLimit = has("q") ? 3 : 1000
        policy.keepsRecipients = has("k")
        policy.removedFields = has("r") ? [[UInt8(ascii: "X")]] : []
        policy.hasPrologue = has("w")
        policy.reusesConnections = has("o")
        self.policy = policy
        prologue = has("w") ? Array("A: b\r\n".utf8) : []
        rehearsal = Rehearsal(policy, client: client, nextHop: has("b") ? .everyByte : .whole)
        rehearsal.prologue = prologue
        ways.offersPipelining = !has("p")
        setWays()
        rehearsal.begin()
        guard policy.reusesConnections else { return }
        // Another client was there before, and has left its connection.
        rehearsal.send(Array(Self.firstMessage.utf8))
        rehearsal.send(Array(".\r\nQUIT\r\n".utf8))
        rehearsal.beginAgain()
    }

    private static let firstMessage = """
        EHLO first\r
        XFORWARD NAME=first\r
        MAIL FROM:<first>\r
        RCPT TO:<first>\r
        DATA\r

        """

    private mutating func setWays() {
        let ways = ways
        rehearsal.connect = { _ in ways.makeNextHop() }
        rehearsal.changeNextHop { ways.apply(to: &$0) }
    }

    /// What the client may know by now.
    var oracle: SMTPOracle {
        SMTPOracle(
            said: said.dropLast(rehearsal.unread.count), told: rehearsal.toClient,
            commandLineLimit: policy.commandLineLimit)
    }

    /// True if the client was told that the session ends.
    var hasGoodbye: Bool {
        let lines = rehearsal.toClient.split(separator: 0x0A)
        return lines.contains { $0.starts(with: "421 ".utf8) || $0.starts(with: "521 ".utf8) }
    }

    /// What next hops got, of all connections.
    var messages: [ScriptedNextHop.Message] { rehearsal.nextHops.flatMap(\.messages) }

    /// What the client got, as text.
    var told: String { String(decoding: rehearsal.toClient, as: UTF8.self).debugDescription }

    mutating func play(_ step: [UInt8]) throws(BrokenProperty) {
        switch step.first {
        case UInt8(ascii: "!"):
            isPlain = false
            happen(step.dropFirst())
        case UInt8(ascii: "="): answer(step.dropFirst())
        default:
            if !rehearsal.isClientClosed, !rehearsal.session.isClosed {
                said += step
                rehearsal.send(step)
            }
        }
        try check()
    }

    private mutating func happen(_ what: ArraySlice<UInt8>) {
        switch what.first.map({ Character(UnicodeScalar($0)) }) {
        case "b": rehearsal.breakNextHop()
        case "t": rehearsal.tell { $0.timedOut(isNextHopStuck: false, &$1) }
        case "k": rehearsal.tell { $0.timedOut(isNextHopStuck: true, &$1) }
        case "d": rehearsal.tell { $0.drain(&$1) }
        case "c": rehearsal.tell { $0.clientLost(&$1) }
        case "s": rehearsal.tell { $0.spoolFailed("full", &$1) }
        case "h": rehearsal.holdsReplies = true
        case "r": rehearsal.releaseReplies()
        case "u":
            ways.isReachable.toggle()
            setWays()
        case "5": decide(.refuse(OwnReply(550, "5.7.1", "Bad")))
        case "2":
            hasDiscarded = true
            decide(.discard(OwnReply(250, "2.0.0", "Discarded")))
        case "p": decide(.pass)
        case "w": rehearsal.verdict = { _, _ in nil }
        case "n":
            isHonest = false
            rehearsal.nextHopSays(String(decoding: what.dropFirst(), as: UTF8.self))
        default: break
        }
    }

    /// The verdict for all messages from now on.
    private mutating func decide(_ verdict: Verdict) {
        rehearsal.verdict = { _, _ in verdict }
        rehearsal.run()
    }

    private mutating func answer(_ answer: ArraySlice<UInt8>) {
        guard let letter = answer.first else { return }
        let text = String(decoding: answer.dropFirst(), as: UTF8.self)
        switch text {
        case "": ways.answers[letter & 0xDF] = nil
        case "!":
            isPlain = false
            ways.answers[letter & 0xDF] = .close
        case "?":
            isPlain = false
            hasBeenSilent = true
            ways.answers[letter & 0xDF] = .silence
        default:
            if !SMTPOracle.isRefusal(text) { isHonest = false }
            ways.answers[letter & 0xDF] = .say(text)
        }
        if !isHonest { isPlain = false }
        setWays()
    }

    // What must hold at any time.

    private func check() throws(BrokenProperty) {
        try expect(rehearsal.faults == [], "nothing senseless is asked for: \(rehearsal.faults)")
        let oracle = oracle
        try checkReplies(oracle)
        try checkProgress(oracle)
        guard isHonest else { return }
        try checkMessages(oracle)
        try checkCommands(oracle)
    }

    private func checkReplies(_ oracle: SMTPOracle) throws(BrokenProperty) {
        for message in oracle.contents where !SMTPOracle.isSoundContent(message.bytes) {
            try expect(!message.isAccepted, "a message with a bare CR or LF is refused")
        }
        let closing = Set(["421", "521"].map { Array($0.utf8) })
        try expect(
            oracle.extra.count <= 1
                && oracle.extra.allSatisfy { closing.contains(Array($0.prefix(3))) },
            "nothing is replied that was not asked for, but goodbye")
        if rehearsal.session.wait == .command, !rehearsal.session.isClosed {
            try expect(oracle.owed == 0, "all that was read is answered")
        }
        let told = rehearsal.finished.filter { $0.decision != .clientLost }.map(\.reply)
        let replies = oracle.contents.map { Array($0.reply.prefix { $0 != 0x0D }) }
        try expect(
            told.starts(with: replies) && told.count <= replies.count + oracle.unanswered.count,
            "each message that is answered is reported")
    }

    private func checkProgress(_ oracle: SMTPOracle) throws(BrokenProperty) {
        guard !rehearsal.session.isClosed else {
            return try expect(!rehearsal.isConnected, "a session that has ended leaves nothing")
        }
        if rehearsal.session.ignoresClient {
            try expect(
                hasBeenSilent || rehearsal.holdsReplies || rehearsal.awaitsVerdict || !isHonest,
                "somebody is waited for")
        } else {
            try expect(
                !rehearsal.unread.contains(0x0A)
                    && rehearsal.unread.count < policy.commandLineLimit,
                "whole lines are read, and long ones not kept")
        }
    }

    private func checkMessages(_ oracle: SMTPOracle) throws(BrokenProperty) {
        let ended = oracle.contents.map(\.bytes) + oracle.unanswered
        var sound = ended.filter(SMTPOracle.isSoundContent).map(expectedContent)[...]
        for message in messages {
            while let next = sound.first, next != message.content { sound = sound.dropFirst() }
            try expect(!sound.isEmpty, "only messages that have ended, and are sound, get through")
            sound = sound.dropFirst()
        }
        guard !hasDiscarded else { return }
        let accepted = oracle.contents.filter(\.isAccepted).map { expectedContent($0.bytes) }
        var taken = messages.filter(\.isAccepted).map(\.content)[...]
        for content in accepted {
            while let next = taken.first, next != content { taken = taken.dropFirst() }
            try expect(!taken.isEmpty, "what is acknowledged has been acknowledged by the next hop")
            taken = taken.dropFirst()
        }
    }

    private func expectedContent(_ content: [UInt8]) -> [UInt8] {
        prologue
            + (policy.removedFields.isEmpty
                ? content : SMTPOracle.removing(UInt8(ascii: "X"), from: content))
    }

    private func checkCommands(_ oracle: SMTPOracle) throws(BrokenProperty) {
        var said = oracle.commands[...]
        for nextHop in rehearsal.nextHops {
            try expect(!nextHop.hasBareLineEnd, "the next hop gets whole lines only")
            for command in nextHop.commands where !Self.isOwn(command) {
                while let next = said.first, String(decoding: next, as: UTF8.self) != command {
                    said = said.dropFirst()
                }
                try expect(!said.isEmpty, "\(command) was said by the client")
                said = said.dropFirst()
            }
        }
        guard isPlain else { return }
        for (command, reply) in oracle.answered where reply.starts(with: "250 2.".utf8) {
            let text = String(decoding: command, as: UTF8.self)
            let verb = text.prefix(4).uppercased()
            guard verb == "RCPT" || verb == "MAIL" || verb == "NOOP" else { continue }
            try expect(
                String(decoding: reply.dropLast(2), as: UTF8.self).hasSuffix(" \(text)"),
                "\(text) gets its own reply")
        }
    }

    /// True for commands that the proxy may say itself.
    private static func isOwn(_ command: String) -> Bool {
        let verb = command.prefix(4).uppercased()
        return ["RSET", "DATA", "QUIT", "EHLO", "HELO"].contains(verb)
    }
}
