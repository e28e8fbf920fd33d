// Asks postconf(1) and our reader, expansion and edits of main.cf the same questions.

import Bytes
import PostfixFormats
import TestSupport

/// Asks postconf and us the same things about one file.
struct MainCFComparison {
    let postconf: Postconf
    let scratch: Scratch
    let edits: [[ByteString]]

    init(postconf: Postconf, edits: [[ByteString]]) throws {
        self.postconf = postconf
        self.edits = edits
        scratch = try Scratch()
    }

    /// The first thing in which we and postconf differ, in words; nil if there is none.
    func difference(on file: ByteString) throws -> String? {
        try scratch.write(file, as: "main.cf")
        try scratch.write("", as: "master.cf")
        let main = MainCF(file)
        let answer = try postconf.ask(scratch, ["-n"])
        if let difference = problemDifference(main, answer) { return difference }
        if !main.isBroken {
            if let difference = try valueDifference(main, answer) { return difference }
        }
        return file.contains(0) ? nil : try editingDifference(main)
    }

    private func problemDifference(_ main: MainCF, _ answer: Answer) -> String? {
        let path: ByteString = "\(scratch.path)/main.cf"
        var problems = main.problems
        if let fatal = problems.firstIndex(where: \.isFatal) {
            problems.removeSubrange((fatal + 1)...)
        }
        let ours = problems.map { problem in
            "\(problem.isFatal ? "fatal" : "warning"): \(problem.wording(path: path).asMessage)"
                as ByteString
        }
        let theirs = answer.messages.filter {
            $0.hasPrefix("fatal: \(path)")
                || $0.text.contains("overriding earlier entry")
                || $0.text.contains("must not start with whitespace")
        }
        return ours == theirs ? nil : describe("problems", ours, theirs)
    }

    /// Compares values as written and expanded.
    ///
    /// Whatever is asked, postconf expands all parameters of its own that are set, and dies of the
    /// first it cannot; so these are compared first, and then without.
    private func valueDifference(_ main: MainCF, _ answer: Answer) throws -> String? {
        var main = main
        var answer = answer
        while true {
            let source = source(main)
            var bad: [ByteString: ExpansionError] = [:]
            for name in MainCFGenerator.builtin {
                guard let text = main.value(of: name) else { continue }
                bad[name] = error(expanding: text, in: source)
            }
            if bad.isEmpty { break }
            let isSame = bad.values.contains { error in
                let ours = messages(of: error)
                return ours == Array(answer.messages.suffix(ours.count))
            }
            if !isSame {
                return describe("-n", bad.values.flatMap { messages(of: $0) }, answer.messages)
            }
            main = main.removing(Array(bad.keys))
            try scratch.write(main.text, as: "main.cf")
            answer = try postconf.ask(scratch, ["-n"])
        }
        return try rawDifference(main, answer) ?? expansionDifference(main)
    }

    private func source(_ main: MainCF) -> some ParameterSource {
        let directory = MainCF("config_directory = \(scratch.path)\n")
        let host = HostNameDefaults(main, hostName: postconf.hostName)
        let defaults = LayeredParameters(host, over: ParameterDefaults(postconf.defaults))
        return LayeredParameters(main, over: LayeredParameters(directory, over: defaults))
    }

    private func error(
        expanding text: ByteString, in source: some ParameterSource
    ) -> ExpansionError? {
        do throws(ExpansionError) {
            _ = try ParameterExpansion.expand(text, in: source)
            return nil
        } catch {
            return error
        }
    }

    private func messages(of error: ExpansionError) -> [ByteString] {
        var messages = error.problems.map { problem in
            "\(problem.isFatal ? "fatal" : "warning"): \(problem.wording.asMessage)" as ByteString
        }
        if error.problems.last?.isFatal != true { messages.append("fatal: macro processing error") }
        return messages
    }

