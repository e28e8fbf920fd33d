// Reads a table key by key and collects all that is wrong, so that an operator sees it at once.
//
// The keys that were asked for are the known ones: there is no second list of them to keep.

import Bytes

/// A table to be read, and what was found wrong in it.
///
/// A getter returns nil both where the key is missing and where its value is wrong: the default
/// stands in for it, and the problem keeps the result from being used.
package final class TOMLTableReader {
    let document: TOMLDocument
    let path: [TOMLStep]
    private let values: [String: TOMLNode]
    private let ledger: Ledger
    private var asked: [String] = []
    private var inner: [TOMLTableReader] = []

    /// The problems of all tables of a file.
    private final class Ledger {
        var problems: [TOMLProblem] = []
    }

    private init(
        _ document: TOMLDocument, _ path: [TOMLStep], _ values: [String: TOMLNode], _ ledger: Ledger
    ) {
        self.document = document
        self.path = path
        self.values = values
        self.ledger = ledger
    }

    /// The top of a file.
    package convenience init(_ document: TOMLDocument) {
        self.init(document, [], document.root, Ledger())
    }

    // What is in the table.

    /// The value of a key as it is.
    package func node(_ key: String) -> TOMLNode? {
        if !asked.contains(key) { asked.append(key) }
        return values[key]
    }

    /// True if the key is there, whatever its value is.
    package func has(_ key: String) -> Bool { node(key) != nil }

    /// All keys of the table, for tables whose keys are names of the operator's.
    package var allKeys: [String] { values.keys.sorted() }

    /// The line that the table begins on.
    package var line: Int { document.lines.line(of: path) }

    /// The line of a key, or that of the table if the key is not there.
    package func line(of key: String) -> Int { document.lines.line(of: path + [.key(key)]) }

    /// The table under a key; an empty one if there is none.
    package func table(_ key: String) -> TOMLTableReader {
        var found: [String: TOMLNode] = [:]
        switch node(key) {
        case .table(let values): found = values
        case let other?:
            wrongKind(key, other, "[\(key)] as a table")
        case nil: break
        }
        return open([.key(key)], found)
    }

    /// The tables of an array of them; none if the key is missing.
    package func tables(_ key: String) -> [TOMLTableReader] {
        guard let node = node(key) else { return [] }
        guard case .array(let elements) = node else {
            wrongKind(key, node, "[[\(key)]] for each")
            return []
        }
        var readers: [TOMLTableReader] = []
        for (index, element) in elements.enumerated() {
            guard case .table(let values) = element else {
                wrongKind(key, element, "[[\(key)]] for each")
                continue
            }
            readers.append(open([.key(key), .index(index)], values))
        }
        return readers
    }

    private func open(_ steps: [TOMLStep], _ values: [String: TOMLNode]) -> TOMLTableReader {
        let reader = TOMLTableReader(document, path + steps, values, ledger)
        inner.append(reader)
        return reader
    }

    // What is wrong.

    /// Notes a problem with a key's value.
    package func complain(_ key: String, _ fault: String, mend: String) {
        note([.key(key)], fault, mend)
    }

    /// Notes a problem with one element of a key's array, counted from 0.
    package func complain(_ key: String, at index: Int, _ fault: String, mend: String) {
        note([.key(key), .index(index)], fault, mend)
    }

    /// Notes a problem that was found at a line by comparing several tables.
    package func complain(line: Int, key: String, _ fault: String, mend: String) {
        ledger.problems.append(
            TOMLProblem(
                file: document.file, line: line, key: Self.printable(key), fault: fault, mend: mend)
        )
    }

    /// Notes that a key that must be there is not.
    package func complainMissing(_ key: String, example: String) {
        let place = path.isEmpty ? "" : "the table begins here; "
        note([.key(key)], "missing", "\(place)add \(key) = \(example)")
    }

    func wrongKind(_ key: String, at index: Int? = nil, _ node: TOMLNode, _ expected: String) {
        let steps: [TOMLStep] = [.key(key)] + (index.map { [.index($0)] } ?? [])
        note(steps, "is \(node.kind)", "write \(expected)")
    }

    private func note(_ steps: [TOMLStep], _ fault: String, _ mend: String) {
        let whole = path + steps
        let names = whole.compactMap { if case .key(let key) = $0 { key } else { nil } }
        ledger.problems.append(
            TOMLProblem(
                file: document.file, line: document.lines.line(of: whole),
                key: Self.printable(names.joined(separator: ".")), fault: fault, mend: mend))
    }

    /// Quoted keys may hold anything, but a problem is one line.
    private static func printable(_ key: String) -> String {
        String(key.map { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 } ? $0 : "?" })
    }

    // The end.

    /// Takes all keys for known, where a mistake elsewhere leaves open which ones are.
    package func acceptAllKeys() { asked += values.keys }

    /// All problems in the order of lines, keys that nobody has asked for among them.
    ///
    /// To be called at the top, when everything has been read.
    package func finish() -> [TOMLProblem] {
        complainOfUnknownKeys()
        let unique = ledger.problems.enumerated().filter { index, problem in
            !ledger.problems[..<index].contains(problem)
        }
        return unique.sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }
            .map(\.element)
    }

    private func complainOfUnknownKeys() {
        for key in values.keys.sorted() where !asked.contains(key) {
            let known = asked.map { ByteString($0) }
            let near = nearMisses(of: ByteString(key), among: known).first
            let mend =
                near.map { "did you mean \($0.text)?" }
                ?? "take it out; known here: \(asked.sorted().joined(separator: ", "))"
            complain(key, "unknown key", mend: mend)
        }
        for table in inner { table.complainOfUnknownKeys() }
    }

    /// All keys that were asked for in this table and those in it, each with its tables in front.
    package var askedPaths: [String] {
        let names = path.compactMap { if case .key(let key) = $0 { key } else { nil } }
        return asked.map { (names + [$0]).joined(separator: ".") } + inner.flatMap(\.askedPaths)
    }
}
