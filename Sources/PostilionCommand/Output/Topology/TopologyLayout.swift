// Where the places of a topology stand in a picture, and through which points its ways go.
//
// Places stand in columns, each right of all that send to it. A way over several columns has a
// lane of its own in those between, so that it crosses no place.

import Bytes
import Instances

/// A topology with coordinates, in pixels.
struct TopologyLayout {
    /// The rectangle of a place.
    struct Box: Hashable {
        var x: Int
        var y: Int
        var width: Int
        var height: Int
    }

    /// A point of a way.
    struct Point: Hashable {
        var x: Int
        var y: Int
    }

    /// The boxes by the index of their node.
    private(set) var boxes: [Int: Box] = [:]
    /// The points of each edge, at least two.
    private(set) var ways: [[Point]] = []
    private(set) var width = 0
    private(set) var height = 0

    static let lineHeight = 16
    static let padding = 10
    private static let gap = 24
    private static let margin = 20

    /// What takes room in a column.
    private enum Item: Hashable {
        case node(Int)
        /// The lane of an edge.
        case lane(Int)
    }

    private let topology: Topology
    private var columns: [[Item]] = []
    private var lanes: [Int: [Point]] = [:]

    init(_ topology: Topology) {
        self.topology = topology
        let depth = Self.depths(topology)
        fillColumns(depth)
        place()
        ways = topology.edges.indices.map { way(of: $0) }
    }

    /// The width of a text: a monospaced character of 12 px is some 7.3 px wide everywhere.
    static func width(of text: ByteString) -> Int { text.text.count * 73 / 10 + 1 }

    /// The column of each place is the longest way to it; a way back in a circle does not count.
    private static func depths(_ topology: Topology) -> [Int] {
        var depth = [Int](repeating: 0, count: topology.nodes.count)
        var path: Set<Int> = []
        func visit(_ index: Int, _ level: Int) {
            guard !path.contains(index), level == 0 || level > depth[index] else { return }
            depth[index] = level
            path.insert(index)
            for edge in topology.edges where edge.source == index && edge.target != index {
                visit(edge.target, level + 1)
            }
            path.remove(index)
        }
        for root in topology.roots { visit(root, 0) }
        return depth
    }

    /// Puts places and lanes in columns, each near those that lead to it.
    private mutating func fillColumns(_ depth: [Int]) {
        for level in 0...(depth.max() ?? 0) {
            var items: [(item: Item, wanted: Int)] = []
            let before = columns.last ?? []
            for node in topology.nodes.indices where depth[node] == level {
                let sources = topology.edges.indices.filter { topology.edges[$0].target == node }
                    .compactMap { position(of: $0, in: before) }
                items.append((.node(node), mean(sources) ?? 1000 * node))
            }
            for (index, edge) in topology.edges.enumerated()
            where depth[edge.source] < level && level < depth[edge.target] {
                items.append((.lane(index), position(of: index, in: before) ?? 0))
            }
            items.sort { $0.wanted < $1.wanted }
            columns.append(items.map(\.item))
        }
    }

    /// How far down in a column an edge comes out, in thousandths of a row.
    private func position(of edge: Int, in column: [Item]) -> Int? {
        let source = topology.edges[edge].source
        return column.firstIndex { $0 == .lane(edge) || $0 == .node(source) }.map { $0 * 1000 }
    }

    private func mean(_ numbers: [Int]) -> Int? {
        numbers.isEmpty ? nil : numbers.reduce(0, +) / numbers.count
    }

    private mutating func place() {
        var x = Self.margin
        for column in columns {
            let width = column.map(itemWidth).max() ?? 0
            var y = Self.margin
            for item in column {
                switch item {
                case .node(let index):
                    let box = Box(x: x, y: y, width: width, height: boxHeight(index))
                    boxes[index] = box
                    y += box.height + Self.gap
                case .lane(let edge):
                    let middle = y + Self.lineHeight / 2
                    lanes[edge, default: []] += [
                        Point(x: x, y: middle), Point(x: x + width, y: middle),
                    ]
                    y += Self.lineHeight + Self.gap
                }
            }
            height = max(height, y)
            x += width + room(behind: column)
            self.width = x
        }
    }

    private func itemWidth(_ item: Item) -> Int {
        guard case .node(let index) = item else { return 0 }
        let node = topology.nodes[index]
        let widest = ([node.title] + node.details).map(Self.width).max() ?? 0
        return widest + 2 * Self.padding
    }

    /// High enough for the lines of text, and for the names of the ways that leave.
    private func boxHeight(_ index: Int) -> Int {
        let lines = topology.nodes[index].details.count + 1
        let ways = topology.edges.filter { $0.source == index }.count
        return max(lines, ways) * Self.lineHeight + Self.padding
    }

    /// Enough room for the names of the ways that leave a column.
    private func room(behind column: [Item]) -> Int {
        let labels = topology.edges.filter { column.contains(.node($0.source)) }.map(\.label)
        return labels.isEmpty ? Self.margin : 60 + (labels.map(Self.width).max() ?? 0)
    }

    private func way(of index: Int) -> [Point] {
        let edge = topology.edges[index]
        guard let from = boxes[edge.source], let to = boxes[edge.target] else { return [] }
        let leaving = topology.edges.indices.filter { topology.edges[$0].source == edge.source }
        let arriving = topology.edges.indices.filter { topology.edges[$0].target == edge.target }
        let start = Point(
            x: from.x + from.width, y: from.y + share(of: index, in: leaving, from.height))
        // A way back arrives at the right side, where it cannot be taken for one from the left.
        let isBack = to.x <= from.x
        let end = Point(
            x: isBack ? to.x + to.width : to.x, y: to.y + share(of: index, in: arriving, to.height))
        // Level as far as its name reaches, which stands above it.
        let bend = Point(x: start.x + Self.width(of: edge.label) + 16, y: start.y)
        return [start, bend] + (lanes[index] ?? []) + [end]
    }

    private func share(of edge: Int, in edges: [Int], _ height: Int) -> Int {
        let position = edges.firstIndex(of: edge) ?? 0
        return height * (position + 1) / (edges.count + 1)
    }
}
