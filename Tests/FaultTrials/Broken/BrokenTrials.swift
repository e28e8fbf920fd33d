// Damages one of five secondaries and looks whether every command still serves the other four.

import Bytes
import TestSupport

/// One damaged instance, and all commands for the others.
struct BrokenTrials {
    let bench: Bench
    private let five: HostTree

    init(on bench: Bench) throws {
        self.bench = bench
        try bench.reset(to: bench.pristine)
        try bench.mustSucceed(["-e", "init"])
        for name in ["a", "b", "bad", "c", "d"] {
            try bench.mustSucceed(["-e", "create", "-I", "postfix-\(name)", "-G", "mta"])
        }
        try bench.mustSucceed(["-e", "enable", "-i", "b"])
        five = try bench.tree()
    }

    /// Plays one kind of damage; tells which commands did not work.
    func complaints(about damage: Damage) throws -> [String] {
        try bench.reset(to: five)
        try damage.apply(on: bench)
        var found = try complaintsAboutReading(damage)
        if bench.isStock { return found }
        found += try complaintsAboutStatus(damage)
        for edit in Self.edits { found += try complaints(about: edit, damage) }
        return found + (try complaintsAboutRemoval(damage))
    }

    // MARK: commands that only read

    private static let sound = ["a", "b", "c", "d"].map { "postfix-\($0)" }

    private func complaintsAboutReading(_ damage: Damage) throws -> [String] {
        var found: [String] = []
        let list = try run(["-l"], damage)
        let listed = names(list.output)
        if listed.filter(Self.sound.contains) != Self.sound {
            found.append("-l shows \(listed): \(list.errors)")
        }
        found += complaintsAboutMessages("-l", list, damage, isAsked: true)
        let echo: [ByteString] = ["/bin/sh", "-c", "echo $multi_instance_name"]
        let each = try run(["-x"] + echo, damage)
        if names(each.output).filter(Self.sound.contains) != Self.sound {
            found.append("-x runs for \(names(each.output)): \(each.errors)")
        }
        found += complaintsAboutMessages("-x", each, damage, isAsked: true)
        let one = try run(["-i", "d", "-x"] + echo, damage)
        if one.output != "postfix-d\n" || !one.succeeded {
            found.append("-i d -x: \(one.ending) \(one.errors)")
        }
        if bench.isStock { return found }
        found += complaintsAboutMessages("-i d -x", one, damage, isAsked: false)
        let json = try run(["-jl"], damage)
        let objects = json.output.split { $0 == 0x0A }
        if objects.count != listed.count + 1 { found.append("-jl: \(json.output)") }
        found += complaintsAboutMessages("-jl", json, damage, isAsked: true)
        return found
    }

    /// The first words of the lines, without the primary's.
    private func names(_ output: ByteString) -> [String] {
        output.split { $0 == 0x0A }.compactMap { $0.split { $0 == 0x20 }.first?.text }
            .filter { $0 != "-" }
    }

    private func complaintsAboutStatus(_ damage: Damage) throws -> [String] {
        bench.ageConfiguration()
        // On a terminal every instance says that it is not running.
        var words = damage.tracer.map(\.text).joined(separator: " ")
        words += " /usr/sbin/postmulti -p status"
        let answer = try ChildProcess(
            "/usr/bin/script", ["-qec", ByteString(words), "/dev/null"], deadlineSeconds: 20
        ).run()
        let text = answer.output.text
        return Self.sound.filter { !text.contains("\($0)/postfix-script: the Postfix") }
            .map { "-p status for \($0): \(text)" }
    }

    // MARK: commands that change something

    /// An edit of another instance, and what the listing is to have afterwards.
    private struct Edit {
        var arguments: [ByteString]
        var listed: String?
        var unlisted: String?
    }

    private static let edits = [
        Edit(arguments: ["-e", "init"], listed: "postfix-a "),
        Edit(
            arguments: ["-e", "enable", "-i", "d"],
            listed: "postfix-d       mta             y "),
        Edit(
            arguments: ["-e", "disable", "-i", "b"],
            listed: "postfix-b       mta             n "),
        Edit(
            arguments: ["-e", "assign", "-i", "c", "-I", "postfix-cc"],
            listed: "postfix-cc      mta "),
        Edit(arguments: ["-e", "create", "-I", "postfix-e"], listed: "postfix-e  "),
        Edit(arguments: ["-e", "deport", "-i", "d"], unlisted: "postfix-d "),
        Edit(arguments: ["-e", "destroy", "-i", "d"], unlisted: "postfix-d "),
    ]

    private func complaints(about edit: Edit, _ damage: Damage) throws -> [String] {
        try bench.reset(to: five)
        try damage.apply(on: bench)
        let answer = try run(edit.arguments, damage)
        let name = edit.arguments.map(\.text).joined(separator: " ")
        if !answer.succeeded { return ["\(name): \(answer.ending) \(answer.errors)"] }
        var found: [String] = []
        // init has no need to look at secondaries.
        if edit.arguments != ["-e", "init"] {
            found = complaintsAboutMessages(name, answer, damage, isAsked: false)
        }
        let listing = try run(["-l"], damage).output.text
        if let listed = edit.listed, !listing.contains(listed) {
            found.append("\(name): not listed: \(listing)")
        }
        if let unlisted = edit.unlisted, listing.contains(unlisted) {
            found.append("\(name): still listed: \(listing)")
        }
        return found
    }

    /// The broken one itself can be taken out, and then all is well.
    private func complaintsAboutRemoval(_ damage: Damage) throws -> [String] {
        var found: [String] = []
        for action: ByteString in ["deport", "destroy"] {
            try bench.reset(to: five)
            try damage.apply(on: bench)
            let said: ByteString = damage.severity == .fatal ? damage.directory : "bad"
            let answer = try run(["-e", action, "-i", said], damage)
            if !answer.succeeded { found.append("\(action): \(answer.ending) \(answer.errors)") }
            let list = try bench.postmulti(["-l"])
            if !list.succeeded || !list.errors.isEmpty || names(list.output) != Self.sound {
                found.append("\(action), then -l: \(list.output) \(list.errors)")
            }
        }
        return found
    }

    // MARK: running

    private func run(_ arguments: [ByteString], _ damage: Damage) throws -> Bench.Answer {
        bench.ageConfiguration()
        return try bench.postmulti(arguments, tracer: damage.tracer, deadlineSeconds: 10)
    }

    /// The broken one is one line on standard error, and counts if it was among those asked for.
    private func complaintsAboutMessages(
        _ name: String, _ answer: Bench.Answer, _ damage: Damage, isAsked: Bool
    ) -> [String] {
        if bench.isStock { return [] }
        let lines = answer.errors.split { $0 == 0x0A }
        let expected: ChildProcess.Ending
        switch damage.severity {
        case .fatal:
            expected = .exited(isAsked ? 1 : 0)
            if lines.count != 1 || !lines[0].text.contains(damage.directory.text) {
                return ["\(name): not one line about it: \(answer.errors)"]
            }
        case .harmless:
            expected = .exited(0)
            if !lines.isEmpty { return ["\(name): says \(answer.errors)"] }
        }
        return answer.ending == expected ? [] : ["\(name): \(answer.ending)"]
    }
}
