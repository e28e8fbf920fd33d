// The command drift: where the host is not what the blueprint says any more. It only looks.

import ArgumentParser
import Blueprint
import BlueprintOperations
import Bytes
import HostAccess
import Instances
import PostfixFormats

struct DriftCommand: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "drift",
        abstract: "Show where this host differs from the blueprint.",
        discussion: """
            Compares with the blueprint that was applied last, or with the one that is named, \
            and shows each parameter, service and table that is another one, what is wanted and \
            what was found. Nothing is written.

            The exit status is 0 if all is as it should be, and 2 if not.

            Examples:
              postilion drift
              postilion drift mail.toml --json
            """)

    @Argument(
        help: ArgumentHelp(
            "The blueprint; the one that was applied last without.", valueName: "blueprint"),
        completion: .file(extensions: ["toml", "json"]))
    var blueprint: String?

    @Flag(help: "Leave out what runs and does not: only files count.")
    var noStart = false

    @Flag(help: "One JSON object per difference and line.")
    var json = false

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        let read: ReadBlueprint
        if let blueprint {
            read = try context.readBlueprint(blueprint)
        } else {
            read = try context.lastBlueprint()
        }
        let outcome = try context.plan(read, startsAndStops: !noStart)
        let rows = differences(in: outcome.plan)
        if json {
            for row in rows { try context.console.put(row.json) }
        } else if rows.isEmpty {
            try context.console.put("no drift: the host is as \(read.blueprint.file) says\n")
        } else {
            var table = Table([
                .init("INSTANCE"), .init("WHAT"), .init("WANTED", mayBeCut: true),
                .init("FOUND", mayBeCut: true),
            ])
            table.rows = rows.map { row in
                [
                    .init(row.instance), .init(row.what, .warning), .init(row.wanted ?? "-"),
                    .init(row.found ?? "-"),
                ]
            }
            try context.console.put(table.rendered(for: context.console))
        }
        return rows.isEmpty ? .done : .pending
    }

    private struct Row {
        var instance: ByteString
        var what: ByteString
        var wanted: ByteString?
        var found: ByteString?

        var json: JSONValue {
            .object([
                .init("instance", .text(instance)), .init("what", .text(what)),
                .init("wanted", JSONValue(wanted)), .init("found", JSONValue(found)),
            ])
        }
    }

    private func differences(in plan: BlueprintPlan) -> [Row] {
        var rows: [Row] = []
        for instance in plan.instances {
            func add(_ what: ByteString, wanted: ByteString?, found: ByteString?) {
                rows.append(
                    Row(instance: instance.name, what: what, wanted: wanted, found: found))
            }
            switch instance.kind {
            case .new: add("instance", wanted: "there", found: nil)
            case .removed: add("instance", wanted: nil, found: "there")
            case .kept:
                for (_, step) in plan.changes.phasedSteps {
                    guard let change = step.fileChange else { continue }
                    let directory: ByteString = "\(instance.configDirectory)/"
                    guard change.path.hasPrefix(directory) else { continue }
                    rows += differences(
                        in: change.path.dropFirst(directory.count), of: instance,
                        from: change.old, to: change.new)
                }
                switch instance.next {
                case .start: add("process", wanted: "running", found: "stopped")
                case .stop: add("process", wanted: "stopped", found: "running")
                case .nothing, .postmap, .reload, .restart: break
                }
            }
        }
        return rows
    }

    /// What differs in one file; nil stands for no file.
    private func differences(
        in file: ByteString, of instance: InstancePlan, from old: ByteString?,
        to new: ByteString?
    ) -> [Row] {
        func row(_ what: ByteString, _ wanted: ByteString?, _ found: ByteString?) -> Row {
            Row(instance: instance.name, what: what, wanted: wanted, found: found)
        }
        guard let old, let new else {
            return [row(file, new == nil ? nil : "there", old == nil ? nil : "there")]
        }
        switch file {
        case "main.cf":
            let difference = FileDifference(
                from: InstanceFiles(main: old, master: ""),
                to: InstanceFiles(main: new, master: ""))
            let (before, after) = (MainCF(old), MainCF(new))
            return difference.parameters.map { row($0, after.value(of: $0), before.value(of: $0)) }
        case "master.cf":
            let difference = FileDifference(
                from: InstanceFiles(main: "", master: old),
                to: InstanceFiles(main: "", master: new))
            return difference.services.map { row($0, service($0, in: new), service($0, in: old)) }
        default: return [row(file, "other entries", "there")]
        }
    }

    private func service(_ name: ByteString, in text: ByteString) -> ByteString? {
        MasterCF(text).entries.map(\.service).first { $0.label == name }?.commandLine
    }
}

extension CommandContext {
    /// The blueprint that was applied last.
    fileprivate func lastBlueprint() throws(CommandFailure) -> ReadBlueprint {
        let text: ByteString
        do throws(FileError) {
            text = ByteString(
                try host.files.read(
                    ApplyOperation.savedPath, limitBytes: Self.blueprintLimitBytes
                ).bytes)
        } catch {
            if error.isNotFound {
                throw CommandFailure(
                    .failed, "no blueprint has been applied here",
                    hint: "name one: postilion drift mail.toml")
            }
            throw CommandFailure(.notPermitted, error.sentence, hint: "run it as root")
        }
        return try parse(text, called: ApplyOperation.savedPath.text)
    }
}
