// What the escapes in quoted keys stand for. Values are unescaped by the reader of values.

/// The escapes of basic strings.
enum TOMLEscapes {
    /// The text that the inside of a basic string on one line stands for.
    static func decoded(_ raw: [UInt8]) -> String {
        var text = String.UnicodeScalarView()
        var rest = String(decoding: raw, as: UTF8.self).unicodeScalars[...]
        while let scalar = rest.popFirst() {
            guard scalar == "\\", let letter = rest.popFirst() else {
                text.append(scalar)
                continue
            }
            text.append(self.scalar(after: letter, in: &rest))
        }
        return String(text)
    }

    private static func scalar(
        after letter: Unicode.Scalar, in rest: inout Substring.UnicodeScalarView
    ) -> Unicode.Scalar {
        switch letter {
        case "b": return "\u{8}"
        case "t": return "\t"
        case "n": return "\n"
        case "f": return "\u{C}"
        case "r": return "\r"
        case "u", "U":
            let count = letter == "u" ? 4 : 8
            let digits = String(rest.prefix(count))
            rest = rest.dropFirst(count)
            return UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init) ?? "\u{FFFD}"
        default: return letter
        }
    }
}
