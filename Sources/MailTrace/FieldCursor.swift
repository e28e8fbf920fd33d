// Goes through the text of a line from left to right.
//
// Addresses, replies and header lines hold whatever a stranger sent, so fields are taken in the
// order in which Postfix writes them and are never searched for by name.

import Bytes

/// A place in a text, and what can be taken from there on.
struct FieldCursor {
    private let bytes: [UInt8]
    private(set) var place: Int

    init(_ text: ByteString) {
        bytes = text.bytes
        place = 0
    }

    var isAtEnd: Bool { place == bytes.count }

    /// All that was not taken yet.
    var rest: ByteString { ByteString(bytes[place...]) }

    /// True if `word` comes next.
    func sees(_ word: StaticString) -> Bool {
        let length = word.utf8CodeUnitCount
        guard bytes.count - place >= length else { return false }
        var index = place
        for byte in "\(word)".utf8 {
            if bytes[index] != byte { return false }
            index += 1
        }
        return true
    }

    /// Takes `word` if it comes next.
    mutating func take(_ word: StaticString) -> Bool {
        guard sees(word) else { return false }
        place += word.utf8CodeUnitCount
        return true
    }

    /// Takes all before `end`, and `end`; nothing if `end` does not come.
    mutating func takeUpTo(_ end: StaticString) -> ByteString? {
        let start = place
        var probe = self
        while !probe.sees(end) {
            guard probe.place < bytes.count else { return nil }
            probe.place += 1
        }
        place = probe.place + end.utf8CodeUnitCount
        return ByteString(bytes[start..<probe.place])
    }

    /// Takes the bytes that satisfy a condition.
    mutating func take(while condition: (UInt8) -> Bool) -> ByteString {
        let start = place
        while place < bytes.count, condition(bytes[place]) { place += 1 }
        return ByteString(bytes[start..<place])
    }

    /// Takes a number of at most nine digits.
    mutating func takeNumber() -> Int? {
        let digits = take { (0x30...0x39).contains($0) }
        return digits.count <= 9 ? Int(digits.text) : nil
    }

    /// Takes "<address>"; an address has its local part in quotes if that holds special characters.
    mutating func takeAddress() -> ByteString? {
        let start = place
        guard take("<") else { return nil }
        var isQuoted = false
        while place < bytes.count {
            switch bytes[place] {
            case 0x5C where isQuoted: place += 1  // What follows a backslash is no end.
            case 0x22: isQuoted.toggle()
            case 0x3E where !isQuoted:
                place += 1
                return ByteString(bytes[(start + 1)..<(place - 1)])
            default: break
            }
            place = min(place + 1, bytes.count)
        }
        // Quotes that never end are no quotes.
        place = start + 1
        return takeUpTo(">")
    }
}
