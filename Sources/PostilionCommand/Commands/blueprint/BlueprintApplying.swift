// Carries a plan out: checks, files, tables, then instances; and takes all back if that fails.

import Blueprint
import BlueprintOperations
import Bytes
import HostAccess
import InstanceOperations
import Instances

/// One run of apply.
struct BlueprintApplying {
    private let commit: BlueprintCommit
    private let manner: MannerOptions
    private let isJSON: Bool

    init(_ commit: BlueprintCommit, manner: MannerOptions, isJSON: Bool) {
        self.commit = commit
        self.manner = manner
        self.isJSON = isJSON
    }

    private var context: CommandContext { commit.context }
    private var console: Console { context.console }
    private var plan: BlueprintPlan { commit.outcome.plan }

    func run() throws(CommandFailure) -> CommandStatus {
        try check()
        try control([.stop], of: plan.instances.filter { $0.kind == .removed })
        try commit.putFiles()
        let failures = commit.compile(plan.compilations, atOnce: manner.jobs)
        guard failures == 0 else {
            return try takeBack("\(failures) tables could not be compiled")
        }
        if isJSON {
            try console.put(
                PlanReport(plan: plan, blueprint: commit.read.blueprint).json(isApplied: true))
        } else if !plan.changes.isEmpty {
            try console.put("done: \(plan.changes.summary)\n")
        }
        guard commit.startsAndStops else { return .done }
        // Who is to take mail has to be there before those who send to it look for it.
        let kept = plan.instances.filter { $0.kind != .removed }
        let status = try control([.stop, .start, .restart, .reload], of: kept)
        guard status == .done else {
            return try takeBack("not all instances do what they should")
        }
        return .done
    }

    // MARK: checks

    private func check() throws(CommandFailure) {
        let reports: [ScratchCheck.Report]
        do throws(PlanFailure) {
            reports = try ScratchCheck(
                context.host, outcome: commit.outcome, commandDirectory: commit.commandDirectory
            ).run(atOnce: manner.jobs) { done, all in progress("checked", done, all) }
        } catch {
            throw context.failure(of: error)
        }
        endProgress()
        for report in reports {
            for line in report.lines {
                console.say("postilion: \(report.instance): \(report.command): \(line)\n")
            }
        }
        guard let refused = reports.first(where: \.isRefused) else { return }
        throw CommandFailure(
            .failed, "\(refused.instance): \(refused.command) refuses the planned files",
            hint: refused.lines.isEmpty
                ? "nothing was changed; the mail log says why" : "nothing was changed")
    }

    private func progress(_ word: ByteString, _ done: Int, _ all: Int) {
        guard all > 1, console.showsProgress else { return }
        console.say("\r\(word) \(done) of \(all)")
    }

    private func endProgress() {
        if console.showsProgress { console.say("\r\u{1B}[K") }
    }

    // MARK: instances

    /// Starts, stops and so on, what the plan says.
    @discardableResult
    private func control(
        _ actions: [ControlAction], of instances: [InstancePlan]
    ) throws(CommandFailure) -> CommandStatus {
        var status = CommandStatus.done
        for action in actions {
            let result = try control(action, of: instances.filter { $0.next.action == action })
            if result != .done { status = result }
        }
        return status
    }

    @discardableResult
    private func control(
        _ action: ControlAction, of instances: [InstancePlan]
    ) throws(CommandFailure) -> CommandStatus {
        if instances.isEmpty { return .done }
        let meant = Set(instances.map(\.configDirectory))
        // The files may be others than those that the plan was made of.
        let scene = try context.observeInstances()
        return try ControlRun(action: action, isNamed: true, manner: manner, isJSON: isJSON)
            .run(
                context, scene,
                on: scene.instances.members.filter { meant.contains($0.configDirectory) })
    }

    // MARK: and back

    /// Puts all files back, with the instances that were already touched as they were.
    private func takeBack(_ reason: ByteString) throws(CommandFailure) -> CommandStatus {
        console.say("postilion: \(reason); the files are put back\n")
        let touched = plan.instances.filter { $0.kind != .removed }
        try control(.stop, of: touched.filter { $0.next == .start })
        let undo = UndoOperation(context.host, installation: commit.installation)
        var changes: ChangeSet?
        do throws(OperationFailure) {
            if let generation = try undo.ownGeneration() {
                changes = try undo.run(generation: generation) { context.tell($0) }?
                    .get(orSay: context)?.changes
            }
        } catch {
            throw notBack(reason, error.commandFailure.message)
        }
        guard let changes else { throw notBack(reason, "it is not in the history") }
        let tables = commit.compiler.tables(
            editedBy: changes, in: touched.map(\.configDirectory),
            installation: commit.installation)
        _ = commit.compile(tables, atOnce: manner.jobs)
        try control(.restart, of: touched.filter { $0.next == .restart })
        try control(.reload, of: touched.filter { $0.next == .reload })
        throw CommandFailure(
            .failed, "\(reason); all files are as before",
            hint: "mend the blueprint and apply it again")
    }

    private func notBack(_ reason: ByteString, _ obstacle: ByteString) -> CommandFailure {
        CommandFailure(
            .partlyDone, "\(reason), and the files could not be put back: \(obstacle)",
            hint: "mend that and apply again, or take it back: postilion undo")
    }
}

extension InstancePlan.NextStep {
    /// The action of postfix(1); nil if there is none.
    fileprivate var action: ControlAction? {
        switch self {
        case .nothing, .postmap: nil
        case .reload: .reload
        case .restart: .restart
        case .start: .start
        case .stop: .stop
        }
    }
}

extension UndoOperation.Outcome {
    /// The plan; a refusal is said.
    fileprivate func get(orSay context: CommandContext) -> UndoPlan? {
        do throws(UndoRefusal) {
            return try get()
        } catch {
            context.console.say("postilion: \(error.commandFailure.message)\n")
            return nil
        }
    }
}
