// The command apply: makes the host what a blueprint says, all of it or nothing.

import ArgumentParser
import Blueprint
import BlueprintOperations
import Bytes
import HostAccess
import InstanceOperations
import Instances

struct ApplyCommand: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Make this host what a blueprint, or a saved plan, says.",
        discussion: """
            First the planned system is checked, by doctor and by Postfix on a copy. Then all \
            files change in one transaction; tables are compiled, and instances started, \
            stopped, reloaded or restarted in the order of the mail flow. If one of these fails, \
            the files are put back and what ran is said.

            A saved plan is refused if the host has changed since it was made. Applying a \
            blueprint twice does nothing the second time. Only what removes instances has to be \
            confirmed.

            Examples:
              postilion apply mail.toml
              postilion apply mail.plan
              postilion rehearse mail.toml && postilion apply mail.toml
            """)

    @OptionGroup var options: BlueprintOptions

    @OptionGroup var confirmation: ConfirmationOptions

    @OptionGroup var manner: MannerOptions

    @Flag(help: "Tell what was done as JSON: the plan, then one object per instance.")
    var json = false

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        let (read, saved) = try readBlueprintOrPlan(context)
        let startsAndStops = saved?.startsAndStops ?? !options.noStart
        let outcome = try context.plan(read, startsAndStops: startsAndStops)
        let report = PlanReport(plan: outcome.plan, blueprint: read.blueprint)
        if let saved, !saved.changes.isSame(as: outcome.plan.changes) {
            throw CommandFailure(
                .failed, "the host has changed since the plan was made; nothing was changed",
                hint: "look at it anew: postilion plan \(saved.file)")
        }
        if outcome.plan.isEmpty {
            if json {
                try context.console.put(report.json(isApplied: true))
            } else {
                try context.console.put(report.text(on: context.console))
            }
            return .done
        }
        guard context.tell(outcome.plan, report, allowing: options.allow) == 0 else {
            throw CommandFailure(.failed, "nothing was changed")
        }
        let removed = outcome.plan.instances.filter { $0.kind == .removed }.map(\.name)
        if !removed.isEmpty { try context.confirm("remove", removed, confirmation) }
        let commit = try BlueprintCommit(
            context, read: read, outcome: outcome, startsAndStops: startsAndStops)
        return try BlueprintApplying(commit, manner: manner, isJSON: json).run()
    }

    private func readBlueprintOrPlan(
        _ context: CommandContext
    ) throws(CommandFailure) -> (ReadBlueprint, SavedPlan?) {
        guard options.blueprint != "-" else {
            return (try context.readBlueprint("-"), nil)
        }
        let text = try context.readText(
            options.blueprint, limitBytes: 4 * CommandContext.blueprintLimitBytes)
        guard SavedPlan.isPlan(text) else {
            return (try context.parse(text, called: options.blueprint), nil)
        }
        guard let saved = SavedPlan(decoding: text) else {
            throw CommandFailure(
                .badConfiguration, "\(ByteString(options.blueprint)) is no whole plan",
                hint: "make it anew: postilion plan BLUEPRINT --out FILE")
        }
        return (try context.parse(saved.text, called: saved.file.text), saved)
    }
}
