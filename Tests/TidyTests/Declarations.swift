// Finds declarations in formatted Swift code: by their first line and their indentation.

/// A declaration that begins on a line of its own.
struct Declaration {
    /// The index of its first line.
    let line: Int
    let indentation: Int
    /// What stands in front of the keyword: access and other modifiers.
    let modifiers: [Substring]
    /// The keyword: func, struct, var and so on.
    let keyword: Substring
    /// The name, or the operator; empty for initialisers.
    let name: String

    var isType: Bool { Self.types.contains(keyword) }
    var isFunction: Bool { Self.functions.contains(keyword) }

    private static let types: Set<Substring> = [
        "struct", "enum", "class", "protocol", "actor", "typealias",
    ]
    private static let functions: Set<Substring> = ["func", "init", "deinit", "subscript"]
    private static let values: Set<Substring> = ["var", "let"]
    private static let prefixes: Set<Substring> = [
        "package", "private", "fileprivate", "internal", "public", "static", "final", "mutating",
        "nonmutating", "borrowing", "consuming", "override", "indirect", "set", "convenience",
        "required", "nonisolated", "lazy", "weak", "async", "isolated", "open",
    ]

    /// Reads the declaration that a line of code begins with; nil if it begins with none.
    init?(_ code: String, line: Int) {
        let words = code.withoutAttributes.words
        guard let index = words.firstIndex(where: { !Self.prefixes.contains($0) }) else {
            return nil
        }
        let keyword = words[index]
        guard
            Self.types.contains(keyword) || Self.functions.contains(keyword)
                || Self.values.contains(keyword)
        else { return nil }
        self.line = line
        indentation = code.prefix { $0 == " " }.count
        modifiers = Array(words[..<index])
        self.keyword = keyword
        let behind = code.split(separator: " ").drop { $0 != keyword }.dropFirst().first ?? ""
        let isOperator = keyword == "func" && behind.first?.isLetter == false
        name = String(isOperator ? behind : words.dropFirst(index + 1).first ?? "")
    }
}

extension TextFile {
    /// The declarations of the file, in order; those within function bodies are among them.
    var declarations: [Declaration] {
        code.indices.compactMap { Declaration(code[$0], line: $0) }
    }

    /// The number of lines of a function with its braces; nil if it has no body.
    func lineCount(of function: Declaration) -> Int? {
        guard let start = bodyStart(of: function) else { return nil }
        let closing = String(repeating: " ", count: function.indentation) + "}"
        // A body of one line ends where it begins.
        if start == function.line, code[start].hasSuffix("}") { return 1 }
        let end = code[start...].firstIndex { $0.hasPrefix(closing) } ?? start
        return end - function.line + 1
    }

    /// The line on which the brace of a body opens.
    private func bodyStart(of function: Declaration) -> Int? {
        var depth = 0
        for index in code[function.line...].indices {
            for character in code[index] {
                switch character {
                case "(", "[": depth += 1
                case ")", "]": depth -= 1
                case "{" where depth == 0: return index
                default: continue
                }
            }
            let next = index + 1 < code.count ? code[index + 1].trimmed : ""
            let goesOn = ["{", "where ", ")", "throws", "->", "async"]
            if depth == 0, !goesOn.contains(where: next.hasPrefix) { return nil }
        }
        return nil
    }
}

extension String {
    /// The line without attributes such as `@safe` or `@Test(...)` in front.
    fileprivate var withoutAttributes: String {
        var rest = trimmed
        while rest.first == "@" {
            rest = rest.dropFirst().drop { $0.isLetter }
            if rest.first == "(" {
                guard let end = rest.firstIndex(of: ")") else { return "" }
                rest = rest[rest.index(after: end)...]
            }
            rest = rest.drop { $0 == " " }
        }
        return String(rest)
    }
}
