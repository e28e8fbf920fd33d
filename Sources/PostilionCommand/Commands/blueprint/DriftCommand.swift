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
        let rows = differences(in: outcome.plan, read.blueprint)
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

    private func differences(in plan: BlueprintPlan, _ blueprint: Blueprint) -> [Row] {
        var rows: [Row] = []
        for instance in plan.instances {
            switch instance.kind {
            case .new:
                rows.append(
                    Row(instance: instance.name, what: "instance", wanted: "there", found: nil))
                continue
            case .removed:
                rows.append(
                    Row(instance: instance.name, what: "instance", wanted: nil, found: "there"))
                continue
            case .kept: break
            }
            for (_, step) in plan.changes.phasedSteps {
                rows += differences(in: step, of: instance)
            }
            if instance.next == .start || instance.next == .stop {
                let isStart = instance.next == .start
                rows.append(
                    Row(
                        instance: instance.name, what: "process",
                        wanted: isStart ? "running" : "stopped",
                        found: isStart ? "stopped" : "running"))
            }
        }
        return rows
    }

    private func differences(in step: ChangeSet.Step, of instance: InstancePlan) -> [Row] {
        let directory: ByteString = "\(instance.configDirectory)/"
        switch step {
        case .editFile(let path, let old, let new) where path == directory + "main.cf":
            let (before, after) = (MainCF(old), MainCF(new))
            let names = Set((before.entries + after.entries).map(\.name))
            let changed = names.filter { before.value(of: $0) != after.value(of: $0) }.sorted()
            return changed.map { name in
                Row(
                    instance: instance.name, what: name, wanted: after.value(of: name),
                    found: before.value(of: name))
            }
        case .editFile(let path, let old, let new) where path == directory + "master.cf":
            let difference = FileDifference(
                from: InstanceFiles(main: "", master: old),
                to: InstanceFiles(main: "", master: new))
            return difference.services.map { name in
                Row(
                    instance: instance.name, what: name, wanted: service(name, in: new),
                    found: service(name, in: old))
            }
        case .editFile(let path, _, _) where path.hasPrefix(directory):
            return [
                Row(
                    instance: instance.name, what: path.dropFirst(directory.count),
                    wanted: "other entries", found: "there")
            ]
        case .createFile(let path, _, _) where path.hasPrefix(directory):
            return [
                Row(
                    instance: instance.name, what: path.dropFirst(directory.count),
                    wanted: "there", found: nil)
            ]
        case .deleteFile(let path, _, _) where path.hasPrefix(directory):
            return [
                Row(
                    instance: instance.name, what: path.dropFirst(directory.count), wanted: nil,
                    found: "there")
            ]
        default: return []
        }
    }

    private func service(_ name: ByteString, in text: ByteString) -> ByteString? {
        MasterCF(text).entries.map(\.service).first {
            "\($0[.service])/\($0[.type])" == name
        }?.commandLine
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
