// The character classes that Postfix's parsers go by, and C's idea of where a string ends.
//
// Nothing here may depend on a locale: Postfix calls only ASCII bytes blank, digit or letter.

import Bytes

extension UInt8 {
    /// ISSPACE of Postfix: what separates, pads and continues in configuration files.
    @inline(__always)
    var isSpace: Bool { self == 0x20 || (self >= 0x09 && self <= 0x0D) }

    /// CHARS_SPACE of Postfix, which unlike `isSpace` leaves out vertical tab and form feed.
    @inline(__always)
    var isWordSeparator: Bool { self == 0x20 || self == 0x09 || self == 0x0D || self == 0x0A }

    /// CHARS_COMMA_SP of Postfix: what separates the members of a list.
    @inline(__always)
    var isListSeparator: Bool { isWordSeparator || self == UInt8(ascii: ",") }

    @inline(__always)
    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

    /// A letter or a digit.
    var isAlphanumeric: Bool {
        isDigit || (self | 0x20 >= UInt8(ascii: "a") && self | 0x20 <= UInt8(ascii: "z"))
    }

    /// A character that a parameter name may have in `$name`.
    var isNameCharacter: Bool { isAlphanumeric || self == UInt8(ascii: "_") }
}

extension ArraySlice<UInt8> {
    /// The slice without blanks at its ends.
    var trimmed: ArraySlice<UInt8> {
        var rest = self
        while let first = rest.first, first.isSpace { rest.removeFirst() }
        while let last = rest.last, last.isSpace { rest.removeLast() }
        return rest
    }

    /// The part in front of the first null byte: what a C program sees of it.
    var asCString: ArraySlice<UInt8> { prefix { $0 != 0 } }
}

extension ByteString {
    /// The text with a blank for each newline and null byte, which in a file would end its line.
    var oneLine: ByteString {
        ByteString(bytes.map { $0 == 0 || $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 })
    }
}

extension Span<UInt8> {
    /// The first position of a byte at or after `start`; the count if there is none.
    func position(of byte: UInt8, from start: Int) -> Int {
        // Counted from zero, which spares a check of the bounds for every byte.
        let rest = extracting(start..<count)
        var offset = 0
        // The processor looks at a block at once if nothing in it depends on what was found.
        while offset + blockLength <= rest.count,
            !rest.extracting(offset..<(offset + blockLength)).blockHolds(byte)
        {
            offset += blockLength
        }
        while offset < rest.count, rest[offset] != byte { offset += 1 }
        return start + offset
    }

    /// True if the byte is among the first ones, as many as a block has.
    @inline(__always)
    private func blockHolds(_ byte: UInt8) -> Bool {
        var difference = UInt8.max
        for index in 0..<blockLength { difference = Swift.min(difference, self[index] ^ byte) }
        return difference == 0
    }

    /// Below zero if these bytes come before the others in the order of strcmp(3), zero if they
    /// are the same, above zero otherwise.
    func order(to other: Span<UInt8>) -> Int {
        for index in 0..<Swift.min(count, other.count) where self[index] != other[index] {
            return Int(self[index]) - Int(other[index])
        }
        return count - other.count
    }
}

/// The bytes that are looked at together; most lines of a configuration file are longer.
private let blockLength = 16
