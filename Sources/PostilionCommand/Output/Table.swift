// Rows in columns for people. Programs read JSON.

import Bytes

/// A table with one line a row.
struct Table {
    /// A column's heading, and how its cells stand in it.
    struct Column {
        var heading: ByteString
        var isNumber = false
        /// On a terminal that is too narrow, cells of this column are cut first.
        var mayBeCut = false
        /// If that is not enough, columns are left out, the lowest number first.
        var leftOutOrder: Int?

        init(
            _ heading: ByteString, isNumber: Bool = false, mayBeCut: Bool = false,
            leftOutOrder: Int? = nil
        ) {
            self.heading = heading
            self.isNumber = isNumber
            self.mayBeCut = mayBeCut
            self.leftOutOrder = leftOutOrder
        }
    }

    /// A piece of text and how it looks.
    struct Cell {
        var text: ByteString
        var style: Style?

        init(_ text: ByteString, _ style: Style? = nil) {
            self.text = text
            self.style = style
        }
    }

    var columns: [Column]
    var rows: [[Cell]] = []

    /// The width that a cut column keeps if leaving out others helps, and what it keeps at least.
    private static let readableWidth = 16
    private static let leastWidth = 8

    init(_ columns: [Column]) { self.columns = columns }

    /// The table as text; lines are no wider than the terminal.
    func rendered(for console: Console) -> ByteString {
        lines(for: console, columns: console.columns).joined(by: "\n") + "\n"
    }

    /// The lines of the table, its headings first, for a terminal of so many columns.
    func lines(for console: Console, columns limit: Int?) -> [ByteString] {
        let (table, widths) = fitting(limit)
        let headings = table.columns.map { Cell($0.heading, .faint) }
        let lines = ([headings] + table.rows).map { table.line($0, widths, console) }
        return limit.map { limit in lines.map { $0.cutForTerminal(columns: limit) } } ?? lines
    }

    /// The table without the columns that have to be left out, and the widths of the others.
    private func fitting(_ limit: Int?) -> (Table, [Int]) {
        var table = self
        while true {
            let widths = table.widths(limit, least: Self.readableWidth)
            guard let limit, widths.reduce(2 * (widths.count - 1), +) > limit else {
                return (table, widths)
            }
            let optional = table.columns.indices.filter { table.columns[$0].leftOutOrder != nil }
            let next = optional.min { left, right in
                (table.columns[left].leftOutOrder ?? 0) < (table.columns[right].leftOutOrder ?? 0)
            }
            guard let next else {
                return (table, table.widths(limit, least: Self.leastWidth))
            }
            table.columns.remove(at: next)
            for row in table.rows.indices { table.rows[row].remove(at: next) }
        }
    }

    private func widths(_ limit: Int?, least: Int) -> [Int] {
        var widths = columns.indices.map { column in
            ([columns[column].heading] + rows.map { $0[column].text }).map(displayWidth).max() ?? 0
        }
        guard let limit else { return widths }
        let gaps = 2 * (columns.count - 1)
        var excess = widths.reduce(gaps, +) - limit
        while excess > 0 {
            // The widest column gives first, one place at a time.
            guard
                let widest = columns.indices.filter({ columns[$0].mayBeCut })
                    .max(by: { widths[$0] < widths[$1] }),
                widths[widest] > least
            else { break }
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }

    private func line(_ cells: [Cell], _ widths: [Int], _ console: Console) -> ByteString {
        var text: ByteString = ""
        for (index, cell) in cells.enumerated() {
            let shown = cut(cell.text.printable, to: widths[index])
            let missing = max(0, widths[index] - displayWidth(shown))
            let blanks = ByteString([UInt8](repeating: 0x20, count: missing))
            let styled = cell.style.map { console.styled(shown, $0) } ?? shown
            if index > 0 { text += "  " }
            if columns[index].isNumber {
                text += blanks + styled
            } else {
                text += index == cells.count - 1 ? styled : styled + blanks
            }
        }
        return text
    }

    private func cut(_ text: ByteString, to width: Int) -> ByteString {
        if displayWidth(text) <= width { return text }
        return ByteString(text.text.prefix(max(0, width - 1)) + "…")
    }

    private func displayWidth(_ text: ByteString) -> Int {
        // Of plain text every byte is a character; to find those of other text takes long.
        text.bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7F } ? text.count : text.text.count
    }
}

extension ByteString {
    /// The text without what a terminal would obey: control characters, also those of eight bits,
    /// and marks that turn the direction of writing.
    var printable: ByteString {
        if bytes.allSatisfy({ (0x20...0x7E).contains($0) }) { return self }
        var kept = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            kept.append(scalar.isObeyedByTerminals ? "?" : scalar)
        }
        return ByteString(String(kept))
    }

    /// The line without what is beyond the terminal's width; its colours take no room.
    func cutForTerminal(columns: Int) -> ByteString {
        var kept = ""
        var width = 0
        var isCode = false
        var isCut = false
        for character in text {
            if character == "\u{1B}" { isCode = true }
            if !isCode {
                width += 1
                isCut = width > columns
            }
            if isCode || !isCut { kept.append(character) }
            if isCode, character == "m" { isCode = false }
        }
        return ByteString(kept)
    }
}

extension Unicode.Scalar {
    /// True for what changes how other characters are shown.
    fileprivate var isObeyedByTerminals: Bool {
        switch value {
        case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
