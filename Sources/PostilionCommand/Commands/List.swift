// The command list: which instances there are, in start order.

import ArgumentParser
import Bytes
import Instances

struct List: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List instances in start order.",
        discussion: """
            Reads main.cf files only: see status for what runs. A broken instance is a row with \
            the reason, and the exit status is then 1.

            Examples:
              postilion list
              postilion list @mta --json
            """)

    @Argument(
        help: ArgumentHelp("Which instances; all without one.", valueName: "selector"),
        completion: .selectors)
    var selectors: [String] = []

    @Flag(help: "One JSON object per instance and line.")
    var json = false

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        let members = try context.observeInstances().selected(by: selectors)
        if json {
            for member in members { try context.console.put(member.json) }
        } else {
            try context.console.put(table(members).rendered(for: context.console))
        }
        let hasBroken = members.contains { if case .broken = $0 { true } else { false } }
        return hasBroken ? .failed : .done
    }

    private func table(_ members: [InstanceSet.Member]) -> Table {
        var table = Table([
            .init("INSTANCE", mayBeCut: true), .init("GROUP", mayBeCut: true), .init("ENABLED"),
            .init("DIRECTORY", mayBeCut: true),
        ])
        table.rows = members.map { member in
            switch member {
            case .instance(let instance):
                [
                    .init(instance.displayName), .init(instance.group?.text ?? "-"),
                    instance.isEnabled ? .init("yes", .good) : .init("no", .faint),
                    .init(instance.configDirectory),
                ]
            case .broken(let broken):
                [
                    .init(broken.configDirectory, .bad), .init("?"), .init("broken", .bad),
                    .init(broken.reason.sentence),
                ]
            }
        }
        return table
    }
}

extension InstanceSet.Member {
    /// What list tells of an instance; other views add members.
    var json: JSONValue { .object(jsonMembers) }

    var jsonMembers: [JSONValue.Member] {
        switch self {
        case .instance(let instance):
            [
                .init("name", JSONValue(instance.name?.text)),
                .init("group", JSONValue(instance.group?.text)),
                .init("primary", .boolean(instance.isPrimary)),
                .init("enabled", .boolean(instance.isEnabled)),
                .init("config_directory", .text(instance.configDirectory)),
                .init("queue_directory", .text(instance.queueDirectory)),
                .init("data_directory", .text(instance.dataDirectory)),
            ]
        case .broken(let broken):
            [
                .init("name", .null), .init("group", .null), .init("primary", false),
                .init("enabled", .null), .init("config_directory", .text(broken.configDirectory)),
                .init("error", .text(broken.reason.sentence)),
            ]
        }
    }
}
