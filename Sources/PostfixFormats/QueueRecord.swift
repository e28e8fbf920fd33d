// The records that a queue file is made of: rec_type.h, record.c.
//
// A record is a type byte, the length in base 128 with the least digit first and a high bit while
// more follow, and the data. What records mean is told elsewhere.

/// Where a record of a queue file lies within the bytes at hand.
struct QueueRecord {
    let type: UInt8
    /// The data; its end may lie behind the bytes at hand.
    let data: Range<Int>

    /// The longest length that is read has four digits: 256 MiB.
    private static let limitDigits = 4

    /// What the bytes at a place are.
    enum Reading {
        case record(QueueRecord)
        /// The length goes on behind the bytes at hand.
        case cutOff
        /// No record has such a length.
        case damaged
    }

    /// Reads type and length of the record at a place.
    static func read(_ bytes: borrowing Span<UInt8>, at place: Int) -> Reading {
        guard place < bytes.count else { return .cutOff }
        var length = 0
        for digit in 0..<limitDigits {
            let next = place + 1 + digit
            guard next < bytes.count else { return .cutOff }
            length |= Int(bytes[next] & 0x7F) << (7 * digit)
            if bytes[next] & 0x80 == 0 {
                let start = next + 1
                return .record(QueueRecord(type: bytes[place], data: start..<(start + length)))
            }
        }
        return .damaged
    }
}

extension Span<UInt8> {
    /// The number that stands at the start of a range, after blanks; nil if none does.
    func leadingNumber(in range: Range<Int>) -> Int? {
        var place = range.lowerBound
        while place < range.upperBound, self[place] == 0x20 { place += 1 }
        var number: Int?
        while place < range.upperBound, self[place].isDigit {
            let (product, isTooLarge) = (number ?? 0).multipliedReportingOverflow(by: 10)
            let (sum, overflows) = product.addingReportingOverflow(Int(self[place] - 0x30))
            if isTooLarge || overflows { return nil }
            number = sum
            place += 1
        }
        return number
    }
}
