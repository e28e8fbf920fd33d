// Text of any language in header fields, as RFC 2047 has it.

/// Writes encoded words.
enum EncodedWords {
    /// An encoded word has 75 characters at most, those around the text among them.
    private static let roomPerWord = 60

    /// The text as it is if it is ASCII, else in encoded words.
    static func text(_ text: String) -> String {
        guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return text }
        var words: [String] = []
        var word = ""
        for character in text {
            let encoded = character.utf8.map(quoted).joined()
            // A character must not be cut, unless it alone is too long for a word.
            if word.utf8.count + encoded.utf8.count > roomPerWord, !word.isEmpty {
                words.append(word)
                word = ""
            }
            word += encoded
        }
        words.append(word)
        return words.map { "=?utf-8?q?\($0)?=" }.joined(separator: "\n ")
    }

    private static func quoted(_ byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: " "): return "_"
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            return String(Unicode.Scalar(byte))
        default:
            let digits = String(byte, radix: 16, uppercase: true)
            return "=" + (digits.count < 2 ? "0" : "") + digits
        }
    }
}
