// The command clone: a new instance with the configuration and the tables of another one.

import ArgumentParser
import Bytes
import Instances

struct Clone: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "clone",
        abstract: "Make a new instance after the model of another.",
        discussion: """
            The new instance gets the model's main.cf, master.cf and all files beside them, with \
            directories, name and log name of its own. It starts disabled and with its network \
            services off (master_service_disable = inet), because the addresses in its \
            master.cf are those of the model.

            Examples:
              postilion clone out2 from out
              postilion clone edge from - --group mta --dry-run
            """)

    @Argument(help: ArgumentHelp("The new name; postfix- may be left out.", valueName: "name"))
    var name: String

    @Argument(help: ArgumentHelp("The word from.", valueName: "from"))
    var from: Preposition

    @Argument(
        help: ArgumentHelp("The model.", valueName: "selector"), completion: .selectors)
    var model: String

    @Option(help: "The group; without it, that of the model.")
    var group: String?

    @OptionGroup var options: ChangeOptions

    enum Preposition: String, ExpressibleByArgument, CaseIterable {
        case from
    }

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        let context = context.limited(by: options)
        let model = try context.observeInstances().member(model)
        let request = CloneRequest(
            model: model.configDirectory, newName: fullInstanceName(name),
            newGroup: group.map { ByteString($0) })
        return try context.change([.clone(request)], options, hints: takesNoMail)
    }
}
