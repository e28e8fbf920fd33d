// Finds the end of a message in the bytes that follow DATA, and what must not be there.
//
// Only CR LF ends a line (RFC 5321, section 2.3.8). A proxy that takes a bare CR or LF for a line
// end sees other messages than the server behind it: that is how mail is smuggled.

/// Where a scan of message content stands; fed with pieces of any size.
package struct DataScanner: Equatable, Sendable {
    /// What must not be in a message.
    package enum Violation: Equatable, Sendable {
        case bareLineFeed, bareCarriageReturn, lineTooLong
    }

    /// What a piece of content came to.
    package enum Outcome: Equatable, Sendable {
        /// The message goes on behind this piece.
        case more
        /// The message ends before this place.
        case end(Int)
        /// What is at this place must not be in a message.
        case violation(Violation, Int)
    }

    private enum Place: Equatable, Sendable {
        case lineStart, text, carriageReturn, dot, dotCarriageReturn
    }

    /// How many of the bytes so far are no part of the message itself, because they only quote a
    /// dot or end the message; its size in the sense of RFC 1870 is without them.
    private(set) var overhead = 0
    private var place = Place.lineStart
    private var lineLength = 0
    /// True from the CR LF behind a lone dot until that is told.
    private var isAtEnd = false
    private let lineLimit: Int

    /// Scans for lines of at most `lineLimit` bytes before their end; 0 sets no limit.
    package init(lineLimit: Int) { self.lineLimit = lineLimit == 0 ? .max : lineLimit }

    /// Reads from `start` on, to the end of the message, to a violation, or all of it.
    package mutating func scan(_ bytes: Span<UInt8>, from start: Int) -> Outcome {
        var position = start
        while position < bytes.count {
            if place == .text, let outcome = skipText(bytes, &position) { return outcome }
            guard position < bytes.count else { return .more }
            let byte = bytes[position]
            if let violation = step(byte) { return .violation(violation, position) }
            position += 1
            if place == .lineStart, isAtEnd {
                isAtEnd = false
                return .end(position)
            }
        }
        return .more
    }

    /// Reads from `start` on as content that is refused already: only its end counts.
    package mutating func skip(_ bytes: Span<UInt8>, from start: Int) -> Outcome {
        var position = start
        while position < bytes.count {
            switch scan(bytes, from: position) {
            case .more: return .more
            case .end(let end): return .end(end)
            case .violation(_, let place):
                // A CR may still begin a line end, even behind another one.
                lineLength = 0
                self.place = bytes[place] == .carriageReturn ? .carriageReturn : .text
                position = place + 1
            }
        }
        return .more
    }

    /// Goes to the next CR or LF of the line; only a line too long has an outcome here.
    @inline(__always)
    private mutating func skipText(_ bytes: Span<UInt8>, _ position: inout Int) -> Outcome? {
        let start = position
        position = bytes.lineBreak(from: start)
        lineLength += position - start
        guard lineLength <= lineLimit else {
            let excess = lineLength - lineLimit
            lineLength = lineLimit
            return .violation(.lineTooLong, max(start, position - excess))
        }
        return nil
    }

    /// Takes one byte at a place where it decides something.
    @inline(__always)
    private mutating func step(_ byte: UInt8) -> Violation? {
        switch (place, byte) {
        case (.carriageReturn, .lineFeed):
            place = .lineStart
            lineLength = 0
        case (.dotCarriageReturn, .lineFeed):
            place = .lineStart
            isAtEnd = true
            overhead += 1
        case (.carriageReturn, _), (.dotCarriageReturn, _): return .bareCarriageReturn
        case (_, .lineFeed): return .bareLineFeed
        case (.dot, .carriageReturn):
            place = .dotCarriageReturn
            overhead += 1
        case (_, .carriageReturn): place = .carriageReturn
        case (.lineStart, .dot):
            place = .dot
            lineLength = 1
            overhead += 1
        default:
            place = .text
            lineLength += 1
        }
        return nil
    }
}
