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

    @OptionGroup var manner: MannerOptions

    @Flag(help: "Show what would be done, in which order, and do nothing.")
    var dryRun = false

    @Flag(help: "One JSON object per instance and line.")
    var json = false
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
        let run = ControlRun(
            action: Self.action, isNamed: !options.selectors.isEmpty, manner: options.manner,
            isDryRun: options.dryRun, isJSON: options.json)
        return try run.run(context, scene, on: try scene.selected(by: options.selectors))
    }
}

/// One thing that is asked of some instances.
struct ControlRun {
    let action: ControlAction
    /// The instances are meant one by one, also those that are not enabled.
    let isNamed: Bool
    let manner: MannerOptions
    /// It is only shown.
    var isDryRun = false
    let isJSON: Bool

    /// Does it in the order of the mail flow, and tells of each instance.
    func run(
        _ context: CommandContext, _ scene: Scene,
        on members: [InstanceSet.Member]
    ) throws(CommandFailure) -> CommandStatus {
        let selected = Set(members)
        let view = context.observeFlow(scene, with: .units)
        let plan = ControlPlan(
            action,
            selected: view.snapshot.instances.indices.filter {
                selected.contains(view.snapshot.instances[$0].member)
            },
            isNamed: isNamed, view.snapshot, view.flow)
        let report = ControlReport(view.snapshot, context.console, isJSON: isJSON)
        for skip in plan.skips { report.take(skip, action) }
        if isDryRun {
            report.show(plan)
        } else {
            let operation = ControlOperation(
                context.host, snapshot: view.snapshot, flow: view.flow,
                manner: ControlOperation.Manner(
                    atOnce: manner.jobs, limitSeconds: manner.timeout,
                    way: try context.controlWay(scene, withUnits: !manner.noSystemd)))
            operation.run(plan, onResult: report.take)
        }
        if let fault = report.fault { throw fault }
        return report.status
    }
}
