// The flow of mail as a tree for a terminal.

import Bytes
import Instances

extension Topology {
    /// A tree from every place that nobody sends to; what was drawn already is only named.
    func text(for console: Console) -> ByteString {
        var drawing = TreeDrawing(self, console)
        for root in roots { drawing.draw(root) }
        return drawing.text
    }
}

/// Draws places below one another.
private struct TreeDrawing {
    private let topology: Topology
    private let console: Console
    private var drawn: Set<Int> = []
    private(set) var text: ByteString = ""

    init(_ topology: Topology, _ console: Console) {
        self.topology = topology
        self.console = console
    }

    mutating func draw(_ root: Int) {
        text += name(root) + "\n"
        drawBelow(root, indent: "")
    }

    private mutating func drawBelow(_ index: Int, indent: ByteString) {
        drawn.insert(index)
        let edges = topology.edges.filter { $0.source == index }
        for detail in topology.nodes[index].details {
            text += indent + (edges.isEmpty ? "   " : "│  ") + console.styled(detail, .faint) + "\n"
        }
        for (position, edge) in edges.enumerated() {
            let isLast = position == edges.count - 1
            let label = edge.isAssumed ? "\(edge.label)?" : edge.label
            text += indent + (isLast ? "└─ " : "├─ ") + console.styled(label, .faint)
            text += " → " + name(edge.target)
            if drawn.contains(edge.target), hasMore(edge.target) {
                text += console.styled(" (see above)", .faint) + "\n"
            } else {
                text += "\n"
                drawBelow(edge.target, indent: indent + (isLast ? "   " : "│  "))
            }
        }
    }

    private func hasMore(_ index: Int) -> Bool {
        !topology.nodes[index].details.isEmpty
            || topology.edges.contains { $0.source == index }
    }

    private func name(_ index: Int) -> ByteString {
        let node = topology.nodes[index]
        switch node.kind {
        case .instance: return console.styled(node.title, .strong)
        case .disabled: return console.styled(node.title, .strong) + " (disabled)"
        case .broken: return console.styled(node.title, .bad) + " (broken)"
        case .process: return node.title + " (another process)"
        case .nothing: return console.styled(node.title, .warning) + " (nothing listens there)"
        case .filter, .elsewhere: return node.title
        }
    }
}
