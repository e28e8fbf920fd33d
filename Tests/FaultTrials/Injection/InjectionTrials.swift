// Plays every fault at every file-changing call of an action, and looks at what is left.

import Bytes
import TestSupport

/// The faults of one kind in one action.
struct InjectionTrials {
    let bench: Bench
    let action: LifecycleAction
    /// The host and its listing before the action and after one in which nothing went wrong.
    private let before: ByteString
    private let finished: HostTree
    private let after: ByteString
    let calls: [SystemCall]

    init(_ action: LifecycleAction, on bench: Bench) throws {
        self.bench = bench
        self.action = action
        try bench.reset(to: action.start)
        guard let before = try bench.listing() else {
            throw Bench.Failure(description: "\(action.name): no listing before")
        }
        calls = try SystemCallTrace.calls(of: action.arguments, on: bench)
        finished = try bench.tree()
        guard let after = try bench.listing() else {
            throw Bench.Failure(description: "\(action.name): no listing afterwards")
        }
        self.before = before
        self.after = after
    }

    /// Plays one fault; tells what is wrong afterwards.
    func complaints(about fault: Fault) throws -> [String] {
        try bench.reset(to: action.start)
        let answer = try bench.postmulti(
            action.arguments, tracer: fault.tracer(among: calls))
        let left = try bench.tree()
        var complaints = try complaintsAboutFiles(left)
        complaints += complaintsAboutAnswer(answer, left, fault)
        if case .error = fault.effect, !answer.succeeded {
            complaints += complaintsAboutLitter(left)
        }
        complaints += try complaintsAboutRerun(afterwards: left)
        return complaints
    }

    /// Every configuration file is the old or the new one, and all commands work.
    private func complaintsAboutFiles(_ left: HostTree) throws -> [String] {
        var complaints: [String] = []
        let paths = Set(
            [action.start, finished, left].flatMap(\.configurationFiles))
        for path in paths.sorted() {
            let content = left.content(of: path)
            let allowed = [action.start.content(of: path), finished.content(of: path)]
            if !allowed.contains(content) { complaints.append("\(path) is neither old nor new") }
        }
        let listing = try bench.listing()
        if listing != before && listing != after {
            complaints.append("-l: \(listing?.text ?? "fails")")
        }
        if listing == after && listing != before {
            // What is listed is there as a whole, even if something is still to be cleared away.
            complaints += finished.configurationFiles.filter { left.content(of: $0) == nil }
                .map { "half made: no \($0)" }
        }
        if let complaint = try bench.postfixComplaint(left) { complaints.append(complaint) }
        return complaints
    }

    private func complaintsAboutAnswer(
        _ answer: Bench.Answer, _ left: HostTree, _ fault: Fault
    ) -> [String] {
        var complaints: [String] = []
        if answer.ending == .deadlinePassed { complaints.append("hangs") }
        let missing = finished.withoutOwnState.differences(from: left.withoutOwnState)
        if answer.succeeded, let path = missing.first {
            complaints.append("exit status 0, but not done: \(path)")
        }
        if case .error = fault.effect, !answer.succeeded, !bench.isStock {
            // The step is known by the path that it is about.
            if !answer.errors.text.contains("/") {
                complaints.append("no step in the message: \(answer.errors)")
            }
        }
        return complaints
    }

    /// After an error that has passed, everything is as before or as it should be.
    private func complaintsAboutLitter(_ left: HostTree) -> [String] {
        let files = left.withoutOwnState
        let undone = files.differences(from: action.start.withoutOwnState)
        if undone.isEmpty { return left.unfinishedFiles }
        // After the commit point the rest is for the next command, which is looked at, too.
        if left.content(of: "/etc/postfix/main.cf")
            == finished.content(of: "/etc/postfix/main.cf"), action.start != finished
        {
            return []
        }
        return ["left behind: \(undone.map(\.text).joined(separator: " "))"]
    }

    /// The same command again gives what it would have given without the fault.
    private func complaintsAboutRerun(afterwards left: HostTree) throws -> [String] {
        bench.ageConfiguration()
        let wasDone = left.withoutOwnState == finished.withoutOwnState
        let answer = try bench.postmulti(action.arguments)
        let final = try bench.tree()
        var complaints = final.unfinishedFiles
        if !answer.succeeded && !wasDone {
            complaints.append("once more: \(answer.ending) \(answer.errors)")
        }
        let differing = final.withoutOwnState.differences(from: finished.withoutOwnState)
        if !differing.isEmpty {
            complaints.append(
                "once more leaves: \(differing.map(\.text).joined(separator: " "))")
        }
        return complaints
    }
}
