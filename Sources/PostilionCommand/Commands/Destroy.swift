// The command destroy: instances and all that Postfix has made for them go away.

import ArgumentParser
import Bytes
import Instances

struct Destroy: HostCommand {
    static let configuration = CommandConfiguration(
        abstract: "Remove instances for good.",
        discussion: """
            Takes stopped, disabled instances off the list and removes what Postfix has made for \
            them. An instance with queued mail is refused, or hands all of it, in whatever state, \
            to another stopped instance with a queue on the same file system. Files that Postfix \
            has not made stay and are named. A broken instance is taken off the list only.

            Examples:
              postilion destroy out --dry-run
              postilion destroy out --confirm postfix-out
              postilion destroy out --to relay
            """)

    @Argument(
        help: ArgumentHelp("Which instances.", valueName: "selector"), completion: .selectors)
    var selectors: [String]

    @Option(
        help: ArgumentHelp("Who gets the mail that is queued.", valueName: "selector"),
        completion: .selectors)
    var to: String?

    @OptionGroup var confirmation: ConfirmationOptions
    @OptionGroup var options: ChangeOptions

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        let context = context.limited(by: options)
        let scene = try context.observeInstances()
        let members = try scene.selected(by: selectors)
        let heir = try to.map { word throws(CommandFailure) in
            try scene.member(word).configDirectory
        }
        let tasks = members.map { member in
            LifecycleTask.action(
                LifecycleRequest(
                    action: .destroy, selection: .instance(member.configDirectory), heir: heir))
        }
        if !options.dryRun {
            // What is refused needs no question.
            _ = try context.decide(tasks)
            try context.confirm("destroy", members.map(\.displayName), confirmation)
        }
        return try context.change(tasks, options)
    }
}
