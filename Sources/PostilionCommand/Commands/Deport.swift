// The command deport: instances leave the management and stay as they are.

import ArgumentParser
import Bytes
import Instances

struct Deport: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "deport",
        abstract: "Stop managing instances, and keep them.",
        discussion: """
            Takes stopped, disabled instances off the list. All their files stay, and postfix -c \
            still works with them.

            Examples:
              postilion deport out
              postilion deport @old --yes
            """)

    @Argument(
        help: ArgumentHelp("Which instances.", valueName: "selector"), completion: .selectors)
    var selectors: [String]

    @OptionGroup var confirmation: ConfirmationOptions
    @OptionGroup var options: ChangeOptions

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        let context = context.limited(by: options)
        let members = try context.observeInstances().selected(by: selectors)
        if !options.dryRun {
            try context.confirm("deport", members.map(\.displayName), confirmation)
        }
        return try context.change(
            members.map { LifecycleTask(action: .deport, about: $0) }, options)
    }
}
