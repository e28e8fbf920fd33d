// The conversation with a mail server of the outside, which takes everything unless a rule says
// otherwise: SMTP and LMTP as a machine, bytes in, actions out. It keeps no body.

package import Bytes
package import Instances

/// What a mail server of the outside was given.
package struct SinkTransaction: Hashable, Sendable {
    /// The address and port that were contacted.
    package var address: IPAddress
    package var port: Int
    /// The name that the address has in the rehearsal.
    package var name: ByteString
    /// The one who connected, and what it said to be.
    package var client: IPAddress
    package var helo: ByteString
    package var sender: ByteString
    /// Those that were taken.
    package var recipients: [ByteString]
    /// The header, without the empty line behind it.
    package var header: ByteString
    package var sizeBytes: Int

    /// The Message-ID, with its brackets; empty if there is none.
    package var messageID: ByteString {
        for line in header.split(where: { $0 == 0x0A })
        where line.lowercased.hasPrefix("message-id:") {
            return line.dropFirst(11).split { $0 <= 0x20 }.first ?? ""
        }
        return ""
    }
}

/// Which recipients the outside does not take.
package struct SinkRules: Hashable, Sendable {
    /// The domains of recipients that are to come again later.
    package var deferred: Set<ByteString>
    /// The domains of recipients that there are not.
    package var rejected: Set<ByteString>

    package init(deferred: Set<ByteString> = [], rejected: Set<ByteString> = []) {
        self.deferred = Set(deferred.map(\.lowercased))
        self.rejected = Set(rejected.map(\.lowercased))
    }

    /// The reply to a recipient.
    func reply(to recipient: ByteString) -> ByteString {
        let at = recipient.bytes.lastIndex(of: 0x40).map { $0 + 1 } ?? 0
        let domain = ByteString(recipient.bytes[at...]).lowercased
        if deferred.contains(domain) { return "451 4.3.0 Try again later, says the rehearsal\r\n" }
        if rejected.contains(domain) { return "550 5.1.1 Unknown, says the rehearsal\r\n" }
        return "250 2.1.5 Ok\r\n"
    }
}

/// One session with a mail server of the outside.
package struct SinkSession: Sendable {
    /// What is to be done.
    package enum Action: Hashable, Sendable {
        case send(ByteString)
        case record(SinkTransaction)
        case close
    }

    private let rules: SinkRules
    private var current: SinkTransaction
    private var isLMTP = false
    private var isInContent = false
    private var isInBody = false
    private var unfinished: [UInt8] = []
    private var count = 0

    /// 64 KiB of header; more is not kept.
    private static let limitHeaderBytes = 1 << 16
    /// RFC 5321 allows 1000; what is longer is cut into pieces.
    private static let limitLineBytes = 1 << 16

    /// Begins a session.
    package init(
        name: ByteString, address: IPAddress, port: Int, client: IPAddress, rules: SinkRules
    ) {
        self.rules = rules
        current = SinkTransaction(
            address: address, port: port, name: name, client: client, helo: "", sender: "",
            recipients: [], header: "", sizeBytes: 0)
    }

    /// What the server says first.
    package var greeting: ByteString { "220 \(current.name) ESMTP rehearsal\r\n" }

    /// Takes bytes of the client.
    package mutating func take(_ bytes: [UInt8]) -> [Action] {
        // A handshake of TLS begins so: there is no TLS outside.
        if count == 0, bytes.first == 0x16 { return [.close] }
        count += 1
        unfinished += bytes
        var actions: [Action] = []
        var start = 0
        while let end = unfinished[start...].firstIndex(of: 0x0A) {
            var line = unfinished[start..<end]
            if line.last == 0x0D { line = line.dropLast() }
            take(line: ByteString(line), &actions)
            start = end + 1
        }
        unfinished.removeFirst(start)
        if unfinished.count > Self.limitLineBytes { unfinished = [] }
        return actions
    }

    private mutating func take(line: ByteString, _ actions: inout [Action]) {
        if isInContent {
            takeContent(line, &actions)
            return
        }
        let words = line.split { $0 == 0x20 }
        switch words.first?.lowercased {
        case "ehlo", "lhlo":
            isLMTP = words[0].lowercased == "lhlo"
            current.helo = words.count > 1 ? words[1] : ""
            actions.append(
                .send(
                    "250-\(current.name)\r\n250-PIPELINING\r\n250-SIZE 0\r\n250-8BITMIME\r\n"
                        + "250-SMTPUTF8\r\n250-DSN\r\n250 ENHANCEDSTATUSCODES\r\n"))
        case "helo":
            current.helo = words.count > 1 ? words[1] : ""
            actions.append(.send("250 \(current.name)\r\n"))
        case "mail":
            reset()
            current.sender = Self.address(in: line)
            actions.append(.send("250 2.1.0 Ok\r\n"))
        case "rcpt":
            let recipient = Self.address(in: line)
            let reply = rules.reply(to: recipient)
            if reply.hasPrefix("2") { current.recipients.append(recipient) }
            actions.append(.send(reply))
        case "data":
            isInContent = !current.recipients.isEmpty
            actions.append(
                .send(isInContent ? "354 Go on\r\n" : "554 5.5.1 No valid recipients\r\n"))
        case "quit": actions += [.send("221 2.0.0 Bye\r\n"), .close]
        case "rset":
            reset()
            actions.append(.send("250 2.0.0 Ok\r\n"))
        case "noop", "vrfy": actions.append(.send("250 2.0.0 Ok\r\n"))
        default: actions.append(.send("502 5.5.2 Not known\r\n"))
        }
    }

    private mutating func takeContent(_ line: ByteString, _ actions: inout [Action]) {
        guard line == "." else {
            current.sizeBytes += line.count + 2
            if line.isEmpty { isInBody = true }
            if !isInBody, current.header.count < Self.limitHeaderBytes {
                current.header += "\(line)\n"
            }
            return
        }
        isInContent = false
        actions.append(.record(current))
        let replies = isLMTP ? current.recipients.count : 1
        let reply: ByteString = "250 2.0.0 Ok\r\n"
        for _ in 0..<replies { actions.append(.send(reply)) }
        reset()
    }

    private mutating func reset() {
        current.sender = ""
        current.recipients = []
        current.header = ""
        current.sizeBytes = 0
        isInBody = false
    }

    /// What stands between angle brackets.
    private static func address(in line: ByteString) -> ByteString {
        guard let start = line.bytes.firstIndex(of: 0x3C),
            let end = line.bytes[start...].firstIndex(of: 0x3E)
        else { return "" }
        return ByteString(line.bytes[(start + 1)..<end])
    }
}
