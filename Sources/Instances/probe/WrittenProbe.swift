// A probe in the words of people, as options or a table of a file have them; read here, once, for
// all who take probes. Neither files nor command lines are known here.

package import Bytes

/// The fields of a probe as they are written; nil for those that are not.
package struct WrittenProbe: Hashable, Sendable {
    package var name: ByteString?
    package var from: ByteString?
    package var to: [ByteString] = []
    /// The numeric address of the client.
    package var client: ByteString?
    package var helo: ByteString?
    /// "203.0.113.7:25", "[2001:db8::7]:25", an address alone, "local", or "local:INSTANCE".
    package var entry: ByteString?
    /// A word of `Probe.Expectation.words`; "delivered" if there is none, and nothing else tells.
    package var expect: ByteString?
    /// A host, or host and port, as Postfix writes next hops.
    package var relayedTo: ByteString?
    /// A part of the reply that rejects it.
    package var reply: ByteString?
    package var headers: [ByteString] = []
    package var body: ByteString?
    package var bodyFile: ByteString?
    package var sizeBytes: Int?
    package var withinSeconds: Int?

    package init() {}

    /// A day; whoever waits longer does not test.
    package static let limitWithinSeconds = 86400
    /// A gibibyte: more than message_size_limit is anywhere.
    package static let limitSizeBytes = 1 << 30

    /// The probe that is meant.
    ///
    /// - Parameter number: Which of several it is, counted from 1; it names a probe without a name.
    package func probe(number: Int) throws(ProbeProblem) -> Probe {
        guard !to.isEmpty else { throw .noRecipient }
        for address in to where address.isEmpty { throw .noRecipient }
        for address in to + [from ?? ""] where !address.isSafeInEnvelope {
            throw .badAddress(address)
        }
        if let helo, helo.isEmpty || helo.bytes.contains(where: { $0 <= 0x20 || $0 == 0x7F }) {
            throw .badHelo(helo)
        }
        let seconds = withinSeconds ?? Probe.usualLimitSeconds
        guard (1...Self.limitWithinSeconds).contains(seconds) else { throw .badLimit(seconds) }
        let expectation = try readExpectation()
        let entry = try readEntry()
        if case .local = entry, client != nil || helo != nil { throw .clientOfLocal }
        return Probe(
            name: name ?? "probe \(number)", sender: from ?? "", recipients: to,
            client: try readClient(), helo: helo, entry: entry, message: try readMessage(),
            expectation: expectation, limitSeconds: seconds)
    }

    private func readClient() throws(ProbeProblem) -> IPAddress? {
        guard let client else { return nil }
        guard let address = IPAddress(client), !address.isWildcard else {
            throw .badClient(client)
        }
        return address
    }

    private func readEntry() throws(ProbeProblem) -> Probe.Entry {
        guard let entry else { return .automatic }
        if entry == "local" { return .local(instance: "-") }
        if entry.hasPrefix("local:"), entry.count > 6 {
            return .local(instance: entry.dropFirst(6))
        }
        if let address = IPAddress(entry) {
            return .listener(ListeningSocket(address: address, port: 25))
        }
        let (host, word) = splitEndpoint(entry)
        // An address of IPv6 with a port has brackets, as everywhere in Postfix.
        guard let host, let address = IPAddress(host), address.isIPv6 == host.hasPrefix("["),
            let port = Int(word.text), (1...65535).contains(port)
        else { throw .badEntry(entry) }
        return .listener(ListeningSocket(address: address, port: port))
    }

    private func readExpectation() throws(ProbeProblem) -> Probe.Expectation {
        let implied: ByteString =
            relayedTo != nil ? "relayed" : reply != nil ? "rejected" : "delivered"
        let word = expect ?? implied
        if relayedTo != nil, word != "relayed" { throw .relayedToWithout(word) }
        if reply != nil, word != "rejected" { throw .replyWithout(word) }
        switch word {
        case "delivered": return .delivered
        case "relayed":
            guard let relayedTo else { return .relayed(to: nil) }
            guard let nextHop = NextHop(destination: relayedTo) else {
                throw .badNextHop(relayedTo)
            }
            return .relayed(to: nextHop)
        case "rejected": return .rejected(reply: reply)
        case "bounced": return .bounced
        case "deferred": return .deferred
        case "held": return .held
        case "discarded": return .discarded
        default: throw .unknownExpectation(word)
        }
    }

    private func readMessage() throws(ProbeProblem) -> Probe.Message {
        for line in headers where !line.isHeaderLine { throw .badHeader(line) }
        if let sizeBytes, !(0...Self.limitSizeBytes).contains(sizeBytes) {
            throw .badSize(sizeBytes)
        }
        var bodies: [Probe.Body] = []
        if let body { bodies.append(.text(body)) }
        if let bodyFile { bodies.append(.file(bodyFile)) }
        if let sizeBytes { bodies.append(.size(bytes: sizeBytes)) }
        guard bodies.count <= 1 else { throw .severalBodies }
        return Probe.Message(headers: headers, body: bodies.first ?? .usual)
    }
}

/// Why a written probe is none.
package enum ProbeProblem: Error, Hashable, Sendable {
    case noRecipient
    case badAddress(ByteString)
    case badHelo(ByteString)
    case badClient(ByteString)
    case badEntry(ByteString)
    /// A local submission has no client, and nobody to greet.
    case clientOfLocal
    case unknownExpectation(ByteString)
    case relayedToWithout(ByteString)
    case replyWithout(ByteString)
    case badNextHop(ByteString)
    case badHeader(ByteString)
    case badSize(Int)
    case severalBodies
    case badLimit(Int)

    /// The problem as a sentence fragment.
    package var sentence: ByteString {
        switch self {
        case .noRecipient: "there is no recipient"
        case .badAddress(let address): "'\(address)' cannot stand in an envelope"
        case .badHelo(let name): "'\(name)' is nothing that a client can say to be"
        case .badClient(let text): "'\(text)' is no numeric address of a client"
        case .badEntry(let text):
            "'\(text)' is no entry: give ADDRESS:PORT, local, or local:INSTANCE"
        case .clientOfLocal: "a local submission has neither client nor HELO name"
        case .unknownExpectation(let word):
            "'\(word)' cannot be expected; these can: "
                + Probe.Expectation.words.reduce("") { $0.isEmpty ? $1 : "\($0), \($1)" }
        case .relayedToWithout(let word): "relayed to somebody, but expected to be \(word)"
        case .replyWithout(let word): "a reply that rejects it, but expected to be \(word)"
        case .badNextHop(let text): "'\(text)' is no next hop"
        case .badHeader(let line): "'\(line)' is no header line"
        case .badSize(let bytes): "a size of \(bytes) bytes is out of range"
        case .severalBodies: "there can be only one of body, file, and size"
        case .badLimit(let seconds): "a limit of \(seconds) seconds is out of range"
        }
    }
}

extension ByteString {
    /// True if it can stand between the angle brackets of MAIL and RCPT.
    fileprivate var isSafeInEnvelope: Bool {
        bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F && $0 != 0x3C && $0 != 0x3E }
    }

    /// True for a name, a colon and text in one line.
    fileprivate var isHeaderLine: Bool {
        guard let colon = bytes.firstIndex(of: 0x3A), colon > 0 else { return false }
        return bytes[..<colon].allSatisfy { (0x21...0x7E).contains($0) }
            && bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }
}
