// Finds the lines that hold any of some texts, at a fraction of the cost of reading every line.
//
// Looks at every n-th byte only: of the last three bytes of a window as long as the shortest text,
// a table tells how far the window can move without missing one (Wu and Manber, 1994).

package import Bytes

/// A text that lines are searched for.
package struct Needle: Hashable, Sendable {
    package var text: ByteString
    /// Letters of ASCII match in both cases.
    package var ignoresCase: Bool

    package init(text: ByteString, ignoresCase: Bool = false) {
        self.text = text
        self.ignoresCase = ignoresCase
    }
}

/// A search for several texts at once.
package struct LineSearch {
    private let needles: [Needle]
    private let windowBytes: Int
    /// By the window's last three bytes: how far it moves.
    ///
    /// Small enough for the fastest cache.
    private var moves: [UInt8]
    /// By the same: the first of the texts whose window ends so, or -1.
    private var first: [Int32]
    /// The next text with the same end, or -1.
    private var next: [Int32]

    /// A shorter text would leave nothing to look at.
    package static let leastBytes = 3

    /// Prepares a search; texts that are too short are left out.
    package init(_ wanted: [Needle]) {
        let needles = wanted.filter { $0.text.count >= Self.leastBytes }
        self.needles = needles
        windowBytes = min(needles.map(\.text.count).min() ?? Self.leastBytes, 200)
        moves = [UInt8](repeating: UInt8(windowBytes - 2), count: 1 << 15)
        first = [Int32](repeating: -1, count: 1 << 15)
        next = [Int32](repeating: -1, count: needles.count)
        for (index, needle) in needles.enumerated() {
            let bytes = needle.text.bytes
            for end in 2..<windowBytes {
                let block = Self.block(bytes[end - 2], bytes[end - 1], bytes[end])
                moves[block] = min(moves[block], UInt8(windowBytes - 1 - end))
                guard end == windowBytes - 1 else { continue }
                next[index] = first[block]
                first[block] = Int32(index)
            }
        }
    }

    /// Three bytes as an index; letters are the same in both cases, and some others, too.
    @inline(__always)
    private static func block(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Int {
        Int(first & 0x1F) | Int(second & 0x1F) << 5 | Int(third & 0x1F) << 10
    }

    /// Calls `found` with each line of a log, from one place to another, that holds a text.
    package func lines(
        of log: any LogBytes, from start: Int, to end: Int, found: (ByteString, Int) -> Void
    ) {
        if needles.isEmpty { return }
        var chunks = LineChunks(log, from: start, to: end)
        while chunks.next({ search($0, $1, $2, found) }) {}
    }

    private func search(
        _ bytes: borrowing Span<UInt8>, _ lines: Range<Int>, _ offset: Int,
        _ found: (ByteString, Int) -> Void
    ) {
        let moves = moves.span
        let end = lines.upperBound
        var lineStart = lines.lowerBound
        var place = lineStart + windowBytes - 1
        while place < end {
            let block = Self.block(bytes[place - 2], bytes[place - 1], bytes[place])
            let move = moves[block]
            if move > 0 {
                place += Int(move)
                continue
            }
            guard isMatch(bytes, endingAt: place, block, end) else {
                place += 1
                continue
            }
            var start = place - windowBytes + 1
            while start > lineStart, bytes[start - 1] != 0x0A { start -= 1 }
            var stop = place
            while stop < end, bytes[stop] != 0x0A { stop += 1 }
            var line: [UInt8] = []
            line.reserveCapacity(stop - start)
            for index in start..<stop { line.append(bytes[index]) }
            found(ByteString(line), offset + start)
            lineStart = min(stop + 1, end)
            place = lineStart + windowBytes - 1
        }
    }

    /// True if a text stands where a window ends.
    private func isMatch(
        _ bytes: borrowing Span<UInt8>, endingAt place: Int, _ block: Int, _ end: Int
    ) -> Bool {
        var index = first[block]
        let start = place - windowBytes + 1
        while index >= 0 {
            let needle = needles[Int(index)]
            let text = needle.text.bytes.span
            if start + text.count <= end {
                var matched = 0
                while matched < text.count {
                    let (left, right) = (bytes[start + matched], text[matched])
                    if left != right, !needle.ignoresCase || !isSameLetter(left, right) { break }
                    matched += 1
                }
                if matched == text.count { return true }
            }
            index = next[Int(index)]
        }
        return false
    }
}

/// True for a letter of ASCII in both cases.
private func isSameLetter(_ left: UInt8, _ right: UInt8) -> Bool {
    left ^ right == 0x20 && (0x61...0x7A).contains(left | 0x20)
}

extension ByteString {
    /// True if a text occurs; letters of ASCII match in both cases.
    func containsIgnoringCase(_ text: ByteString) -> Bool {
        guard !text.isEmpty else { return true }
        guard count >= text.count else { return false }
        return (0...(count - text.count)).contains { start in
            text.bytes.indices.allSatisfy { index in
                let (left, right) = (bytes[start + index], text.bytes[index])
                return left == right || isSameLetter(left, right)
            }
        }
    }
}
