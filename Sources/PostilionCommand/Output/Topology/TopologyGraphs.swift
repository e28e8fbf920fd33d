// The flow of mail in the languages of graph programs, and as JSON.

import Bytes
import Instances

extension Topology {
    /// A graph for graphviz, dot(1).
    var dot: ByteString {
        var text: ByteString = """
            digraph mail {
              rankdir=LR;
              node [shape=box, style="rounded,filled", fontname="sans-serif", fillcolor="#ffffff"];
              edge [fontname="sans-serif", fontsize=10];

            """
        for (index, node) in nodes.enumerated() {
            let lines = ([node.title] + node.details).map(escapedForDot)
            let label = ByteString(lines.map(\.text).joined(separator: "\\n"))
            text += "  n\(index) [label=\"\(label)\", \(dotStyle(node.kind))];\n"
        }
        for edge in edges {
            text += "  n\(edge.source) -> n\(edge.target) [label=\"\(escapedForDot(edge.label))\""
            text += edge.isAssumed ? ", style=dashed];\n" : "];\n"
        }
        return text + "}\n"
    }

    private func escapedForDot(_ text: ByteString) -> ByteString {
        ByteString(
            text.bytes.flatMap { byte -> [UInt8] in
                switch byte {
                case 0x22, 0x5C: [0x5C, byte]
                case 0..<0x20, 0x7F: [0x20]
                default: [byte]
                }
            })
    }

    private func dotStyle(_ kind: Kind) -> ByteString {
        switch kind {
        case .instance: "fillcolor=\"#dcebfa\""
        case .disabled: "style=\"rounded,dashed\""
        case .broken: "fillcolor=\"#f8d7d7\""
        case .filter, .process: "shape=component"
        case .nothing: "fillcolor=\"#fdebc8\""
        case .elsewhere: "shape=ellipse"
        }
    }

    /// A flow chart for Mermaid.
    var mermaid: ByteString {
        var text: ByteString = "flowchart LR\n"
        for (index, node) in nodes.enumerated() {
            let lines = ([node.title] + node.details).map(escapedForMermaid)
            let label = ByteString(lines.map(\.text).joined(separator: "<br/>"))
            switch node.kind {
            case .elsewhere: text += "  n\(index)([\"\(label)\"])\n"
            case .filter, .process: text += "  n\(index)[[\"\(label)\"]]\n"
            case .instance, .disabled, .broken, .nothing: text += "  n\(index)[\"\(label)\"]\n"
            }
        }
        for edge in edges {
            let arrow: ByteString = edge.isAssumed ? "-.->" : "-->"
            text += "  n\(edge.source) \(arrow)|\"\(escapedForMermaid(edge.label))\"| "
            text += "n\(edge.target)\n"
        }
        return text
    }

    /// Mermaid knows entities of HTML with a "#" in front.
    private func escapedForMermaid(_ text: ByteString) -> ByteString {
        var result: ByteString = ""
        for byte in text.bytes {
            switch byte {
            case 0x22: result += "#quot;"
            case 0x23: result += "#35;"
            case 0x3C: result += "#lt;"
            case 0x3E: result += "#gt;"
            case 0..<0x20, 0x7F: result += " "
            default: result.bytes.append(byte)
            }
        }
        return result
    }

    /// The places and the ways between them as one object.
    var json: JSONValue {
        .object([
            .init(
                "nodes",
                .list(
                    nodes.enumerated().map { index, node in
                        .object([
                            .init("id", .number(index)),
                            .init("kind", .text(ByteString(node.kind.rawValue))),
                            .init("title", .text(node.title)),
                            .init("details", .list(node.details.map { .text($0) })),
                        ])
                    })),
            .init(
                "edges",
                .list(
                    edges.map { edge in
                        .object([
                            .init("source", .number(edge.source)),
                            .init("target", .number(edge.target)),
                            .init("label", .text(edge.label)),
                            .init("assumed", .boolean(edge.isAssumed)),
                        ])
                    })),
        ])
    }
}
