// The command config get: values, as postconf prints them.

import ArgumentParser
import Bytes
import HostAccess
import InstanceOperations
import Instances

struct ConfigGet: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Print parameters as postconf does.",
        discussion: """
            Without NAME all that main.cf sets are printed. If the selector means several \
            instances, each line begins with the name of its instance. A name that is not known \
            is told on standard error, and the exit status is then 1.

            Examples:
              postilion config get out myhostname relayhost
              postilion config get -x @mta mynetworks
              postilion config get -h /etc/postfix-new queue_directory
              postilion config get - smtp/inet/chroot
            """,
        // -h means what it means to postconf.
        helpNames: .long)

    @Flag(name: [.customShort("x"), .long], help: "Replace references to other parameters.")
    var expand = false

    @Flag(name: [.customShort("h"), .long], help: "Print values only.")
    var valuesOnly = false

    @Flag(help: "One JSON object per instance and name, a line each.")
    var json = false

    @Argument(help: ArgumentHelp("Which instances.", valueName: "selector"), completion: .selectors)
    var selector: String

    @Argument(
        help: ArgumentHelp(
            "Which parameters; without one, those of main.cf.",
            valueName: "name"))
    var names: [String] = []

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        let instances = try context.configured(selector)
        var status = CommandStatus.done
        for instance in instances {
            let words = names.isEmpty ? instance.setNames : names.map { ByteString($0) }
            for word in words {
                let name = try configName(word)
                let values: [ConfigValue]
                do throws(ConfigLookupFailure) {
                    values = try instance.values(of: name, isExpanded: expand)
                } catch {
                    context.console.warn(instance.displayName, error.sentence(name))
                    status = .failed
                    continue
                }
                for value in values {
                    try put(value, of: instance, isOneOfMany: instances.count > 1, context)
                }
            }
        }
        return status
    }

    private func put(
        _ value: ConfigValue, of instance: ConfiguredInstance, isOneOfMany: Bool,
        _ context: CommandContext
    ) throws(CommandFailure) {
        if json {
            return try context.console.put(
                .object([
                    .init("instance", .text(instance.displayName)),
                    .init("name", .text(value.name)), .init("value", .text(value.value)),
                ]))
        }
        let label: ByteString = isOneOfMany ? "\(instance.displayName): " : ""
        try context.console.put(label + value.line(valueOnly: valuesOnly) + "\n")
    }
}

extension ConfigValue {
    /// The name and the value as postconf(1) prints them: each run of white space as one blank.
    func line(valueOnly: Bool = false) -> ByteString {
        let value = self.value.split { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
            .reduce("") { $0.isEmpty ? $1 : "\($0) \($1)" }
        if valueOnly { return value }
        return value.isEmpty ? "\(name) =" : "\(name) = \(value)"
    }
}
