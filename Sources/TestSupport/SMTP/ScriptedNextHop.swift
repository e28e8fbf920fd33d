// A next hop in memory: an SMTP server that keeps what it is sent and answers as it is told.
//
// It reads by itself and shares no code with the product: it is the judge of what got through.

/// One connection to a server that takes messages.
package struct ScriptedNextHop {
    /// What a server does about a line; after silence it says nothing any more.
    package enum Answer: Equatable, Sendable {
        case say(String), sayThenClose(String), close, silence
    }

    /// A message that has been ended by its lone dot.
    package struct Message: Equatable, Sendable {
        /// The XFORWARD commands before it, without their ends.
        package var origin: [String] = []
        /// The MAIL command.
        package var sender = ""
        /// The RCPT commands that were accepted.
        package var recipients: [String] = []
        /// Its content as it came over the wire, with the end.
        package var content: [UInt8] = []
        /// True if the server has taken it.
        package var isAccepted = false
    }

    /// What is said first.
    package var greeting = Answer.say("220 output.example ESMTP\r\n")
    /// What is offered to EHLO.
    package var keywords = [
        "PIPELINING", "SIZE 10240000", "ENHANCEDSTATUSCODES", "8BITMIME", "DSN", "SMTPUTF8",
        "XFORWARD NAME ADDR PROTO HELO SOURCE PORT IDENT",
    ]
    /// What to do about a line instead of what is usual; the line "." is the end of a message.
    package var answer: @Sendable (String) -> Answer?
    /// What to do when this many bytes of a message have come.
    package var answerInContent: @Sendable (Int) -> Answer? = { _ in nil }
    /// True if replies to MAIL, RCPT and NOOP end in the command.
    package var echoes = false
    /// How many bytes come before this side closes without a word.
    package var byteLimit = Int.max

    /// All that came.
    package private(set) var received: [UInt8] = []
    /// The commands that came, without their ends.
    package private(set) var commands: [String] = []
    /// The messages that came whole.
    package private(set) var messages: [Message] = []
    /// True after a line that does not end in CR LF, or that holds a CR or LF otherwise.
    package private(set) var hasBareLineEnd = false
    /// True when this side has closed.
    package private(set) var isClosed = false
    /// True after DATA until the message has ended.
    package private(set) var isInContent = false

    /// True if the last thing that came is a message that was accepted.
    package private(set) var isAsNew = false

    private var line: [UInt8] = []
    private var message = Message()
    private var hasSender = false
    private var isSilent = false

    /// A server that does what is usual, but for what `answer` says.
    package init(answer: @escaping @Sendable (String) -> Answer? = { _ in nil }) {
        self.answer = answer
    }

    /// The bytes that greet.
    package mutating func greet() -> [UInt8] { say(greeting) }

    /// Forgets what came so far, but not in which state that has left the server.
    package mutating func forgetRecord() { (received, commands, messages) = ([], [], []) }

    /// Takes bytes; returns what is answered to them.
    package mutating func take(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var answered: [UInt8] = []
        for byte in bytes where !isClosed {
            received.append(byte)
            let answer = isInContent ? takeContent(byte) : takeCommand(byte)
            if received.count >= byteLimit { isClosed = true } else { answered += answer }
        }
        return answered
    }

    private mutating func takeContent(_ byte: UInt8) -> [UInt8] {
        message.content.append(byte)
        let content = message.content
        if byte == 0x0A, content.dropLast().last != 0x0D { hasBareLineEnd = true }
        if byte != 0x0A, content.dropLast().last == 0x0D { hasBareLineEnd = true }
        guard content.elementsEqual(Self.end) || content.suffix(5).elementsEqual(Self.lineAndEnd)
        else { return answerInContent(content.count).map { say($0) } ?? [] }
        isInContent = false
        var ended = message
        resetTransaction()
        let answer = answer(".") ?? .say("250 2.0.0 Ok: queued as \(messages.count + 1)\r\n")
        if case .say(let reply) = answer { ended.isAccepted = reply.hasPrefix("2") }
        isAsNew = ended.isAccepted
        messages.append(ended)
        return say(answer)
    }

    private mutating func takeCommand(_ byte: UInt8) -> [UInt8] {
        line.append(byte)
        isAsNew = false
        guard byte == 0x0A else { return [] }
        let text = line
        line = []
        if !text.suffix(2).elementsEqual([0x0D, 0x0A]) || text.dropLast(2).contains(0x0D) {
            hasBareLineEnd = true
        }
        let command = String(decoding: text.dropLast(2), as: UTF8.self)
        commands.append(command)
        let answer = answer(command) ?? .say(usual(command))
        if case .say(let reply) = answer { apply(command, reply) }
        return say(answer)
    }

    /// The reply of a server that knows the order of commands.
    private func usual(_ command: String) -> String {
        switch Self.verb(command) {
        case "EHLO":
            let lines = ["output.example"] + keywords
            return lines.indices.map { "250\($0 == lines.count - 1 ? " " : "-")\(lines[$0])\r\n" }
                .joined()
        case "HELO": return "250 output.example\r\n"
        case "MAIL" where hasSender: return "503 5.5.1 Error: nested MAIL command\r\n"
        case "RCPT" where !hasSender: return "503 5.5.1 Error: need MAIL command\r\n"
        case "RCPT": return "250 2.1.5 Ok\(echo(command))\r\n"
        case "DATA" where !hasSender: return "503 5.5.1 Error: need RCPT command\r\n"
        case "DATA" where message.recipients.isEmpty:
            return "554 5.5.1 Error: no valid recipients\r\n"
        case "DATA": return "354 End data with <CR><LF>.<CR><LF>\r\n"
        case "MAIL", "NOOP": return "250 2.0.0 Ok\(echo(command))\r\n"
        case "RSET", "XFORWARD": return "250 2.0.0 Ok\r\n"
        case "VRFY", "EXPN", "ETRN": return "252 2.0.0 Maybe\r\n"
        case "HELP": return "214-Commands:\r\n214 MAIL RCPT\r\n"
        case "QUIT": return "221 2.0.0 Bye\r\n"
        default: return "502 5.5.2 Error: command not recognized\r\n"
        }
    }

    private func echo(_ command: String) -> String { echoes ? " \(command)" : "" }

    /// What the server itself makes of its reply.
    private mutating func apply(_ command: String, _ reply: String) {
        let isDone = reply.hasPrefix("2")
        switch Self.verb(command) {
        case "EHLO" where isDone, "HELO" where isDone, "RSET" where isDone: resetTransaction()
        case "XFORWARD" where isDone: message.origin.append(command)
        case "MAIL" where isDone:
            hasSender = true
            message.sender = command
        case "RCPT" where isDone: message.recipients.append(command)
        case "DATA" where reply.hasPrefix("354"): isInContent = true
        case "QUIT": isClosed = true
        default: break
        }
    }

    private mutating func resetTransaction() {
        message = Message()
        hasSender = false
    }

    private mutating func say(_ answer: Answer) -> [UInt8] {
        if isSilent { return [] }
        switch answer {
        case .say(let text): return Array(text.utf8)
        case .silence:
            isSilent = true
            return []
        case .close:
            isClosed = true
            return []
        case .sayThenClose(let text):
            isClosed = true
            return Array(text.utf8)
        }
    }

    private static func verb(_ command: String) -> String {
        String(command.prefix { $0 != " " }).uppercased()
    }

    private static let end: [UInt8] = Array(".\r\n".utf8)
    private static let lineAndEnd: [UInt8] = Array("\r\n.\r\n".utf8)
}
