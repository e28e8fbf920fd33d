// A TOML file as a value: its tree, and the lines that its keys are on.
//
// TOMLKit reads the text; nothing of it is visible outside of this file, because its values point
// into memory that it never frees: the few kilobytes of one reading.

import TOMLKit

/// A value of a TOML file.
package indirect enum TOMLNode: Equatable, Sendable {
    case string(String)
    case integer(Int)
    case number(Double)
    case boolean(Bool)
    /// A date, a time, or both, as text.
    case date(String)
    case array([TOMLNode])
    case table([String: TOMLNode])

    /// The kind in words, with an article.
    package var kind: String {
        switch self {
        case .string: "a string"
        case .integer: "an integer"
        case .number: "a number with a point"
        case .boolean: "true or false"
        case .date: "a date"
        case .array: "an array"
        case .table: "a table"
        }
    }
}

/// A TOML file that has been read.
package struct TOMLDocument: Sendable {
    /// What the file is called in messages.
    package let file: String
    let root: [String: TOMLNode]
    let lines: TOMLLines

    init(file: String, root: [String: TOMLNode], lines: TOMLLines) {
        self.file = file
        self.root = root
        self.lines = lines
    }

    /// Reads the text of a file; the one problem is where the text is no TOML.
    package init(file: String, text: String) throws(TOMLProblem) {
        // The reader takes the text as a C string: it would end at a NUL, and so would values.
        let hasNUL = text.utf8.contains(0) || text.contains("\\u0000")
        guard !hasNUL else {
            throw TOMLProblem(
                file: file, line: Self.lineOfNUL(text), key: "", fault: "NUL character",
                mend: "take it out")
        }
        let lines = TOMLLines(text)
        if let fault = lines.fault {
            throw TOMLProblem(
                file: file, line: fault.line, key: "", fault: fault.words, mend: fault.mend)
        }
        let table: TOMLTable
        do {
            table = try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            throw TOMLProblem(
                file: file, line: error.source.begin.line, key: "",
                fault: Self.oneLine(error.description),
                mend: "see https://toml.io for how TOML is written")
        } catch {
            throw TOMLProblem(file: file, line: 1, key: "", fault: "no TOML", mend: "rewrite it")
        }
        self.file = file
        root = Self.nodes(table)
        self.lines = lines
    }

    private static func nodes(_ table: TOMLTable) -> [String: TOMLNode] {
        var nodes: [String: TOMLNode] = [:]
        for key in table.keys { nodes[key] = table[key].map(node) }
        return nodes
    }

    private static func node(_ value: any TOMLValueConvertible) -> TOMLNode {
        switch value.type {
        case .table: .table(value.table.map(nodes) ?? [:])
        case .array: .array(value.array.map { $0.map(node) } ?? [])
        case .string: .string(value.string ?? "")
        case .int: .integer(value.int ?? 0)
        case .double: .number(value.double ?? 0)
        case .bool: .boolean(value.bool ?? false)
        case .date, .time, .dateTime: .date(value.debugDescription)
        }
    }

    private static func lineOfNUL(_ text: String) -> Int {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let index = lines.firstIndex { $0.utf8.contains(0) || $0.contains("\\u0000") }
        return (index ?? 0) + 1
    }

    private static func oneLine(_ words: String) -> String {
        String(words.map { $0.isNewline ? " " : $0 })
    }
}

/// What is wrong at one place of a TOML file.
package struct TOMLProblem: Error, Equatable, Sendable, CustomStringConvertible {
    package let file: String
    /// Counted from 1.
    package let line: Int
    /// The key with the tables that it is in, such as `limits.sessions`; empty for none.
    package let key: String
    package let fault: String
    /// What the operator can do.
    package let mend: String

    package init(file: String, line: Int, key: String, fault: String, mend: String) {
        self.file = file
        self.line = line
        self.key = key
        self.fault = fault
        self.mend = mend
    }

    /// The problem on one line, as editors and people read them.
    package var description: String {
        let subject = key.isEmpty ? "" : "\(key): "
        return "\(file):\(line): \(subject)\(fault); \(mend)"
    }
}
