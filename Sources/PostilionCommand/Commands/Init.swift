// The command init: the primary instance becomes ready to manage others.

import ArgumentParser
import Bytes
import Instances

struct Init: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make the primary ready to manage instances.",
        discussion: """
            Sets multi_instance_wrapper and multi_instance_enable in the primary's main.cf. \
            create and import do so by themselves when it is needed.

            Example:
              postilion init --dry-run
            """)

    @OptionGroup var options: ChangeOptions

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        try context.change(
            [.action(LifecycleRequest(action: .`init`, selection: .unspecified))], options)
    }
}
