// The command enable: instances take part in start, stop and reload of all.

import ArgumentParser
import Bytes
import Instances

struct Enable: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable",
        abstract: "Let instances be started with the others.",
        discussion: """
            Sets multi_instance_enable = yes. Nothing is started: see start.

            Examples:
              postilion enable out
              postilion enable @mta --dry-run
            """)

    @Argument(
        help: ArgumentHelp("Which instances.", valueName: "selector"), completion: .selectors)
    var selectors: [String]

    @OptionGroup var options: ChangeOptions

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        let context = context.limited(by: options)
        let members = try context.observeInstances().selected(by: selectors)
        return try context.change(
            members.map { LifecycleTask(action: .enable, about: $0) }, options)
    }
}
