// What is known of a message besides its content.

/// Sender, recipients and origin of a message.
package struct Envelope: Equatable, Sendable {
    /// What HELO or EHLO named, empty if nothing has.
    package var hello: [UInt8] = []
    /// The address of MAIL FROM, without angle brackets; empty for bounces.
    package var sender: [UInt8] = []
    /// The accepted addresses of RCPT TO, in order, if the policy asks to keep them.
    package var recipients: [[UInt8]] = []
    /// How many recipients the next hop has accepted.
    package var accepted = 0
    /// How many recipients the next hop has refused.
    package var refused = 0
    /// What XFORWARD told, without attributes that are unavailable.
    package var origin = Origin()

    package init() {}
}

/// The attributes of the XFORWARD command (Postfix's XFORWARD_README): a remote client that
/// another server speaks for.
package struct Origin: Equatable, Sendable {
    /// The client's host name.
    package var name: [UInt8] = []
    /// The client's network address.
    package var address: [UInt8] = []
    /// The client's port.
    package var port: [UInt8] = []
    /// The protocol by which the message came, SMTP or ESMTP.
    package var protocolName: [UInt8] = []
    /// What the client named itself.
    package var hello: [UInt8] = []
    /// The queue ID at the server that forwards.
    package var ident: [UInt8] = []
    /// LOCAL or REMOTE.
    package var source: [UInt8] = []

    package init() {}

    /// Takes over what an XFORWARD command tells; the next hop judges its form.
    ///
    /// Attributes that nobody here knows reach the next hop all the same.
    mutating func read(_ bytes: Span<UInt8>, in argument: Range<Int>) {
        var position = argument.lowerBound
        while position < argument.upperBound {
            while position < argument.upperBound, bytes[position].isBlank { position += 1 }
            let start = position
            var equals: Int?
            while position < argument.upperBound, !bytes[position].isBlank {
                if equals == nil, bytes[position] == UInt8(ascii: "=") { equals = position }
                position += 1
            }
            guard let equals else { continue }
            set(bytes, name: start..<equals, Self.decodeXtext(bytes, in: equals + 1..<position))
        }
    }

    private mutating func set(_ bytes: Span<UInt8>, name range: Range<Int>, _ told: [UInt8]) {
        let value = told == Self.unavailable ? [] : told
        if Self.nameWord.matches(bytes, in: range) { name = value }
        if Self.addressWord.matches(bytes, in: range) { address = value }
        if Self.portWord.matches(bytes, in: range) { port = value }
        if Self.protocolWord.matches(bytes, in: range) { protocolName = value }
        if Self.helloWord.matches(bytes, in: range) { hello = value }
        if Self.identWord.matches(bytes, in: range) { ident = value }
        if Self.sourceWord.matches(bytes, in: range) { source = value }
    }

    private static let unavailable = Array("[UNAVAILABLE]".utf8)
    private static let nameWord: StaticWord = "NAME"
    private static let addressWord: StaticWord = "ADDR"
    private static let portWord: StaticWord = "PORT"
    private static let protocolWord: StaticWord = "PROTO"
    private static let helloWord: StaticWord = "HELO"
    private static let identWord: StaticWord = "IDENT"
    private static let sourceWord: StaticWord = "SOURCE"

    /// The bytes that xtext stands for (RFC 1891, section 5); what is no xtext stays.
    static func decodeXtext(_ bytes: Span<UInt8>, in range: Range<Int>) -> [UInt8] {
        var decoded: [UInt8] = []
        var position = range.lowerBound
        while position < range.upperBound {
            if bytes[position] == UInt8(ascii: "+"), position + 2 < range.upperBound,
                let high = bytes[position + 1].hexadecimalValue,
                let low = bytes[position + 2].hexadecimalValue
            {
                decoded.append(high << 4 | low)
                position += 3
            } else {
                decoded.append(bytes[position])
                position += 1
            }
        }
        return decoded
    }
}
