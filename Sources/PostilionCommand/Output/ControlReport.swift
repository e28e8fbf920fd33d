// What became of the instances that were to be started, stopped and so on.

import Bytes
import HostAccess
import InstanceOperations
import Instances

/// Tells of each instance as soon as it is known, and adds up the exit status.
final class ControlReport {
    private let snapshot: Snapshot
    private let console: Console
    private let isJSON: Bool
    private let nameWidth: Int
    private var successes = 0
    private var failures = 0
    /// Why standard output takes no more.
    private(set) var fault: CommandFailure?

    init(_ snapshot: Snapshot, _ console: Console, isJSON: Bool) {
        self.snapshot = snapshot
        self.console = console
        self.isJSON = isJSON
        nameWidth = snapshot.instances.map { $0.member.displayName.text.count }.max() ?? 0
    }

    /// Done, failed, or partly done.
    var status: CommandStatus {
        if failures == 0 { return .done }
        return successes == 0 ? .failed : .partlyDone
    }

    /// Tells that nothing is done for an instance.
    func take(_ skip: ControlPlan.Skip, _ action: ControlAction) {
        if skip.reason.isFailure { failures += 1 } else { successes += 1 }
        tell(
            skip.instance, action, skip.reason.isFailure ? "failed" : "unchanged",
            skip.reason.sentence(for: name(skip.instance)),
            skip.reason.isFailure ? .bad : .faint)
    }

    /// Tells how a step ended.
    func take(_ result: ControlOperation.Result) {
        if result.outcome.isDone { successes += 1 } else { failures += 1 }
        let index = result.step.instance
        let notes = [result.outcome.sentence] + result.missingSinks.map(missing)
        tell(
            index, result.step.action, result.outcome.isDone ? "done" : "failed",
            ByteString(notes.compactMap { $0?.text }.joined(separator: "; ")),
            result.outcome.isDone ? .good : .bad, lines: result.lines)
    }

    /// Shows what would be done, wave by wave.
    func show(_ plan: ControlPlan) {
        for (number, wave) in plan.waves.enumerated() {
            for step in wave {
                if isJSON {
                    write(
                        JSONValue.object([
                            .init("instance", .text(name(step.instance))),
                            .init("action", .text(step.action.word)),
                            .init("wave", .number(number + 1)),
                        ]).line)
                } else {
                    write("wave \(number + 1)  \(step.action.word)  \(name(step.instance))\n")
                }
            }
        }
    }

    private func name(_ index: Int) -> ByteString { snapshot.instances[index].member.displayName }

    private func missing(_ sink: Int) -> ByteString? {
        "sends to \(name(sink)), which did not start"
    }

    private func tell(
        _ index: Int, _ action: ControlAction, _ state: ByteString, _ note: ByteString,
        _ style: Style, lines: [ByteString] = []
    ) {
        if isJSON {
            write(
                JSONValue.object([
                    .init("instance", .text(name(index))), .init("action", .text(action.word)),
                    .init("state", .text(state)),
                    .init("reason", note.isEmpty ? .null : .text(note)),
                    .init("log", .list(lines.map { .text($0) })),
                ]).line)
            return
        }
        let shown = name(index)
        let missing = max(0, nameWidth - shown.text.count)
        let blanks = ByteString([UInt8](repeating: 0x20, count: missing))
        var text = "\(shown)\(blanks)  \(action.word)  " + console.styled(state, style)
        if !note.isEmpty { text += ": \(note)" }
        write(text + "\n")
        for line in lines { console.say("  \(line)\n") }
    }

    private func write(_ text: ByteString) {
        guard fault == nil, let error = console.write(text) else { return }
        fault = CommandFailure(.failed, "error writing output: \(error.text)")
    }
}

extension ControlPlan.SkipReason {
    /// The reason, and what mends it.
    fileprivate func sentence(for name: ByteString) -> ByteString {
        switch self {
        case .alreadyRunning: "runs already"
        case .notRunning: "does not run"
        case .notEnabled: "is not enabled: postilion enable \(name)"
        case .broken(let reason): reason.sentence
        case .unseen(let reason): "cannot see whether it runs: \(reason)"
        }
    }
}

extension ControlOperation.Outcome {
    /// What went wrong; nil if nothing did.
    fileprivate var sentence: ByteString? {
        switch self {
        case .done: return nil
        case .failed(let status): return status.sentence
        case .notRun(let error): return error.sentence
        case .notListening(let sockets):
            let places = sockets.map(\.description).joined(separator: ", ")
            return "runs, but does not listen on \(ByteString(places))"
        }
    }
}
