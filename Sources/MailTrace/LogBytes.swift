// Logs as bytes that are read piece by piece, since they can be far larger than memory.

/// The bytes of one log.
///
/// Reading that fails ends the log there; the owner of the file remembers why.
package protocol LogBytes: AnyObject {
    /// How many bytes there are now; a log that is written to grows.
    var sizeBytes: Int { get }

    /// Fills the beginning of `buffer` with the bytes from `offset` on; returns how many came.
    func read(into buffer: inout [UInt8], at offset: Int) -> Int
}

/// A log in memory.
package final class MemoryLog: LogBytes {
    package var bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package var sizeBytes: Int { bytes.count }

    package func read(into buffer: inout [UInt8], at offset: Int) -> Int {
        guard offset < bytes.count else { return 0 }
        let count = min(buffer.count, bytes.count - offset)
        buffer.replaceSubrange(..<count, with: bytes[offset..<(offset + count)])
        return count
    }
}

/// Reads a part of a log in whole lines through one buffer.
struct LineChunks {
    /// A quarter of a mebibyte stays in the processor's cache.
    static let bufferBytes = 1 << 18

    private let log: any LogBytes
    private var buffer = [UInt8](repeating: 0, count: LineChunks.bufferBytes)
    private var offset: Int
    private let end: Int
    /// The rest of a line that is longer than the buffer is dropped.
    private var isInLongLine = false

    /// Begins at a line's start, and takes nothing from `end` on.
    init(_ log: any LogBytes, from start: Int, to end: Int) {
        self.log = log
        offset = start
        self.end = end
    }

    /// Hands the next whole lines to `body`, with the place of the first one; false at the end.
    mutating func next(
        _ body: (_ bytes: borrowing Span<UInt8>, _ lines: Range<Int>, _ offset: Int) -> Void
    ) -> Bool {
        guard offset < end else { return false }
        let count = min(log.read(into: &buffer, at: offset), end - offset)
        guard count > 0 else { return false }
        let (lines, endsInLongLine) = wholeLines(count)
        body(buffer.span, lines, offset)
        isInLongLine = endsInLongLine
        // A file that shrank, or a long line's end, must not keep us here.
        offset += lines.upperBound > 0 ? lines.upperBound : count
        return true
    }

    /// The whole lines in the buffer's first bytes.
    private func wholeLines(_ count: Int) -> (lines: Range<Int>, endsInLongLine: Bool) {
        let bytes = buffer.span
        var start = 0
        if isInLongLine {
            while start < count, bytes[start] != 0x0A { start += 1 }
            if start == count { return (count..<count, true) }
            start += 1
        }
        var stop = count
        if offset + count == end { return (start..<stop, false) }
        while stop > start, bytes[stop - 1] != 0x0A { stop -= 1 }
        if stop == 0, count == Self.bufferBytes { return (0..<count, true) }
        return (start..<stop, false)
    }
}
