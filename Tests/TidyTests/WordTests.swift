// Words that must not be in code, in names, or anywhere.
//
// Words are put together here from halves, so that this file does not hold them.

import Testing

@Suite struct `Words` {
    private func lines(_ files: [TextFile], with words: [String]) -> [String] {
        files.filter { file in words.contains(where: file.text.contains) }.flatMap { file in
            file.lines.indices.filter { index in
                words.contains { file.lines[index].contains($0) }
            }.map(file.place)
        }
    }

    @Test func `that make crashes of mistakes are not in code`() {
        let banned = ["try" + "!", "as" + "!", "fatal" + "Error(", "unowned(un" + "safe)"]
        let found = Repository.places(in: Repository.swiftFiles) { line, _ in
            banned.first(where: line.contains)
        }
        #expect(found == [])
    }

    @Test func `that put work off are nowhere`() {
        let files = Repository.files.filter { $0.isCode || $0.path.hasSuffix(".md") }
        #expect(lines(files, with: ["TO" + "DO", "FIX" + "ME"]) == [])
    }

    @Test func `for unsafe memory are where system calls are made`() {
        let files = Repository.swiftFiles.filter { !Imports.withSystemCalls.contains($0.target) }
        let found = Repository.places(in: files) { line, _ in
            // A name in backticks is a sentence.
            line.words.contains("un" + "safe") && !line.contains("`") ? "memory" : nil
        }
        #expect(found == [])
    }

    @Test func `that say nothing are in no name of a type or file`() {
        let banned: Set<String> = [
            "Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Utilities", "Common",
            "Core", "Impl", "Misc",
        ]
        var found: [String] = []
        for file in Repository.swiftFiles {
            let name = file.name.dropLast(".swift".count)
            if !banned.isDisjoint(with: name.camelCaseWords) { found.append(file.path) }
            for type in file.declarations where type.isType {
                // A name in backticks is a sentence.
                if file.code[type.line].contains("`") { continue }
                if banned.isDisjoint(with: type.name.camelCaseWords) { continue }
                found.append("\(file.place(type.line)): \(type.name)")
            }
        }
        #expect(found == [])
    }

    /// What would tell of the place or the tools that the code was written with.
    static let workplace = [
        "/wo" + "rk/", "/Us" + "ers/", "/home/" + "runner", "issue " + "#", "issues " + "show",
        "git " + "worktree", "Cla" + "ude", "Anthro" + "pic", "Open" + "AI", "Chat" + "GPT",
        "Co" + "pilot", "language " + "model", "ghcr" + ".io", "docker" + ".io/",
        "artifact" + "ory", "pre" + "amble.md", "sub" + "agent",
    ]

    @Test func `of a workplace are nowhere`() {
        #expect(lines(Repository.files, with: Self.workplace) == [])
    }

    @Test func `of one person's home are nowhere in code`() {
        #expect(lines(Repository.files.filter(\.isCode), with: ["/ro" + "ot/"]) == [])
    }
}

extension StringProtocol {
    /// The words of a name: each begins with a capital letter or a digit.
    fileprivate var camelCaseWords: [String] {
        var words: [String] = []
        for character in self {
            if character.isLowercase, !words.isEmpty {
                words[words.count - 1].append(character)
            } else {
                words.append(character.uppercased())
            }
        }
        return words
    }
}