    private func rawDifference(_ main: MainCF, _ answer: Answer) -> String? {
        let path: ByteString = "\(scratch.path)/main.cf"
        // What postconf does not print it calls unused, with the value as it is.
        let marker = "unused parameter: "
        var expected = Set<ByteString>()
        var raw = Set<ByteString>()
        for entry in main.entries {
            guard let value = main.value(of: entry.name) else { continue }
            expected.insert(("\(entry.name) = \(value)" as ByteString).withSingleBlanks)
            raw.insert(("\(entry.name)=\(value)" as ByteString).asMessage)
        }
        // The directory of -c counts as set.
        let printed = Set(answer.output.lines).subtracting([
            "config_directory = \(scratch.path)"
        ])
        let reported = Set(
            answer.warnings(containing: marker).map { message in
                message.dropFirst(("warning: \(path): \(marker)" as ByteString).count)
            })
        let unexpected = printed.subtracting(expected).union(reported.subtracting(raw))
        if !unexpected.isEmpty {
            return describe("-n", expected.sorted(), unexpected.sorted())
        }
        let names = Set(main.entries.map(\.name))
        return printed.count + reported.count == names.count
            ? nil : describe("-n", names.sorted(), (printed.union(reported)).sorted())
    }

    private func expansionDifference(_ main: MainCF) throws -> String? {
        let source = source(main)
        var ours: [(name: ByteString, value: ByteString)] = []
        for name in MainCFGenerator.builtin {
            let text = source.unexpandedValue(of: name) ?? ""
            ours.append((name, try ParameterExpansion.expand(text, in: source)))
        }
        let lines = try postconf.ask(scratch, ["-x"] + ours.map(\.name)).output.lines
        let ourLines = ours.map { ("\($0) = \($1)" as ByteString).withSingleBlanks }
        if ourLines != lines { return describe("-x", ourLines, lines) }
        // Without names the values are the same, so this is looked at now and then only.
        if main.text.count.isMultiple(of: 8) {
            let values = try postconf.ask(scratch, ["-xh"] + ours.map(\.name)).output
            let ourValues = ours.map { $0.value.withSingleBlanks + "\n" }.reduce("", +)
            if ourValues != values { return describe("-xh", ourValues.lines, values.lines) }
        }

        // Parameters of the user that nothing refers to are unknown to postconf.
        var failures = 0
        for name in MainCFGenerator.user where failures < 2 {
            guard let text = main.value(of: name), let error = error(expanding: text, in: source)
            else { continue }
            let answer = try postconf.ask(scratch, ["-x", name])
            if !answer.warnings(containing: "unknown parameter").isEmpty { continue }
            failures += 1
            let ours = messages(of: error)
            let theirs = Array(answer.messages.suffix(ours.count))
            if ours != theirs { return describe("-x \(name)", ours, theirs) }
        }
        return nil
    }

    private func editingDifference(_ main: MainCF) throws -> String? {
        for edit in edits {
            var ours = edited(main, edit)?.text
            var theirs = try postconf.edit(main.text, as: "main.cf", in: scratch, edit)
            if edit[0] == "-e" {
                // Releases before 3.7.17, 3.8.12, 3.9.6, 3.10.5 append in the order of a hash.
                let present = Set(MainCFCase.names(in: main.text))
                let names = edit.dropFirst(2).compactMap {
                    try? MainCF.Assignment(argument: $0).name
                }
                let appended = Set(names).subtracting(present).count
                ours = ours?.withLastLinesSorted(appended)
                theirs = theirs?.withLastLinesSorted(appended)
            }
            if ours != theirs {
                let title = edit.map { String(reflecting: $0.text) }.joined(separator: " ")
                return describe(title, ours?.lines ?? ["refused"], theirs?.lines ?? ["refused"])
            }
        }
        return nil
    }

    /// Our edit for the same arguments; nil if we refuse.
    private func edited(_ main: MainCF, _ edit: [ByteString]) -> MainCF? {
        let arguments = edit.dropFirst(2)
        do throws(MainCF.ArgumentFault) {
            switch edit[0] {
            case "-#": return main.commentingOut(try arguments.map(MainCF.name(argument:)))
            case "-X": return main.removing(try arguments.map(MainCF.name(argument:)))
            default: return main.setting(try arguments.map(MainCF.Assignment.init(argument:)))
            }
        } catch {
            return nil
        }
    }
}

extension ByteString {
    fileprivate func withLastLinesSorted(_ count: Int) -> ByteString {
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map {
            ByteString($0)
        }
        let end = lines.count - 1
        let start = Swift.max(0, end - count)
        let sorted = lines[..<start] + lines[start..<end].sorted() + lines[end...]
        return ByteString(Array(sorted.map(\.bytes).joined(separator: [0x0A])))
    }
}
