// Takes comments and the contents of strings out of Swift code, line by line.
//
// It knows just enough of the language for this house's formatted code.

/// Reads one file of Swift.
struct CodeReader {
    private(set) var lines: [String] = []

    private var rest: ArraySlice<UInt8>
    private var line: [UInt8] = []
    /// Set within a string: its delimiter, with the number signs of a raw string.
    private var delimiter: [UInt8]?
    private var commentDepth = 0

    private static let quote = UInt8(ascii: "\"")
    private static let numberSign = UInt8(ascii: "#")
    private static let newline = UInt8(ascii: "\n")

    init(_ text: String) {
        rest = Array(text.utf8)[...]
        while let byte = rest.first {
            if byte == Self.newline {
                rest.removeFirst()
                endLine()
            } else if commentDepth > 0 {
                readComment()
            } else if let delimiter {
                readString(delimiter)
            } else {
                readCode(byte)
            }
        }
        endLine()
    }

    private mutating func endLine() {
        lines.append(String(decoding: line, as: UTF8.self))
        line = []
        // Only a string with three quotes goes on in the next line.
        if let delimiter, delimiter.count(where: { $0 == Self.quote }) == 1 {
            self.delimiter = nil
        }
    }

    private mutating func readCode(_ byte: UInt8) {
        if rest.starts(with: "//".utf8) {
            rest = rest.drop { $0 != Self.newline }
        } else if take("/*") {
            commentDepth = 1
        } else if let opened = openedDelimiter() {
            rest = rest.dropFirst(opened.count)
            line += Array("\"\"".utf8)
            delimiter = opened.reversed()
        } else {
            line.append(byte)
            rest.removeFirst()
        }
    }

    private mutating func readComment() {
        if take("*/") {
            commentDepth -= 1
        } else if take("/*") {
            commentDepth += 1
        } else {
            rest.removeFirst()
        }
    }

    private mutating func readString(_ delimiter: [UInt8]) {
        if rest.starts(with: delimiter) {
            rest = rest.dropFirst(delimiter.count)
            self.delimiter = nil
        } else if rest.starts(with: "\\(".utf8) {
            skipInterpolation()
        } else {
            let isEscape =
                rest.first == UInt8(ascii: "\\") && delimiter.first == Self.quote
                && !delimiter.contains(Self.numberSign)
            rest = rest.dropFirst(isEscape && rest.dropFirst().first != Self.newline ? 2 : 1)
        }
    }

    /// Passes over `\(...)`, which may hold strings itself.
    private mutating func skipInterpolation() {
        rest = rest.dropFirst(2)
        var depth = 1
        var isInString = false
        while depth > 0, let byte = rest.first, byte != Self.newline {
            if byte == Self.quote { isInString.toggle() }
            if !isInString, byte == UInt8(ascii: "(") { depth += 1 }
            if !isInString, byte == UInt8(ascii: ")") { depth -= 1 }
            rest.removeFirst()
        }
    }

    /// The delimiter that the rest begins with, if any: quotes behind number signs.
    private func openedDelimiter() -> [UInt8]? {
        let signs = rest.prefix { $0 == Self.numberSign }
        let behind = rest[signs.endIndex...]
        guard behind.first == Self.quote else { return nil }
        let isLong = behind.starts(with: "\"\"\"".utf8)
        return Array(signs) + [UInt8](repeating: Self.quote, count: isLong ? 3 : 1)
    }

    private mutating func take(_ text: String) -> Bool {
        guard rest.starts(with: text.utf8) else { return false }
        rest = rest.dropFirst(text.utf8.count)
        return true
    }
}
