// The command import: instances that exist become managed ones.

import ArgumentParser
import Bytes
import Instances

struct Import: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Manage existing instances.",
        discussion: """
            Registers configuration directories that have a main.cf and a master.cf, all of them \
            or none. Whether they run does not matter.

            Examples:
              postilion import /etc/postfix-old --name old --group mta
              postilion import /etc/postfix-a /etc/postfix-b --enable
            """)

    @Argument(help: ArgumentHelp("The configuration directories.", valueName: "directory"))
    var directories: [String]

    @Option(help: "A name for a single instance; without it, the one in its main.cf stays.")
    var name: String?

    @Option(help: "The group of the instances; without it, the one in main.cf stays.")
    var group: String?

    @Flag(help: "Enable the instances at once.")
    var enable = false

    @OptionGroup var options: ChangeOptions

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        if directories.count > 1, name != nil {
            throw CommandFailure(
                .usage, "several instances cannot share the name '\(ByteString(name ?? ""))'")
        }
        let requests = directories.map { directory in
            LifecycleRequest(
                action: .import, selection: .unspecified, newName: name.map(fullInstanceName),
                newGroup: group.map { ByteString($0) },
                settings: ["config_directory=\(ByteString(directory))"], enables: enable,
                initialises: true)
        }
        return try context.change(requests.map { .action($0) }, options)
    }
}
