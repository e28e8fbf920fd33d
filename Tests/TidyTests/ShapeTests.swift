// How long files, functions and lines may be, and how files begin and end.

import Testing

@Suite struct `The shape of code` {
    @Test func `has files of at most 300 lines`() {
        let found = Repository.swiftFiles.filter { $0.lines.count - 1 > 300 }
        #expect(found.map { "\($0.path): \($0.lines.count - 1)" } == [])
    }

    @Test func `has lines of at most 100 characters`() {
        let found = Repository.files.filter(\.isCode).flatMap { file in
            file.lines.indices.filter { file.lines[$0].count > 100 }.map(file.place)
        }
        #expect(found == [])
    }

    @Test func `has functions of at most 60 lines`() {
        var found: [String] = []
        var count = 0
        for file in Repository.swiftFiles {
            for function in file.declarations where function.isFunction {
                guard let length = file.lineCount(of: function) else { continue }
                count += 1
                if length > 60 { found.append("\(file.place(function.line)): \(length)") }
            }
        }
        #expect(found == [])
        // A rule that finds nothing to judge is broken itself.
        #expect(count > 500)
    }

    @Test func `has files that say first what they are for`() {
        let found = Repository.files.filter { file in
            let second = file.lines.dropFirst().first ?? ""
            return file.path.hasSuffix(".swift") && !file.text.hasPrefix("//")
                || file.isScript && !second.hasPrefix("#")
        }
        #expect(found.map(\.path) == [])
    }

    @Test func `has no blanks at line ends, and no tabs in Swift`() {
        let files = Repository.files.filter { $0.isCode || $0.path.hasSuffix(".md") }
        let found = files.flatMap { file in
            file.lines.indices.filter { index in
                let line = file.lines[index]
                return line.last == " " || file.path.hasSuffix(".swift") && line.contains("\t")
            }.map(file.place)
        }
        #expect(found == [])
    }

    @Test func `has files that end with one newline`() {
        let files = Repository.files.filter { $0.isCode || $0.path.hasSuffix(".md") }
        let found = files.filter { !$0.text.hasSuffix("\n") || $0.text.hasSuffix("\n\n") }
        #expect(found.map(\.path) == [])
    }
}

extension TextFile {
    /// True for files that begin with the name of their interpreter.
    var isScript: Bool { text.hasPrefix("#!") }

    var isCode: Bool { path.hasSuffix(".swift") || isScript }
}
