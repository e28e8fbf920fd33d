// One command in one situation, and what must be true afterwards.

import Bytes
import TestSupport

/// A situation that shell text makes, and the command that meets it.
struct Scenario {
    enum Outcome {
        /// Exit status 0, and nothing to complain about.
        case done
        /// Exit status 1, a message, and no file changed.
        case refused
        /// Either, but nothing else.
        case doneOrRefused
    }

    var name: String
    /// Shell text that makes the situation.
    var prepare = ":"
    var arguments: [ByteString]
    /// The environment; the usual one if empty.
    var environment: [ByteString] = []
    /// A program that the command runs under.
    var tracer: [ByteString] = []
    var outcome: Outcome
    /// What must be in the message.
    var says: [String] = []
    /// Shell text that fails, and says why, if something is wrong afterwards.
    var check = ":"
    /// Shell text that ends what `prepare` has started.
    var cleanUp = ":"

    /// Plays it from a host; tells what is wrong.
    func complaints(on bench: Bench, from start: HostTree) throws -> [String] {
        try bench.reset(to: start)
        try Bench.shell(prepare)
        bench.ageConfiguration()
        let before = try bench.tree()
        var command = bench.command(arguments, tracer: tracer, deadlineSeconds: 20)
        if !environment.isEmpty { command.environment = environment }
        let answer = try command.run()
        var found = complaints(about: answer)
        if answer.ending != .exited(0) {
            let changed = try bench.tree().withoutOwnState
                .differences(from: before.withoutOwnState)
            found += changed.map { "changed: \($0)" }
        }
        if !bench.isStock { found += complaintsAboutWords(answer) }
        let checked = try ChildProcess("/bin/sh", ["-c", ByteString(check)]).run()
        if !checked.succeeded { found.append("\(checked.output)\(checked.errors)") }
        try Bench.shell(cleanUp)
        return found
    }

    private func complaints(about answer: Bench.Answer) -> [String] {
        let isAllowed: Bool
        switch outcome {
        case .done: isAllowed = answer.ending == .exited(0)
        case .refused: isAllowed = answer.ending == .exited(1)
        case .doneOrRefused: isAllowed = [.exited(0), .exited(1)].contains(answer.ending)
        }
        return isAllowed ? [] : ["\(answer.ending): \(answer.errors)"]
    }

    private func complaintsAboutWords(_ answer: Bench.Answer) -> [String] {
        let text = answer.errors.text
        if !answer.succeeded && text.isEmpty { return ["refused without a word"] }
        return says.filter { !text.contains($0) }.map { "does not say '\($0)': \(text)" }
    }

    /// Plays the chosen ones of many.
    static func play(
        _ scenarios: [Scenario], _ title: String, on bench: Bench, from start: HostTree,
        _ scope: Scope
    ) throws -> Tally {
        var tally = Tally(title)
        for scenario in scope.chosen(scenarios, name: \.name) {
            tally.add(scenario.name, try scenario.complaints(on: bench, from: start))
        }
        return tally
    }
}
