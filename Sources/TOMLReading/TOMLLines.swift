// Which line each key of a TOML file is on. The reader of values does not tell.
//
// Nothing is judged here but the one fault that the reader of values does not bear. Where the text
// is no TOML this scan loses its way, but that reader says so: it stops at the first fault.

/// One step on the way to a value.
enum TOMLStep: Hashable, Sendable {
    case key(String)
    /// A place in an array, counted from 0.
    case index(Int)
}

/// The lines of a text's keys and array elements.
struct TOMLLines: Sendable {
    private var lines: [[TOMLStep]: Int] = [:]
    /// What toml++ would not refuse but abort the process on, if there is something of it.
    let fault: Fault?

    /// A table without a name, or a value that is not there.
    struct Fault: Equatable, Sendable {
        let line: Int
        let words: String
        let mend: String
    }

    /// Finds the lines of all keys.
    init(_ text: String) {
        var scan = TOMLLineScan(bytes: Array(text.utf8))
        scan.document()
        lines = scan.lines
        fault = scan.fault
    }

    /// Lines that another reader has found.
    init(known lines: [[TOMLStep]: Int]) {
        self.lines = lines
        fault = nil
    }

    /// The line of a value, or that of the nearest table or array around it.
    func line(of path: [TOMLStep]) -> Int {
        var path = path
        while !path.isEmpty {
            if let line = lines[path] { return line }
            path.removeLast()
        }
        return 1
    }
}

/// A walk over the text that notes where keys are.
private struct TOMLLineScan {
    let bytes: [UInt8]
    var position = 0
    var line = 1
    var lines: [[TOMLStep]: Int] = [:]
    var fault: TOMLLines.Fault?
    /// How many arrays and inline tables are open around this place.
    private var depth = 0
    /// The last index of each array of tables.
    private var tableArrays: [[TOMLStep]: Int] = [:]

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// Notes the keys of the whole text.
    mutating func document() {
        var table: [TOMLStep] = []
        // Some editors begin a file with a byte order mark.
        if isAt("\u{FEFF}") { position += 3 }
        while true {
            skipBlankLines()
            guard let byte = current else { return }
            let start = position
            if byte == UInt8(ascii: "[") {
                table = header()
            } else {
                assignment(in: table)
            }
            // What is no TOML must not keep us here.
            guard position > start else { return }
        }
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func isAt(_ text: StaticString) -> Bool {
        bytes[position...].starts(with: String(describing: text).utf8)
    }

    private mutating func stop(_ words: String, mend: String) {
        fault = TOMLLines.Fault(line: line, words: words, mend: mend)
        position = bytes.count
    }

    private mutating func advance() {
        if current == UInt8(ascii: "\n") { line += 1 }
        position += 1
    }

    private mutating func advance(past byte: UInt8) {
        if current == byte { advance() }
    }

    // [table] and [[table of an array]].

    private mutating func header() -> [TOMLStep] {
        let isArray = isAt("[[")
        position += isArray ? 2 : 1
        skipBlanks()
        guard let byte = current, Self.beginsKey(byte) else {
            stop("a table without a name", mend: "write it in the brackets, such as [limits]")
            return []
        }
        var keys = dottedKey()
        position += isArray ? 2 : 1
        guard isArray, let last = keys.popLast() else { return noted(resolved(keys)) }
        let array = noted(resolved(keys) + [.key(last)])
        let index = tableArrays[array].map { $0 + 1 } ?? 0
        tableArrays[array] = index
        return noted(array + [.index(index)])
    }

    /// The path of a table: names of arrays of tables mean their last one.
    private func resolved(_ keys: [String]) -> [TOMLStep] {
        var path: [TOMLStep] = []
        for key in keys {
            path.append(.key(key))
            if let index = tableArrays[path] { path.append(.index(index)) }
        }
        return path
    }

    private mutating func noted(_ path: [TOMLStep]) -> [TOMLStep] {
        if lines[path] == nil { lines[path] = line }
        return path
    }

    private mutating func assignment(in table: [TOMLStep]) {
        let path = noted(table + dottedKey().map { .key($0) })
        skipBlanks()
        advance(past: UInt8(ascii: "="))
        skipBlanks()
        value(at: path)
    }

    // Keys.

    private mutating func dottedKey() -> [String] {
        var keys: [String] = []
        while true {
            skipBlanks()
            keys.append(simpleKey())
            skipBlanks()
            guard current == UInt8(ascii: ".") else { return keys }
            position += 1
        }
    }

    private mutating func simpleKey() -> String {
        let start = position
        switch current {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            string()
            let raw = Array(bytes[start + 1..<max(start + 1, position - 1)])
            return bytes[start] == UInt8(ascii: "\"")
                ? TOMLEscapes.decoded(raw) : String(decoding: raw, as: UTF8.self)
        default:
            while let byte = current, !Self.endsKey(byte) { position += 1 }
            return String(decoding: bytes[start..<position], as: UTF8.self)
        }
    }

    private static func beginsKey(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-_\"'".utf8.contains(byte)
        }
    }

