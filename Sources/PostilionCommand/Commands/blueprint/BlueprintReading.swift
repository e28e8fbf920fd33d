// How commands get at a blueprint: a file or standard input, TOML or JSON; and its faults in words.

import ArgumentParser
import Blueprint
import BlueprintOperations
import Bytes
import HostAccess
import InstanceOperations
import Instances
import TOMLReading

/// The options of every command that compares a blueprint with the host.
struct BlueprintOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "The blueprint, in TOML or JSON; - is standard input.", valueName: "blueprint"),
        completion: .file(extensions: ["toml", "json"]))
    var blueprint: String

    @Flag(help: "Leave running instances as they are, and stopped ones: only files count.")
    var noStart = false

    @Option(
        help: ArgumentHelp(
            "Go on in spite of what doctor finds by this name; repeat for several.",
            valueName: "check"))
    var allow: [String] = []
}

/// A blueprint as it was read, with its text.
struct ReadBlueprint {
    let blueprint: Blueprint
    let text: ByteString
}

extension CommandContext {
    /// Far above any blueprint that a person or a program writes: 64 MiB.
    static let blueprintLimitBytes = 1 << 26

    /// Reads a blueprint; says all that is wrong with it.
    func readBlueprint(_ path: String) throws(CommandFailure) -> ReadBlueprint {
        let text: ByteString
        if path == "-" {
            guard let all = host.input.readAll(limitBytes: Self.blueprintLimitBytes) else {
                throw CommandFailure(.badConfiguration, "standard input is longer than 64 MiB")
            }
            text = all
        } else {
            text = try readText(path, limitBytes: Self.blueprintLimitBytes)
        }
        return try parse(text, called: path == "-" ? "standard input" : path)
    }

    /// Reads a file that somebody names as a blueprint.
    func readText(_ path: String, limitBytes: Int) throws(CommandFailure) -> ByteString {
        do throws(FileError) {
            return ByteString(try host.files.read(ByteString(path), limitBytes: limitBytes).bytes)
        } catch {
            throw CommandFailure(
                .badConfiguration, error.sentence,
                hint: "postilion export writes a blueprint of this host")
        }
    }

    /// Reads the text of a blueprint.
    func parse(_ text: ByteString, called name: String) throws(CommandFailure) -> ReadBlueprint {
        let problems: [TOMLProblem]
        do {
            let first = text.bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
            let document =
                first == 0x7B
                ? try TOMLDocument(file: name, json: text)
                : try TOMLDocument(file: name, text: text.text)
            return ReadBlueprint(blueprint: try Blueprint(document), text: text)
        } catch let problem as TOMLProblem {
            problems = [problem]
        } catch let all as BlueprintProblems {
            problems = all.problems
        } catch {
            problems = []
        }
        throw failure(of: problems)
    }

    /// Says all problems but the last, which is the failure.
    func failure(of problems: [TOMLProblem]) -> CommandFailure {
        for problem in problems.dropLast() {
            console.say("postilion: \(ByteString(problem.description))\n")
        }
        let last = problems.last.map { ByteString($0.description) } ?? "the blueprint is unusable"
        return CommandFailure(.badConfiguration, last, hint: "nothing was changed")
    }

    /// The failure to plan as that of the command.
    func failure(of failure: PlanFailure) -> CommandFailure {
        switch failure {
        case .problems(let all): self.failure(of: all.problems)
        case .operation(let failure): failure.commandFailure
        }
    }

    /// Compares a blueprint with the host.
    func plan(
        _ read: ReadBlueprint, startsAndStops: Bool
    ) throws(CommandFailure) -> PlanOperation.Outcome {
        let installation = try primaryInstallation(on: host)
        do throws(PlanFailure) {
            return try PlanOperation(
                host, installation: installation, blueprint: read.blueprint
            ).decide(startsAndStops: startsAndStops)
        } catch {
            throw failure(of: error)
        }
    }

    /// What keeps a plan from being applied: errors that were not there before, and checks whose
    /// findings always do; without those that the user allows.
    func obstacles(
        _ plan: BlueprintPlan, of blueprint: Blueprint, allowing allowed: [String]
    ) -> [Finding] {
        plan.findings.filter { finding in
            let isObstacle =
                finding.severity == .error || BlueprintPlan.alwaysRefused.contains(finding.id)
            return isObstacle && !allowed.contains(finding.id.text)
                && !blueprint.isAboutFilter(finding)
        }
    }
}

extension Blueprint {
    /// True if nobody listens where a content filter is to be: it is no instance, and may be
    /// started later.
    fileprivate func isAboutFilter(_ finding: Finding) -> Bool {
        guard finding.id == "next-hop-dead",
            finding.place.parameter == "default_transport"
        else { return false }
        return instances.contains { instance in
            finding.instances.contains(instance.name) && instance.filter != nil
        }
    }
}
