// The command config origin: where the value of a parameter comes from.

import ArgumentParser
import Bytes
import HostAccess
import InstanceOperations
import Instances

struct ConfigOrigin: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "origin",
        abstract: "Say where values come from: a line of a file, -o, or a default.",
        discussion: """
            Each line is the place, a colon, and the setting there: first the one that counts, \
            then lines that a later one overrules, then services that have a value of their own \
            with -o.

            Examples:
              postilion config origin out smtp_bind_address
              postilion config origin @mta smtpd_recipient_restrictions --json
            """)

    @Argument(help: ArgumentHelp("Which instances.", valueName: "selector"), completion: .selectors)
    var selector: String

    @Argument(help: ArgumentHelp("Which parameters.", valueName: "name"))
    var names: [String]

    @Flag(help: "One JSON object per place and line.")
    var json = false

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        let instances = try context.configured(selector)
        var status = CommandStatus.done
        for instance in instances {
            for word in names {
                let name = try configName(ByteString(word))
                let values: [ConfigValue]
                do throws(ConfigLookupFailure) {
                    values = try instance.values(of: name, isExpanded: false)
                } catch {
                    context.console.warn(instance.displayName, error.sentence(name))
                    status = .failed
                    continue
                }
                for value in values { try put(value, .counts, instance, context.console) }
                guard case .parameter(let parameter) = name else { continue }
                for value in instance.overruled(parameter) {
                    try put(value, .overruled, instance, context.console)
                }
                for value in instance.overrides(of: parameter) {
                    try put(value, .service, instance, context.console)
                }
            }
        }
        return status
    }

    /// What a place means for the value.
    private enum Role {
        case counts, overruled, service

        var word: ByteString {
            switch self {
            case .counts: "counts"
            case .overruled: "overruled"
            case .service: "service"
            }
        }
    }

    private func put(
        _ value: ConfigValue, _ role: Role, _ instance: ConfiguredInstance, _ console: Console
    ) throws(CommandFailure) {
        var file: ByteString?
        var line: Int?
        if case .file(let path, let number) = value.origin { (file, line) = (path, number) }
        if json {
            return try console.put(
                .object([
                    .init("instance", .text(instance.displayName)),
                    .init("name", .text(value.name)), .init("value", .text(value.value)),
                    .init("origin", file == nil ? "default" : "file"),
                    .init("file", JSONValue(file)), .init("line", JSONValue(line)),
                    .init("role", .text(role.word)),
                ]))
        }
        let place = file.map { "\($0):\(line ?? 0)" as ByteString } ?? "default"
        let note: ByteString = role == .overruled ? " (overruled by a later line)" : ""
        let label: ByteString = file == nil ? "\(instance.displayName): " : ""
        try console.put("\(label)\(place): \(value.line())\(note)\n")
    }
}
