// The command create: new instances with files and directories as the installed Postfix has them.

import ArgumentParser
import Bytes
import Instances

struct Create: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make new instances.",
        discussion: """
            Makes the directories, main.cf and master.cf from the installed prototypes, and \
            registers the instances, all of them or none. The first one also makes the primary \
            ready to manage instances. A new instance takes no mail: its network services are \
            off until main.cf says otherwise.

            Examples:
              postilion create out
              postilion create --group mta --enable in out
              postilion create big --queue-directory /srv/mail/queue --dry-run
            """)

    @Argument(
        help: ArgumentHelp(
            "Names of the new instances; postfix- may be left out.", valueName: "name"))
    var names: [String]

    @Option(help: "The group of the new instances.")
    var group: String?

    @Flag(help: "Enable the instances at once.")
    var enable = false

    @Option(
        help: ArgumentHelp(
            "Start them before this one; at the end without it.", valueName: "selector"))
    var before: String?

    @Option(help: ArgumentHelp("Where main.cf is, for a single instance.", valueName: "path"))
    var configDirectory: String?

    @Option(help: ArgumentHelp("Where its mail is, for a single instance.", valueName: "path"))
    var queueDirectory: String?

    @Option(help: ArgumentHelp("Where its caches are, for a single instance.", valueName: "path"))
    var dataDirectory: String?

    @OptionGroup var options: ChangeOptions

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        let settings = directorySettings
        if names.count > 1, !settings.isEmpty {
            throw CommandFailure(
                .usage, "several instances cannot share a directory",
                hint: "create those with directories of their own one by one")
        }
        let requests = names.map { name in
            LifecycleRequest(
                action: .create,
                selection: before.map { Selection(selector: ByteString($0)) }
                    ?? .unspecified,
                newName: fullInstanceName(name), newGroup: group.map { ByteString($0) },
                settings: settings, enables: enable, initialises: true)
        }
        return try context.change(requests.map { .action($0) }, options, hints: takesNoMail)
    }

    private var directorySettings: [ByteString] {
        let given: [(ByteString, String?)] = [
            ("config_directory", configDirectory), ("queue_directory", queueDirectory),
            ("data_directory", dataDirectory),
        ]
        return given.compactMap { name, path in
            path.map { "\(name)=\(ByteString($0))" as ByteString }
        }
    }
}

/// The hint that goes with new configuration files.
func takesNoMail(_ changes: ChangeSet) -> [ByteString] {
    let isNew = changes.preparation.contains { step in
        if case .createFile(let path, _, _) = step { path.hasSuffix("/main.cf") } else { false }
    }
    if !isNew { return [] }
    return [
        "it takes no mail yet: choose its addresses in master.cf, then take "
            + "master_service_disable out of main.cf"
    ]
}

/// The whole name that a person means, who may leave out what all names begin with.
func fullInstanceName(_ word: String) -> ByteString {
    let name = ByteString(word)
    return name.hasPrefix(InstanceName.prefix) ? name : InstanceName.prefix + name
}
