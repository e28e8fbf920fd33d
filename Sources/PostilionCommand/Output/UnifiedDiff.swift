// The difference of two texts in the form that diff -u prints and patch(1) reads. Pure.
//
// The shortest edit script by Myers' greedy algorithm, with a limit on its length.

import Bytes

/// A unified diff of one file.
struct UnifiedDiff {
    /// One line of the diff without its end.
    struct Line: Hashable {
        /// What a line tells.
        enum Kind: Hashable { case header, hunk, same, removed, added, remark }

        var kind: Kind
        var text: ByteString
    }

    /// The lines in order; none if the texts are equal.
    let lines: [Line]

    /// Lines of context around a change, as diff(1) gives by default.
    private static let context = 3
    /// More differing lines than these are shown as one block: the search is quadratic in them.
    private static let limitEdits = 500

    /// Compares two texts; nil stands for a file that does not exist.
    init(path: ByteString, old: ByteString?, new: ByteString?) {
        guard old != new else {
            lines = []
            return
        }
        let oldLines = Self.split(old ?? "")
        let newLines = Self.split(new ?? "")
        let edits = Self.edits(oldLines, newLines)
        var lines = [
            Line(kind: .header, text: old == nil ? "--- /dev/null" : "--- \(path)"),
            Line(kind: .header, text: new == nil ? "+++ /dev/null" : "+++ \(path)"),
        ]
        for range in Self.hunks(edits) {
            lines += Self.hunk(edits, range, oldLines, newLines)
        }
        self.lines = lines
    }

    /// The diff as text.
    var text: ByteString {
        var text: ByteString = ""
        for line in lines { text += line.text + "\n" }
        return text
    }

    /// The lines of a text, each with its end, which the last one may lack.
    private static func split(_ text: ByteString) -> [ByteString] {
        var lines: [ByteString] = []
        var rest = text.bytes[...]
        while let end = rest.firstIndex(of: 0x0A) {
            lines.append(ByteString(rest[...end]))
            rest = rest[(end + 1)...]
        }
        if !rest.isEmpty { lines.append(ByteString(rest)) }
        return lines
    }

    // MARK: hunks

    /// The index ranges of edits that are shown together, with their context.
    private static func hunks(_ edits: [Edit]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        for (index, edit) in edits.enumerated() where edit.kind != .same {
            let start = max(0, index - context)
            let end = min(edits.count, index + context + 1)
            if let last = ranges.last, start <= last.upperBound {
                ranges[ranges.count - 1] = last.lowerBound..<end
            } else {
                ranges.append(start..<end)
            }
        }
        return ranges
    }

    private static func hunk(
        _ edits: [Edit], _ range: Range<Int>, _ old: [ByteString], _ new: [ByteString]
    ) -> [Line] {
        let part = edits[range]
        let oldCount = part.count { $0.kind != .added }
        let newCount = part.count { $0.kind != .removed }
        guard let first = part.first else { return [] }
        let oldPlace = place(first.oldIndex, oldCount)
        let newPlace = place(first.newIndex, newCount)
        var lines = [Line(kind: .hunk, text: "@@ -\(oldPlace) +\(newPlace) @@")]
        for edit in part {
            let line = edit.kind == .added ? new[edit.newIndex] : old[edit.oldIndex]
            let mark: ByteString =
                switch edit.kind {
                case .same: " "
                case .removed: "-"
                case .added: "+"
                }
            let hasEnd = line.hasSuffix("\n")
            let text = hasEnd ? ByteString(line.bytes.dropLast()) : line
            lines.append(Line(kind: edit.kind.lineKind, text: mark + text))
            if !hasEnd {
                lines.append(Line(kind: .remark, text: "\\ No newline at end of file"))
            }
        }
        return lines
    }

    /// First line and number of lines; the number is left out if it is one.
    private static func place(_ index: Int, _ count: Int) -> ByteString {
        // A range without lines is named by the line before it.
        let first = count == 0 ? index : index + 1
        return count == 1 ? "\(first)" : "\(first),\(count)"
    }
}

extension UnifiedDiff {
    /// One line kept, removed or added, and where it is in both texts.
    private struct Edit {
        enum Kind {
            case same, removed, added

