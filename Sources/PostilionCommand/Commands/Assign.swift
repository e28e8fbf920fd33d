// The command assign: names and groups of instances, nothing else of them.

import ArgumentParser
import Bytes
import Instances

struct Assign: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "assign",
        abstract: "Set or clear names and groups.",
        discussion: """
            Sets multi_instance_name and multi_instance_group. An empty value clears. The \
            directories keep their names: see rename.

            Examples:
              postilion assign in out --group mta
              postilion assign /etc/postfix-old --name old
              postilion assign out --group ''
            """)

    @Argument(
        help: ArgumentHelp("Which instances.", valueName: "selector"), completion: .selectors)
    var selectors: [String]

    @Option(help: "The new name of a single instance.")
    var name: String?

    @Option(help: "The new group.")
    var group: String?

    @OptionGroup var options: ChangeOptions

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        if name == nil, group == nil {
            throw CommandFailure(.usage, "nothing to assign", hint: "add --name or --group")
        }
        let context = context.limited(by: options)
        let members = try context.observeInstances().selected(by: selectors)
        if members.count > 1, let name {
            throw CommandFailure(
                .usage, "\(members.count) instances cannot share the name '\(ByteString(name))'")
        }
        let newName = name.map { $0.isEmpty ? "" : fullInstanceName($0) }
        return try context.change(
            members.map {
                LifecycleTask(
                    action: .assign, about: $0, newName: newName,
                    newGroup: group.map { ByteString($0) })
            }, options)
    }
}

extension LifecycleTask {
    /// An action on a member that was found, by the place where it is registered.
    init(
        action: LifecycleRequest.Action, about member: InstanceSet.Member,
        newName: ByteString? = nil,
        newGroup: ByteString? = nil
    ) {
        self = .action(
            LifecycleRequest(
                action: action, selection: .instance(member.configDirectory), newName: newName,
                newGroup: newGroup))
    }
}
