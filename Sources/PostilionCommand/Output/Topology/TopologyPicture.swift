// The flow of mail as an SVG picture that needs nothing else: no script, no font, no style sheet.

import Bytes
import Instances

extension Topology {
    /// The picture.
    var svg: ByteString { TopologyPicture(self).svg }
}

/// Draws a topology.
private struct TopologyPicture {
    private let topology: Topology
    private let layout: TopologyLayout

    init(_ topology: Topology) {
        self.topology = topology
        layout = TopologyLayout(topology)
    }

    var svg: ByteString {
        let (width, height) = (layout.width, layout.height)
        var text: ByteString = """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
            viewBox="0 0 \(width) \(height)" font-family="monospace" font-size="12" role="img">
            <title>Mail flow between Postfix instances</title>
            <defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" \
            markerHeight="7" orient="auto"><path d="M0 0L10 5L0 10z" fill="#555"/></marker></defs>
            <rect width="100%" height="100%" fill="#fff"/>

            """
        for index in topology.edges.indices { text += way(index) }
        for index in topology.nodes.indices { text += place(index) }
        return text + "</svg>\n"
    }

    private func way(_ index: Int) -> ByteString {
        let edge = topology.edges[index]
        let points = layout.ways[index]
        guard let start = points.first else { return "" }
        var path: ByteString = "M\(start.x) \(start.y)"
        for (from, to) in zip(points, points.dropFirst()) { path += curve(from, to) }
        let dash = edge.isAssumed ? " stroke-dasharray=\"5 4\"" : ""
        return """
            <path d="\(path)" fill="none" stroke="#555" stroke-width="1.3"\(dash) \
            marker-end="url(#arrow)"/>
            <text x="\(start.x + 8)" y="\(start.y - 4)" fill="#333" stroke="#fff" \
            stroke-width="4" paint-order="stroke">\(escaped(edge.label))</text>

            """
    }

    /// A curve that leaves and arrives level.
    private func curve(
        _ from: TopologyLayout.Point, _ to: TopologyLayout.Point
    ) -> ByteString {
        if from.y == to.y, from.x <= to.x { return "L\(to.x) \(to.y)" }
        let isForward = to.x > from.x
        let bend = isForward ? (to.x - from.x) / 2 : 60
        let arrival = isForward ? to.x - bend : to.x + bend
        return "C\(from.x + bend) \(from.y) \(arrival) \(to.y) \(to.x) \(to.y)"
    }

    private func place(_ index: Int) -> ByteString {
        guard let box = layout.boxes[index] else { return "" }
        let node = topology.nodes[index]
        let dash = node.kind == .disabled ? " stroke-dasharray=\"5 4\"" : ""
        var text: ByteString = """
            <rect x="\(box.x)" y="\(box.y)" width="\(box.width)" height="\(box.height)" \
            rx="\(node.kind == .elsewhere ? box.height / 2 : 5)" fill="\(fill(node.kind))" \
            stroke="#333"\(dash)/>

            """
        for (line, words) in ([node.title] + node.details).enumerated() {
            let down = TopologyLayout.padding / 2 + (line + 1) * TopologyLayout.lineHeight - 4
            let weight = line == 0 ? " font-weight=\"bold\"" : " fill=\"#444\""
            text += "<text x=\"\(box.x + TopologyLayout.padding)\" y=\"\(box.y + down)\"\(weight)>"
            text += "\(escaped(words))</text>\n"
        }
        return text
    }

    private func fill(_ kind: Topology.Kind) -> String {
        switch kind {
        case .instance: "#dcebfa"
        case .disabled: "#f4f4f4"
        case .broken: "#f8d7d7"
        case .filter, .process: "#e6f3e0"
        case .nothing: "#fdebc8"
        case .elsewhere: "#ffffff"
        }
    }

    /// The text as XML may hold it.
    private func escaped(_ text: ByteString) -> ByteString {
        var result: ByteString = ""
        for byte in text.text.utf8 {
            switch byte {
            case 0x26: result += "&amp;"
            case 0x3C: result += "&lt;"
            case 0x3E: result += "&gt;"
            case 0x22: result += "&quot;"
            case 0..<0x20, 0x7F: result += "?"
            default: result.bytes.append(byte)
            }
        }
        return result
    }
}
