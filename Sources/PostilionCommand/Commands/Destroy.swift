// The command destroy: instances and all that Postfix has made for them go away.

import ArgumentParser
import Bytes
import Instances

struct Destroy: HostCommand {
    static let configuration = CommandConfiguration(
        abstract: "Remove instances for good.",
        discussion: """
            Takes stopped, disabled instances off the list and removes what Postfix has made for \
            them. An instance with queued mail is refused. Files that Postfix has not made stay \
            and are named. A broken instance is taken off the list only.

            Examples:
              postilion destroy out --dry-run
              postilion destroy out --confirm postfix-out
            """)

    @Argument(
        help: ArgumentHelp("Which instances.", valueName: "selector"), completion: .selectors)
    var selectors: [String]

    @OptionGroup var confirmation: ConfirmationOptions
    @OptionGroup var options: ChangeOptions

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        let context = context.limited(by: options)
        let members = try context.observeInstances().selected(by: selectors)
        let tasks = members.map { LifecycleTask(action: .destroy, about: $0) }
        if !options.dryRun {
            // What is refused needs no question.
            _ = try context.decide(tasks)
            try context.confirm("destroy", members.map(\.displayName), confirmation)
        }
        return try context.change(tasks, options)
    }
}