    private static func endsKey(_ byte: UInt8) -> Bool { " \t\r\n.=]#,}".utf8.contains(byte) }

    // Values.

    /// More levels than toml++ reads.
    private static let depthLimit = 300

    private mutating func value(at path: [TOMLStep]) {
        guard let byte = current, !",]}#\r\n".utf8.contains(byte) else {
            return stop("a value is missing", mend: "write one, text in quotation marks")
        }
        guard depth < Self.depthLimit else { return position = bytes.count }
        depth += 1
        defer { depth -= 1 }
        switch current {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): string()
        case UInt8(ascii: "["): array(at: path)
        case UInt8(ascii: "{"): inlineTable(at: path)
        default:
            while let byte = current, !",]}#\n".utf8.contains(byte) { position += 1 }
        }
    }

    private mutating func array(at path: [TOMLStep]) {
        position += 1
        var index = 0
        while true {
            skipBlankLines()
            guard let byte = current else { return }
            if byte == UInt8(ascii: "]") { return position += 1 }
            if byte == UInt8(ascii: ",") {
                position += 1
                index += 1
                continue
            }
            let start = position
            value(at: noted(path + [.index(index)]))
            guard position > start else { return }
        }
    }

    private mutating func inlineTable(at path: [TOMLStep]) {
        position += 1
        while true {
            skipBlankLines()
            guard let byte = current else { return }
            if byte == UInt8(ascii: "}") { return position += 1 }
            if byte == UInt8(ascii: ",") {
                position += 1
                continue
            }
            let start = position
            assignment(in: path)
            guard position > start else { return }
        }
    }

    /// Passes a string in any of the four forms.
    private mutating func string() {
        guard let quote = current else { return }
        let isLiteral = quote == UInt8(ascii: "'")
        let isLong = isLiteral ? isAt("'''") : isAt("\"\"\"")
        position += isLong ? 3 : 1
        while let byte = current {
            if byte == UInt8(ascii: "\\"), !isLiteral {
                advance()
                advance()
            } else if byte == quote, !isLong {
                return position += 1
            } else if byte == quote, isLiteral ? isAt("'''") : isAt("\"\"\"") {
                position += 3
                // One or two quotation marks may stand right in front of the closing three.
                while current == quote { position += 1 }
                return
            } else {
                advance()
            }
        }
    }

    // What means nothing.

    private mutating func skipBlanks() {
        while let byte = current, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") {
            position += 1
        }
    }

    private mutating func skipBlankLines() {
        while let byte = current {
            if byte == UInt8(ascii: "#") {
                while let byte = current, byte != UInt8(ascii: "\n") { position += 1 }
            } else if " \t\r\n".utf8.contains(byte) {
                advance()
            } else {
                return
            }
        }
    }
}
