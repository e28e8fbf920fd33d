// From the form of a message that goes over the wire to the message itself.

/// Takes away the dot in front of lines that begin with one (RFC 5321, section 4.5.2), and the
/// lone dot at the end; fed with pieces of any size that are known to be sound.
package struct DotUnstuffing: Equatable, Sendable {
    private var isLineStart = true

    package init() {}

    /// The part of the message that a piece holds, as ranges of the piece.
    ///
    /// The piece that ends the message must end with its ".CRLF" whole: `isLast` says which.
    package mutating func ranges(_ bytes: Span<UInt8>, isLast: Bool) -> [Range<Int>] {
        let end = isLast ? bytes.count - 3 : bytes.count
        var ranges: [Range<Int>] = []
        var start = 0
        var position = 0
        while position < end {
            if isLineStart, bytes[position] == .dot {
                if start < position { ranges.append(start..<position) }
                start = position + 1
            }
            guard let next = bytes.lineFeed(from: position), next < end else {
                isLineStart = false
                break
            }
            isLineStart = true
            position = next + 1
        }
        if start < end { ranges.append(start..<end) }
        return ranges
    }
}
