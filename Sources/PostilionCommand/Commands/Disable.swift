// The command disable: instances are left alone by start, stop and reload of all.

import ArgumentParser
import Bytes
import Instances

struct Disable: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Keep instances from being started with the others.",
        discussion: """
            Sets multi_instance_enable = no. Nothing is stopped: see stop.

            Examples:
              postilion disable out
              postilion disable @mta --dry-run
            """)

    @Argument(
        help: ArgumentHelp("Which instances.", valueName: "selector"), completion: .selectors)
    var selectors: [String]

    @OptionGroup var options: ChangeOptions

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        let context = context.limited(by: options)
        let members = try context.observeInstances().selected(by: selectors)
        return try context.change(
            members.map { LifecycleTask(action: .disable, about: $0) }, options)
    }
}
