// Values that are lists: `a, b c`, and with members in braces: `a, { NAME = value }`.
//
// Values arrive expanded.

package import Bytes

/// The two ways in which Postfix splits the value of a parameter into members.
package enum ParameterList {
    /// The members between commas, blanks, tabs and line ends; there are no empty ones.
    package static func split(_ value: ByteString) -> [ByteString] {
        value.split { $0.isListSeparator }
    }

    /// The members, where one in braces may contain separators: mail_parm_split(3).
    ///
    /// The braces and the blanks next to them fall away.
    package static func splitBraced(
        _ value: ByteString
    ) throws(BraceFault) -> [ByteString] {
        var members: [ByteString] = []
        for member in value.splitOutsideBraces(where: { $0.isListSeparator }) {
            guard member.bytes.first == openingBrace else {
                members.append(member)
                continue
            }
            let (text, fault) = member.insideBraces
            if let fault { throw fault }
            members.append(text)
        }
        return members
    }
}

/// A member of a list that begins with a brace and is not `{text}`.
package enum BraceFault: Error, Hashable, Sendable {
    case missingBrace(text: ByteString)
    case textAfterBrace(text: ByteString)

    /// Postfix's own words for the fault.
    package var wording: ByteString {
        switch self {
        case .missingBrace(let text): "missing '}' in \"\(text)\""
        case .textAfterBrace(let text): "syntax error after '}' in \"\(text)\""
        }
    }
}

extension ByteString {
    /// The parts between separators; one within braces separates nothing: argv_splitq(3).
    func splitOutsideBraces(where isSeparator: (UInt8) -> Bool) -> [ByteString] {
        var parts: [ByteString] = []
        var part: [UInt8] = []
        var depth = 0
        for byte in bytes {
            if depth == 0, isSeparator(byte) {
                if !part.isEmpty { parts.append(ByteString(part)) }
                part = []
                continue
            }
            if byte == openingBrace { depth += 1 }
            if byte == closingBrace, depth > 0 { depth -= 1 }
            part.append(byte)
        }
        if !part.isEmpty { parts.append(ByteString(part)) }
        return parts
    }

    /// The text of `{text}` without the blanks at its ends: extpar(3).
    ///
    /// With a fault there is a text too: what a lenient reader takes for it.
    var insideBraces: (text: ByteString, fault: BraceFault?) {
        guard let length = bytes[...].balancedLength(openingBrace, closingBrace) else {
            return (ByteString(bytes.dropFirst().trimmed), .missingBrace(text: self))
        }
        let text = ByteString(bytes[1..<(length - 1)].trimmed)
        return (text, length < count ? .textAfterBrace(text: self) : nil)
    }
}

private let openingBrace = UInt8(ascii: "{")
private let closingBrace = UInt8(ascii: "}")
