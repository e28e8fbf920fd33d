// JSON in place of TOML: the same tree, the same lines, for programs that write configurations.

package import Bytes
import PostfixFormats

extension TOMLDocument {
    /// Reads a JSON text whose value is an object.
    package init(file: String, json: ByteString) throws(TOMLProblem) {
        let text: JSONText
        do throws(JSONFault) {
            text = try JSONText(reading: json)
        } catch {
            throw TOMLProblem(
                file: file, line: error.line, key: "", fault: error.words,
                mend: "see https://www.json.org for how JSON is written")
        }
        var lines: [[TOMLStep]: Int] = [:]
        guard case .table(let root) = Self.node(text, at: [], &lines) else {
            throw TOMLProblem(
                file: file, line: text.line, key: "", fault: "the value is no object",
                mend: "begin it with {")
        }
        self.init(file: file, root: root, lines: TOMLLines(known: lines))
    }

    private static func node(
        _ text: JSONText, at path: [TOMLStep], _ lines: inout [[TOMLStep]: Int]
    ) -> TOMLNode {
        lines[path] = text.line
        switch text.value {
        // TOML has no such value; a member that is null is as good as not there.
        case .null: return .string("")
        case .boolean(let value): return .boolean(value)
        case .number(let value):
            return Int(exactly: value).map { .integer($0) } ?? .number(value)
        case .string(let value): return .string(value.text)
        case .array(let elements):
            return .array(
                elements.enumerated().map { node($1, at: path + [.index($0)], &lines) })
        case .object(let members):
            var table: [String: TOMLNode] = [:]
            for member in members where member.value.value != .null {
                let name = member.name.text
                table[name] = node(member.value, at: path + [.key(name)], &lines)
            }
            return .table(table)
        }
    }
}
