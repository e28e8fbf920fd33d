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
        let place = first(from: start, .lineFeed, .lineFeed)
        return place < count ? place : nil
    }

    /// The place of the next CR or LF from `start` on, or the end.
    func lineBreak(from start: Int) -> Int { first(from: start, .carriageReturn, .lineFeed) }

    /// The place of the next byte that is one of two, or the end.
    ///
    /// Takes eight bytes at once, because every byte of every message passes here.
    @inline(__always)
    private func first(from start: Int, _ one: UInt8, _ other: UInt8) -> Int {
        var position = start
        while count - position >= 8 {
            let eight = extracting(position..<position + 8)
            var word: UInt64 = 0
            for index in 0..<8 { word |= UInt64(eight[index]) << UInt64(8 * index) }
            let found = word.mark(one) | word.mark(other)
            guard found == 0 else { return position + found.trailingZeroBitCount / 8 }
            position += 8
        }
        while position < count, self[position] != one, self[position] != other { position += 1 }
        return position
    }
}

extension UInt64 {
    /// A number whose lowest bit that is set is in the lowest byte that equals this one; 0 if none
    /// does.
    fileprivate func mark(_ byte: UInt8) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let difference = self ^ ones &* UInt64(byte)
        return (difference &- ones) & ~difference & ones << 7
    }
}
