// The distinguished encoding rules of ASN.1, X.690, as far as certificates and keys need them; and
// the text around them, RFC 7468.

import Bytes

/// One element of the distinguished encoding rules: a tag and its content.
struct Element {
    let tag: UInt8
    let content: ArraySlice<UInt8>

    /// Reads the element at the start of the bytes; nil if it is cut off.
    init?(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        guard let tag = rest.popFirst(), let first = rest.popFirst() else { return nil }
        var length = Int(first)
        if first >= 0x80 {
            // Four bytes of length are more than any certificate needs.
            guard (0x81...0x84).contains(first), rest.count >= Int(first & 0x7F)
            else { return nil }
            length = 0
            for _ in 0..<(first & 0x7F) { length = length << 8 | Int(rest.popFirst() ?? 0) }
        }
        guard length <= rest.count else { return nil }
        self.tag = tag
        content = rest.prefix(length)
    }

    /// The elements that the content consists of; those that are cut off are left out.
    var children: [Element] {
        // Only constructed ones have any.
        guard tag & 0x20 != 0 else { return [] }
        var elements: [Element] = []
        var rest = content
        while let element = Element(rest) {
            elements.append(element)
            rest = rest[element.content.endIndex...]
        }
        return elements
    }

    /// The seconds since 1970 of a UTCTime or GeneralizedTime in the form that RFC 5280 allows.
    var time: Int? {
        var digits = content
        guard tag == 0x17 || tag == 0x18, digits.popLast() == 0x5A,
            digits.count == (tag == 0x17 ? 12 : 14), digits.allSatisfy(\.isDigit)
        else { return nil }
        func number(_ length: Int) -> Int {
            var value = 0
            for _ in 0..<length { value = value * 10 + Int(digits.removeFirst() - 0x30) }
            return value
        }
        var year = number(tag == 0x17 ? 2 : 4)
        if tag == 0x17 { year += year < 50 ? 2000 : 1900 }
        let (month, day) = (number(2), number(2))
        let (hour, minute, second) = (number(2), number(2), number(2))
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        let days = CivilTime.days(year: year, month: month, day: day)
        return days * 86_400 + hour * 3600 + minute * 60 + second
    }
}

extension Element {
    /// Reads the first block of a PEM file with that label; nil if there is none that can be read.
    init?(pem text: ByteString, label: ByteString) {
        let lines = text.split { $0 == 0x0A || $0 == 0x0D }
        guard let begin = lines.firstIndex(of: "-----BEGIN \(label)-----"),
            let end = lines[begin...].firstIndex(of: "-----END \(label)-----"),
            let bytes = Self.base64(lines[(begin + 1)..<end])
        else { return nil }
        self.init(bytes[...])
    }

    private static func base64(_ lines: ArraySlice<ByteString>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in lines.flatMap(\.bytes) where byte != 0x3D && byte != 0x20 {
            let value: UInt8
            switch byte {
            case 0x41...0x5A: value = byte - 0x41
            case 0x61...0x7A: value = byte - 0x61 + 26
            case 0x30...0x39: value = byte - 0x30 + 52
            case 0x2B: value = 62
            case 0x2F: value = 63
            default: return nil
            }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes
    }

    /// The bytes of a bit string without the number of unused bits in front; nil for others.
    var bits: ArraySlice<UInt8>? { tag == 0x03 ? content.dropFirst() : nil }
}
