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

        init(_ heading: ByteString, isNumber: Bool = false, mayBeCut: Bool = false) {
            self.heading = heading
            self.isNumber = isNumber
            self.mayBeCut = mayBeCut
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

    /// The least width that a cut column keeps.
    private static let leastWidth = 8

    init(_ columns: [Column]) { self.columns = columns }

    /// The table as text; lines are no wider than the terminal if the columns allow it.
    func rendered(for console: Console) -> ByteString {
        let widths = widths(console.columns)
        var text = line(columns.map { Cell($0.heading, .faint) }, widths, console)
        for row in rows { text += line(row, widths, console) }
        return text
    }

    private func widths(_ limit: Int?) -> [Int] {
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
                widths[widest] > Self.leastWidth
            else { break }
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }

    private func line(_ cells: [Cell], _ widths: [Int], _ console: Console) -> ByteString {
        var text: ByteString = ""
        for (index, cell) in cells.enumerated() {
            let shown = cut(printable(cell.text), to: widths[index])
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
        return text + "\n"
    }

    private func cut(_ text: ByteString, to width: Int) -> ByteString {
        if displayWidth(text) <= width { return text }
        return ByteString(text.text.prefix(max(0, width - 1)) + "…")
    }

    private func displayWidth(_ text: ByteString) -> Int { text.text.count }

    /// The text without what would move the cursor of a terminal.
    private func printable(_ text: ByteString) -> ByteString {
        ByteString(text.bytes.map { $0 < 0x20 || $0 == 0x7F ? 0x3F : $0 })
    }
}
