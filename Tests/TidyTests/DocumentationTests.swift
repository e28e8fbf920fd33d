// What is visible across targets has a documentation comment.
//
// Exempt are initialisers and stored properties, whose type says what they are, and what a
// protocol of the package or of the language demands, because it is documented there.

import Testing

@Suite struct `Documentation` {
    /// Requirements of the language's own protocols.
    private static let language: Set<String> = [
        "description", "testDescription", "appendLiteral", "appendInterpolation", "<", "==",
    ]

    private let sources = Repository.swiftFiles.filter { $0.path.hasPrefix("Sources/") }

    @Test func `is there for all that protocols demand`() {
        let found = sources.flatMap { file in
            file.requirements.filter { !file.isDocumented($0) }.map { file.place($0.line) }
        }
        #expect(found == [])
    }

    @Test func `is there for all that other targets see`() {
        let demanded = Set(sources.flatMap(\.requirements).map(\.name)).union(Self.language)
        var found: [String] = []
        var count = 0
        for file in sources {
            for one in file.declarations where one.modifiers.contains("package") {
                let isComputed = one.keyword == "var" && file.code[one.line].contains("{")
                guard one.isType || one.keyword == "func" || isComputed,
                    !demanded.contains(one.name)
                else { continue }
                count += 1
                if !file.isDocumented(one) { found.append("\(file.place(one.line)): \(one.name)") }
            }
        }
        #expect(found == [])
        // A rule that finds nothing to judge is broken itself.
        #expect(count > 100)
    }

    @Test func `of tests is their names, which are sentences`() {
        var found: [String] = []
        for file in Repository.swiftFiles where file.path.hasPrefix("Tests/") {
            for index in file.code.indices where file.code[index].trimmed.hasPrefix("@Test") {
                let declared = file.code[index...].first { $0.words.contains("func") } ?? ""
                if !declared.contains("func `") { found.append(file.place(index)) }
            }
        }
        #expect(found == [])
    }

    @Test func `of scenarios gives each a number of its own`() {
        // The number is the name of the scenario's host, and several play at the same time.
        let mark = "Scenario.play(\""
        let numbers = Repository.swiftFiles.filter { $0.target == "RealPostfixTests" }
            .flatMap(\.lines).compactMap { line in
                line.firstRange(of: mark).map { line[$0.upperBound...].prefix { $0 != "\"" } }
            }
        #expect(numbers.count > 10)
        #expect(Set(numbers).count == numbers.count)
    }

    @Test func `that is golden is used by a test`() {
        let golden = Repository.files.filter { $0.path.contains("/Golden/") }
        let unused = golden.filter { file in
            let stem = file.name.prefix { $0 != "." }
            return !Repository.swiftFiles.contains {
                $0.target == file.target && $0.text.contains(stem)
            }
        }
        #expect(unused.map(\.path) == [])
    }
}

extension TextFile {
    /// What the protocols in the file demand.
    fileprivate var requirements: [Declaration] {
        let declarations = declarations
        return declarations.filter { $0.keyword == "protocol" }.flatMap { one in
            let end = code[one.line...].firstIndex { $0.hasPrefix("}") } ?? one.line
            return declarations.filter { (one.line + 1..<max(end, one.line + 1)).contains($0.line) }
        }
    }

    /// True if a documentation comment stands in front of the declaration.
    fileprivate func isDocumented(_ declaration: Declaration) -> Bool {
        let before = lines[..<declaration.line].last { !$0.trimmed.hasPrefix("@") } ?? ""
        return before.trimmed.hasPrefix("///")
    }
}
