// Replies: reading those of a server and writing our own (RFC 5321, section 4.2).

/// A complete reply in the bytes that a server sent.
package struct ReplyExtent: Equatable, Sendable {
    /// The three digits, 200 to 599.
    package let code: Int
    /// All its lines with their ends.
    package let range: Range<Int>

    /// True if what was asked has been done.
    var isDone: Bool { (200...299).contains(code) }
    /// True if it has not, for now or for good.
    var isRefused: Bool { code >= 400 }
}

/// What the bytes at hand hold of a reply.
package enum ReplyScan: Equatable, Sendable {
    case incomplete
    case complete(ReplyExtent)
    /// What a server must not say: lines that end otherwise, without a code, or without an end.
    case malformed

    /// The longest reply that is read, in bytes.
    package static let sizeLimit = 65_536

    /// Looks for the reply that begins at `start`.
    package init(_ bytes: Span<UInt8>, from start: Int) {
        var line = start
        var code: Int?
        while let end = bytes.lineFeed(from: line) {
            guard end - start < Self.sizeLimit, let parts = Self.parts(bytes, line..<end),
                code ?? parts.code == parts.code
            else {
                self = .malformed
                return
            }
            code = parts.code
            line = end + 1
            if parts.isLast {
                self = .complete(ReplyExtent(code: parts.code, range: start..<line))
                return
            }
        }
        self = bytes.count - start < Self.sizeLimit ? .incomplete : .malformed
    }

    /// The code of a line that ends before its LF, and whether it is the reply's last.
    private static func parts(_ bytes: Span<UInt8>, _ line: Range<Int>) -> (
        code: Int, isLast: Bool
    )? {
        guard line.count >= 4, bytes[line.upperBound - 1] == .carriageReturn else { return nil }
        var code = 0
        for index in line.lowerBound..<line.lowerBound + 3 {
            guard bytes[index].isDigit else { return nil }
            code = code * 10 + Int(bytes[index] - UInt8(ascii: "0"))
        }
        guard (200...599).contains(code) else { return nil }
        let separator = bytes[line.lowerBound + 3]
        switch separator {
        case UInt8(ascii: "-"): return (code, false)
        case UInt8(ascii: " "): return (code, true)
        case .carriageReturn where line.count == 4: return (code, true)
        default: return nil
        }
    }
}

/// A reply of our own, one line.
package struct OwnReply: Equatable, Sendable {
    /// The line with its end.
    package let line: [UInt8]

    /// A reply with its code, its enhanced code (RFC 3463) and a reason in ASCII.
    ///
    /// What is no printable ASCII in the reason is replaced, and it is cut where the line would
    /// get longer than the 512 bytes that clients must take.
    package init(_ code: Int, _ enhanced: String, _ reason: String) {
        let text = "\(code) \(enhanced) \(reason)"
        line =
            text.utf8.prefix(510).map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: "?") }
            + [.carriageReturn, .lineFeed]
    }

    /// The reply of another server, taken over as it is.
    package init(verbatim bytes: [UInt8]) { line = bytes }
}
