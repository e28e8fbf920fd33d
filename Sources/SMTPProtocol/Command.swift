// One SMTP command line, read as far as a proxy must understand it (RFC 5321, section 4.1).
//
// The next hop judges paths and parameters; nothing here may refuse what it would accept.

/// The commands that the proxy tells apart.
package enum Verb: Equatable, Sendable {
    case ehlo, helo, mail, rcpt, data, rset, noop, vrfy, expn, help, etrn, quit
    case xforward
    /// Commands of extensions that the proxy takes out of the next hop's offer.
    case bdat, startTLS, auth, xclient
    case unknown

    /// True if the proxy awaits the reply before it sends more (RFC 2920, section 3.1).
    ///
    /// RSET could be followed by more, but then replies to RCPT of two transactions would mix.
    var endsGroup: Bool {
        switch self {
        case .ehlo, .helo, .data, .rset, .noop, .vrfy, .expn, .help, .etrn, .quit: true
        default: false
        }
    }
}

/// A complete command line and where its parts are.
package struct CommandLine: Equatable, Sendable {
    /// What is to be done.
    package let verb: Verb
    /// The bytes between the verb and the end of the line, without blanks around them.
    package let argument: Range<Int>

    /// Reads the line in `range`, which has no line end.
    package init(_ bytes: Span<UInt8>, in range: Range<Int>) {
        var position = range.lowerBound
        while position < range.upperBound, !bytes[position].isBlank { position += 1 }
        verb = Verb(bytes, in: range.lowerBound..<position)
        var end = range.upperBound
        while position < end, bytes[position].isBlank { position += 1 }
        while end > position, bytes[end - 1].isBlank { end -= 1 }
        argument = position..<end
    }
}

extension Verb {
    private static let table: [(word: VerbWord, verb: Verb)] = [
        ("RCPT", .rcpt), ("MAIL", .mail), ("XFORWARD", .xforward), ("DATA", .data),
        ("EHLO", .ehlo), ("QUIT", .quit), ("RSET", .rset), ("HELO", .helo), ("NOOP", .noop),
        ("VRFY", .vrfy), ("EXPN", .expn), ("HELP", .help), ("ETRN", .etrn), ("BDAT", .bdat),
        ("STARTTLS", .startTLS), ("AUTH", .auth), ("XCLIENT", .xclient),
    ]

    fileprivate init(_ bytes: Span<UInt8>, in range: Range<Int>) {
        self = .unknown
        guard let word = VerbWord(bytes, in: range) else { return }
        for entry in Self.table where entry.word == word {
            self = entry.verb
            return
        }
    }
}

/// Up to eight letters in one number: every command is compared with all verbs.
private struct VerbWord: ExpressibleByStringLiteral, Equatable, Sendable {
    private var letters: UInt64 = 0
    private let count: Int

    init(stringLiteral value: StaticString) {
        let text = "\(value)".utf8
        count = text.count
        for letter in text { append(letter) }
    }

    init?(_ bytes: Span<UInt8>, in range: Range<Int>) {
        guard range.count <= 8 else { return nil }
        count = range.count
        for index in range { append(bytes[index]) }
    }

    private mutating func append(_ letter: UInt8) {
        letters = letters << 8 | UInt64(letter.uppercased)
    }
}

/// The path and parameters of MAIL and RCPT.
package struct PathArgument: Equatable, Sendable {
    /// The address between the angle brackets; empty for the null sender.
    package let address: Range<Int>
    /// Everything behind the path.
    package let parameters: Range<Int>

    /// Reads `FROM:<path> parameters` or `TO:<path> parameters`, or returns nil.
    ///
    /// An address without brackets, which some servers take, ends at the next blank.
    package init?(_ bytes: Span<UInt8>, in argument: Range<Int>) {
        var position = argument.lowerBound
        let end = argument.upperBound
        while position < end, bytes[position] != UInt8(ascii: ":") { position += 1 }
        guard position < end else { return nil }
        position += 1
        while position < end, bytes[position].isBlank { position += 1 }
        guard position < end else { return nil }
        guard bytes[position] == UInt8(ascii: "<") else {
            let start = position
            while position < end, !bytes[position].isBlank { position += 1 }
            address = start..<position
            parameters = position..<end
            return
        }
        let start = position + 1
        guard let close = Self.closingBracket(bytes, in: start..<end) else { return nil }
        address = start..<close
        parameters = close + 1..<end
    }

    /// The first ">" that is not inside a quoted string.
    private static func closingBracket(_ bytes: Span<UInt8>, in range: Range<Int>) -> Int? {
        var isQuoted = false
        var position = range.lowerBound
        while position < range.upperBound {
            switch bytes[position] {
            case UInt8(ascii: "\\") where isQuoted: position += 1
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: ">") where !isQuoted: return position
            default: break
            }
            position += 1
        }
        return nil
    }

    /// True if one of the parameters is this word, in any case of letters.
    package func has(_ word: StaticWord, in bytes: Span<UInt8>) -> Bool {
        var rest = parameters
        while let parameter = Self.next(&rest, in: bytes) {
            if word.matches(bytes, in: parameter) { return true }
        }
        return false
    }

    /// The bytes behind the first parameter's beginning that is this word, such as `SIZE=`.
    package func value(behind word: StaticWord, in bytes: Span<UInt8>) -> Range<Int>? {
        var rest = parameters
        while let parameter = Self.next(&rest, in: bytes) {
            let end = parameter.lowerBound + word.bytes.count
            guard end <= parameter.upperBound else { continue }
            if word.matches(bytes, in: parameter.lowerBound..<end) {
                return end..<parameter.upperBound
            }
        }
        return nil
    }

    /// The next parameter, which is taken from the rest.
    private static func next(_ rest: inout Range<Int>, in bytes: Span<UInt8>) -> Range<Int>? {
        var start = rest.lowerBound
        while start < rest.upperBound, bytes[start].isBlank { start += 1 }
        var end = start
        while end < rest.upperBound, !bytes[end].isBlank { end += 1 }
        rest = end..<rest.upperBound
        return start < end ? start..<end : nil
    }
}
