// Carries a plan out: checks, files, tables, then instances; and takes all back if that fails.

import Blueprint
import BlueprintOperations
import Bytes
import HostAccess
import InstanceOperations
import Instances

/// One run of apply.
struct BlueprintApplying {
    private let context: CommandContext
    private let read: ReadBlueprint
    private let outcome: PlanOperation.Outcome
    private let startsAndStops: Bool
    private let manner: MannerOptions
    private let isJSON: Bool
    private let installation: Installation
    private let commandDirectory: ByteString

    init(
        _ context: CommandContext, read: ReadBlueprint, outcome: PlanOperation.Outcome,
        startsAndStops: Bool, manner: MannerOptions, isJSON: Bool
    ) throws(CommandFailure) {
        self.context = context
        self.read = read
        self.outcome = outcome
        self.startsAndStops = startsAndStops
        self.manner = manner
        self.isJSON = isJSON
        installation = try context.primaryInstallation(on: context.host)
        let primary = outcome.snapshot.instances.first?.parameters
        guard let directory = try? primary?.value(of: "command_directory") else {
            throw CommandFailure(.badConfiguration, "the primary cannot be read")
        }
        commandDirectory = directory
    }

    private var console: Console { context.console }
    private var plan: BlueprintPlan { outcome.plan }

    func run() throws(CommandFailure) -> CommandStatus {
        try check()
        try control([.stop], of: plan.instances.filter { $0.kind == .removed })
        try commit()
        let failures = try compile()
        guard failures == 0 else {
            return try takeBack("\(failures) tables could not be compiled")
        }
        if isJSON {
            try console.put(PlanReport(plan: plan, blueprint: read.blueprint).json(isApplied: true))
        } else if !plan.changes.isEmpty {
            try console.put("done: \(plan.changes.summary)\n")
        }
        guard startsAndStops else { return .done }
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
                context.host, outcome: outcome, commandDirectory: commandDirectory
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

    // MARK: files and tables

    private func commit() throws(CommandFailure) {
        do throws(ApplyOperation.Refusal) {
            try ApplyOperation(
                context.host, installation: installation, blueprint: read.blueprint
            ).commit(plan, text: read.text, startsAndStops: startsAndStops) { context.tell($0) }
        } catch {
            switch error {
            case .plan(let failure): throw context.failure(of: failure)
            case .changedMeanwhile:
                throw CommandFailure(
                    .failed, "another program changes instances at the same time",
                    hint: "nothing was changed; run it again")
            }
        }
    }

    /// Returns how many tables could not be compiled.
    private func compile() throws(CommandFailure) -> Int {
        let failures = TableCompiler(context.host, commandDirectory: commandDirectory)
            .compile(plan.compilations, atOnce: manner.jobs)
        for (table, said) in failures {
            console.say("postilion: \(table.type):\(table.path): \(said.oneLineText)\n")
        }
        return failures.count
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
        let undo = UndoOperation(context.host, installation: installation)
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
        let compiler = TableCompiler(context.host, commandDirectory: commandDirectory)
        let tables = compiler.tables(
            editedBy: changes, in: touched.map(\.configDirectory), installation: installation)
        for (table, said) in compiler.compile(tables, atOnce: manner.jobs) {
            console.say("postilion: \(table.type):\(table.path): \(said.oneLineText)\n")
        }
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

extension ByteString {
    /// The text on one line.
    fileprivate var oneLineText: ByteString {
        ByteString(split { $0 == 0x0A }.map(\.text).joined(separator: "; "))
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
