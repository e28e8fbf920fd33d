// The command rename: an instance and its directories get another name.

import ArgumentParser
import Bytes
import Instances

struct Rename: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "rename",
        abstract: "Give a stopped instance another name, and its directories too.",
        discussion: """
            Sets multi_instance_name, renames the configuration, queue and data directories that \
            have the old name, and changes what names them: the list of instances, and main.cf \
            and master.cf of the instance. Queued mail stays where it is in the queue. Tables, \
            scripts and other instances that name the old paths are not changed.

            Examples:
              postilion rename out relay
              postilion rename out relay --dry-run
            """)

    @Argument(
        help: ArgumentHelp("The instance.", valueName: "selector"), completion: .selectors)
    var old: String

    @Argument(help: ArgumentHelp("The new name; postfix- may be left out.", valueName: "name"))
    var new: String

    @OptionGroup var options: ChangeOptions

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        let context = context.limited(by: options)
        let member = try context.observeInstances().member(old)
        let request = RenameRequest(
            configDirectory: member.configDirectory, newName: fullInstanceName(new))
        return try context.change([.rename(request)], options)
    }
}
