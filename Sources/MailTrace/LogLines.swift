// All lines of a log, one after the other, without copying them.

package import PostfixFormats

/// Goes through a log.
package struct LogLines {
    private let log: any LogBytes

    package init(_ log: any LogBytes) { self.log = log }

    /// Calls `body` with each line of a part of the log that has the form of one.
    ///
    /// - Parameters:
    ///   - start: Where a line begins.
    ///   - end: Nothing is read from here on.
    ///   - body: Takes the bytes, the line's place in them, its parts, and its place in the log.
    package func read(
        from start: Int, to end: Int,
        _ body: (
            _ bytes: borrowing Span<UInt8>, _ line: Range<Int>, _ head: LogHead, _ offset: Int
        ) -> Void
    ) {
        var chunks = LineChunks(log, from: start, to: end)
        while chunks.next({ bytes, lines, offset in
            var place = lines.lowerBound
            while place < lines.upperBound {
                var stop = place
                while stop < lines.upperBound, bytes[stop] != 0x0A { stop += 1 }
                if let head = LogHead(bytes, line: place..<stop) {
                    body(bytes, place..<stop, head, offset + place)
                }
                place = stop + 1
            }
        }) {}
    }

    /// The end of the last whole line; what stands behind is still being written.
    package var wholeEnd: Int {
        let size = log.sizeBytes
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let start = max(0, size - bytes.count)
        let count = min(log.read(into: &bytes, at: start), size - start)
        guard count > 0 else { return start }
        return bytes[..<count].lastIndex(of: 0x0A).map { start + $0 + 1 } ?? start
    }
}
