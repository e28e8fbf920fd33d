// The time of a line that has the same time stamp as the line before, which most lines have.

import Bytes

/// Remembers the last time stamp and its time.
struct StampCache {
    private var last: (text: ByteString, time: Int) = ("", 0)

    /// The time of a stamp in microseconds since 1970; nil if it is none.
    mutating func time(
        _ bytes: borrowing Span<UInt8>, _ stamp: Range<Int>, _ calendar: LogCalendar
    ) -> Int? {
        if bytes.isEqual(stamp, last.text) { return last.time }
        let text = ByteString(copying: bytes, stamp)
        guard let time = calendar.microseconds(of: text) else { return nil }
        last = (text, time)
        return time
    }
}

extension Span<UInt8> {
    fileprivate func isEqual(_ range: Range<Int>, _ text: ByteString) -> Bool {
        guard range.count == text.count else { return false }
        for index in 0..<range.count where self[range.lowerBound + index] != text.bytes[index] {
            return false
        }
        return true
    }
}
