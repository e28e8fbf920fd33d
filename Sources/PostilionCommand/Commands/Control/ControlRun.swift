// What start, stop and their like have in common: options, order, and the report.

import ArgumentParser
import Bytes
import HostAccess
import InstanceOperations
import Instances

/// The options of all control commands.
struct ControlOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp("Which instances; all without one.", valueName: "selector"),
        completion: .selectors)
    var selectors: [String] = []

    @Option(name: .shortAndLong, help: "How many instances at the same time.")
    var jobs = 8

    @Option(help: ArgumentHelp("How long one instance may take.", valueName: "seconds"))
    var timeout = 60

    @Flag(help: "Ask Postfix itself, even if systemd has a unit for the instance.")
    var noSystemd = false

    @Flag(help: "Show what would be done, in which order, and do nothing.")
    var dryRun = false

    @Flag(help: "One JSON object per instance and line.")
    var json = false

    func validate() throws {
        if jobs < 1 { throw ValidationError("--jobs \(jobs): at least 1") }
        if !(1...86_400).contains(timeout) {
            throw ValidationError("--timeout \(timeout): from 1 to 86400 seconds")
        }
    }
}

/// A command that controls instances.
protocol ControlCommand: HostCommand {
    /// What it asks for.
    static var action: ControlAction { get }
    /// Which instances, and how.
    var options: ControlOptions { get }
}

extension ControlCommand {
    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        guard options.dryRun || context.host.accounts.effectiveUser == 0 else {
            throw CommandFailure(
                .notPermitted, "\(Self.action.rawValue): only root may do this",
                hint: "run it with sudo")
        }
        let scene = try context.observeInstances()
        let selected = Set(try scene.selected(by: options.selectors))
        let view = context.observeFlow(scene, with: .units)
        let plan = ControlPlan(
            Self.action,
            selected: view.snapshot.instances.indices.filter {
                selected.contains(scene.instances.members[$0])
            },
            isNamed: !options.selectors.isEmpty, view.snapshot, view.flow)
        let report = ControlReport(view.snapshot, context.console, isJSON: options.json)
        for skip in plan.skips { report.take(skip, Self.action) }
        if options.dryRun {
            report.show(plan)
        } else {
            let operation = ControlOperation(
                context.host, snapshot: view.snapshot, flow: view.flow,
                manner: ControlOperation.Manner(
                    atOnce: options.jobs, limitSeconds: options.timeout,
                    way: try context.controlWay(scene, withUnits: !options.noSystemd)))
            operation.run(plan, onResult: report.take)
        }
        if let fault = report.fault { throw fault }
        return report.status
    }
}