            var lineKind: Line.Kind {
                switch self {
                case .same: .same
                case .removed: .removed
                case .added: .added
                }
            }
        }

        var kind: Kind
        var oldIndex: Int
        var newIndex: Int
    }

    /// The edits that lead from one text to the other.
    private static func edits(_ old: [ByteString], _ new: [ByteString]) -> [Edit] {
        var start = 0
        while start < min(old.count, new.count), old[start] == new[start] { start += 1 }
        var end = 0
        while end < min(old.count, new.count) - start,
            old[old.count - 1 - end] == new[new.count - 1 - end]
        {
            end += 1
        }
        let oldRange = start..<(old.count - end)
        let newRange = start..<(new.count - end)
        var edits = (0..<start).map { Edit(kind: .same, oldIndex: $0, newIndex: $0) }
        edits += shortest(old, oldRange, new, newRange) ?? replaced(oldRange, newRange)
        for index in 0..<end {
            edits.append(
                Edit(
                    kind: .same, oldIndex: oldRange.upperBound + index,
                    newIndex: newRange.upperBound + index))
        }
        return edits
    }

    /// All of the one removed and all of the other added.
    private static func replaced(_ old: Range<Int>, _ new: Range<Int>) -> [Edit] {
        old.map { Edit(kind: .removed, oldIndex: $0, newIndex: new.lowerBound) }
            + new.map { Edit(kind: .added, oldIndex: old.upperBound, newIndex: $0) }
    }

    /// The shortest script, or nil if it has too many edits.
    private static func shortest(
        _ old: [ByteString], _ oldRange: Range<Int>, _ new: [ByteString], _ newRange: Range<Int>
    ) -> [Edit]? {
        // The furthest place in the old text on each diagonal, for each number of edits.
        var furthest = [1: 0]
        var history: [[Int: Int]] = []
        for edits in 0...min(limitEdits, oldRange.count + newRange.count) {
            history.append(furthest)
            for diagonal in stride(from: -edits, through: edits, by: 2) {
                var x = firstStep(furthest, diagonal, edits)
                while x < oldRange.count, x - diagonal < newRange.count,
                    old[oldRange.lowerBound + x] == new[newRange.lowerBound + x - diagonal]
                {
                    x += 1
                }
                furthest[diagonal] = x
                if x >= oldRange.count, x - diagonal >= newRange.count {
                    return script(history, oldRange, newRange)
                }
            }
        }
        return nil
    }

    /// Where a diagonal is entered: from the one that has come further.
    private static func firstStep(_ furthest: [Int: Int], _ diagonal: Int, _ edits: Int) -> Int {
        let below = furthest[diagonal - 1] ?? -1
        let above = furthest[diagonal + 1] ?? -1
        return isFromAbove(below, above, diagonal, edits) ? above : below + 1
    }

    private static func isFromAbove(
        _ below: Int, _ above: Int, _ diagonal: Int, _ edits: Int
    ) -> Bool {
        diagonal == -edits || (diagonal != edits && below < above)
    }

    /// The script, found by going back from the ends of both texts.
    private static func script(
        _ history: [[Int: Int]], _ old: Range<Int>, _ new: Range<Int>
    ) -> [Edit] {
        var edits: [Edit] = []
        var (x, y) = (old.count, new.count)
        func add(_ kind: Edit.Kind) {
            edits.append(
                Edit(kind: kind, oldIndex: old.lowerBound + x, newIndex: new.lowerBound + y))
        }
        for (count, furthest) in history.enumerated().reversed() {
            let diagonal = x - y
            let below = furthest[diagonal - 1] ?? -1
            let above = furthest[diagonal + 1] ?? -1
            let isAdded = isFromAbove(below, above, diagonal, count)
            let previousX = count == 0 ? 0 : isAdded ? above : below
            let previousY = count == 0 ? 0 : previousX - (isAdded ? diagonal + 1 : diagonal - 1)
            while x > previousX, y > previousY, x > 0, y > 0 {
                x -= 1
                y -= 1
                add(.same)
            }
            guard count > 0 else { break }
            if isAdded { y -= 1 } else { x -= 1 }
            add(isAdded ? .added : .removed)
        }
        return edits.reversed()
    }
}
