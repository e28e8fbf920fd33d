// Bytes as SMTP sees them. Nothing here may depend on a locale.

extension UInt8 {
    static let carriageReturn: UInt8 = 0x0D
    static let lineFeed: UInt8 = 0x0A
    static let dot = UInt8(ascii: ".")

    /// Space or tab: what separates the words of a command.
    @inline(__always)
    var isBlank: Bool { self == 0x20 || self == 0x09 }

    @inline(__always)
    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

    /// The same letter in upper case; other bytes stay.
    @inline(__always)
    var uppercased: UInt8 { self >= 0x61 && self <= 0x7A ? self & 0xDF : self }

    /// The value of a hexadecimal digit in upper or lower case, or nil.
    var hexadecimalValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}

/// A keyword in upper case, to be compared with bytes in any case.
package struct StaticWord: ExpressibleByStringLiteral, Equatable, Sendable {
    let bytes: [UInt8]

    package init(stringLiteral value: StaticString) { bytes = Array("\(value)".utf8) }

    /// True if the bytes in `range` are this word.
    func matches(_ text: Span<UInt8>, in range: Range<Int>) -> Bool {
        guard range.count == bytes.count else { return false }
        for index in 0..<bytes.count
        where text[range.lowerBound + index].uppercased != bytes[index] {
            return false
        }
        return true
    }
}

extension Span<UInt8> {
    /// The bytes in `range`, as an array of their own.
    func copy(_ range: Range<Int>) -> [UInt8] {
        var copy: [UInt8] = []
        copy.reserveCapacity(range.count)
        for index in range { copy.append(self[index]) }
        return copy
    }

    /// The place of the next line feed from `start` on, or nil.
    func lineFeed(from start: Int) -> Int? {
        var position = start
        while position < count {
            if self[position] == .lineFeed { return position }
            position += 1
        }
        return nil
    }
}
