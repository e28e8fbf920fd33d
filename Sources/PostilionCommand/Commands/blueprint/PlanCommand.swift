// The command plan: what it would take to make the host what a blueprint says. It only looks.

import ArgumentParser
import Blueprint
import BlueprintOperations
import Bytes
import HostAccess
import InstanceOperations
import Instances

struct PlanCommand: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show what makes this host what a blueprint says.",
        discussion: """
            Shows for each instance what becomes of its files, what has to happen then and why, \
            and the files as diffs. Nothing is written. Instances that the blueprint does not \
            name are left alone, unless it says purge = true; so are lines of main.cf and \
            master.cf that it says nothing of.

            The exit status is 0 if there is nothing to do, and 2 if there is. It is 1 if apply \
            would refuse the plan, and 78 if the blueprint is wrong.

            Examples:
              postilion plan mail.toml
              postilion plan mail.toml --out mail.plan && postilion apply mail.plan
              generate-blueprint | postilion plan - --json
            """)

    @OptionGroup var options: BlueprintOptions

    @Option(
        help: ArgumentHelp(
            "Save the plan; apply refuses it if the host has changed since.", valueName: "file"),
        completion: .file())
    var out: String?

    @Flag(help: "Tell the plan as one JSON object.")
    var json = false

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        let read = try context.readBlueprint(options.blueprint)
        let outcome = try context.plan(read, startsAndStops: !options.noStart)
        let report = PlanReport(plan: outcome.plan, blueprint: read.blueprint)
        if json {
            try context.console.put(report.json(isApplied: false))
        } else {
            try context.console.put(report.text(on: context.console))
        }
        for broken in outcome.broken {
            context.console.warn(broken.configDirectory, broken.reason.sentence)
        }
        let obstacles = context.tell(outcome.plan, report, allowing: options.allow)
        if let out {
            try context.save(
                SavedPlan(
                    file: read.blueprint.file, text: read.text, startsAndStops: !options.noStart,
                    changes: outcome.plan.changes), at: out)
        }
        if obstacles > 0 { return .failed }
        return outcome.plan.isEmpty ? .done : .pending
    }
}

extension CommandContext {
    /// Says what doctor finds in the planned system; returns how much of it is in the way.
    func tell(
        _ plan: BlueprintPlan, _ report: PlanReport, allowing allowed: [String]
    ) -> Int {
        let obstacles = obstacles(plan, of: report.blueprint, allowing: allowed)
        for finding in plan.findings where finding.severity < .note {
            let isObstacle = obstacles.contains(finding)
            let word: ByteString = isObstacle ? "refused" : finding.severity.word
            console.say("postilion: \(word): \(report.line(of: finding))\n")
        }
        if !obstacles.isEmpty {
            console.say("  hint: mend the blueprint, or allow it: --allow \(obstacles[0].id)\n")
        }
        return obstacles.count
    }

    fileprivate func save(_ plan: SavedPlan, at path: String) throws(CommandFailure) {
        do throws(FileError) {
            try host.files.replace(
                try host.files.realPath(ByteString(path)),
                with: FileReplacement(
                    contents: plan.encoded, expected: .anything,
                    // A blueprint may hold secrets, as a main.cf may.
                    attributes: .given(
                        mode: 0o600, owner: host.accounts.effectiveUser,
                        group: 0)))
        } catch {
            throw CommandFailure(.failed, error.sentence)
        }
    }
}
