// The shape of queues for people: one table, a part for each instance, bars on a terminal.

import Bytes
import Instances

/// Shows how mail waits.
struct QueueShapeText {
    private let console: Console
    private let top: Int

    /// The longest bar.
    private static let barColumns = 20

    init(_ console: Console, top: Int) {
        self.console = console
        self.top = top
    }

    /// The table: each instance with its domains, and all together if there are several.
    func text(_ shapes: [(name: ByteString, shape: QueueShape)], total: QueueShape) -> ByteString {
        let filled = shapes.filter { $0.shape.total.contains { $0 > 0 } }
        let sum = total.total.reduce(0, +)
        if sum == 0 { return "no messages\n" }
        var table = Table(
            [.init("INSTANCE", mayBeCut: true), .init("DOMAIN", mayBeCut: true)]
                + [.init("T", isNumber: true)]
                + headings(total.buckets).map { .init($0, isNumber: true) }
                + (console.columns == nil ? [] : [.init("", leftOutOrder: 1)]))
        for (name, shape) in filled {
            addRows(shape, name, &table, largest: sum)
        }
        if filled.count > 1 { addRows(total, "all", &table, largest: sum) }
        return table.rendered(for: console)
    }

    /// From how many minutes on a column counts, the last with a plus.
    private func headings(_ buckets: AgeBuckets) -> [ByteString] {
        let starts = buckets.startMinutes
        // As in qshape(1), a column is named by its end, and the last one by its beginning.
        return starts.dropFirst().map { "\($0)" } + ["\(starts.last ?? 0)+"]
    }

    private func addRows(
        _ shape: QueueShape, _ name: ByteString, _ table: inout Table, largest: Int
    ) {
        let ranking = shape.ranking
        table.rows.append(row(name, "TOTAL", shape.total, largest, .strong))
        for one in ranking.prefix(top) {
            table.rows.append(row(name, one.domain, one.counts, largest, nil))
        }
        guard ranking.count > top else { return }
        var rest = [Int](repeating: 0, count: shape.buckets.count)
        for one in ranking.dropFirst(top) {
            for (bucket, count) in one.counts.enumerated() { rest[bucket] += count }
        }
        table.rows.append(
            row(name, "\(ranking.count - top) more", rest, largest, .faint))
    }

    private func row(
        _ name: ByteString, _ domain: ByteString, _ counts: [Int], _ largest: Int, _ style: Style?
    ) -> [Table.Cell] {
        let sum = counts.reduce(0, +)
        var cells: [Table.Cell] = [
            .init(name, .instance(name)), .init(domain, style), .init("\(sum)", style),
        ]
        cells += counts.map { .init("\($0)", $0 == 0 ? .faint : style) }
        if console.columns != nil { cells.append(.init(bar(sum, of: largest), .good)) }
        return cells
    }

    /// A bar in eighths of a column; what is there at all has one.
    private func bar(_ count: Int, of largest: Int) -> ByteString {
        let eighths = max(1, count * Self.barColumns * 8 / max(1, largest))
        let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
        return ByteString(String(repeating: "█", count: eighths / 8) + parts[eighths % 8])
    }
}
