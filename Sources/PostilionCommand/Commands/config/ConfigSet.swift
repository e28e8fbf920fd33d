// The commands config set and config unset: edits of any instances, all of them or none.

import ArgumentParser
import Bytes
import HostAccess
import InstanceOperations
import Instances
import PostfixFormats

struct ConfigSet: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Set parameters, in all instances that are meant or in none.",
        discussion: """
            Refused are names that nothing reads, values that cannot be expanded, tables of a \
            type that the installed Postfix lacks, and whatever would leave an instance unusable \
            or in conflict with another. Then it says what running instances need: nothing, \
            postfix reload, or a restart, as after inet_interfaces.

            Examples:
              postilion config set out relayhost='[mailhub.example.com]' --dry-run
              postilion config set @mta message_size_limit=52428800 smtp/inet/chroot=n
              postilion config set in submission/inet/smtpd_tls_security_level=encrypt
            """)

    @Argument(help: ArgumentHelp("Which instances.", valueName: "selector"), completion: .selectors)
    var selector: String

    @Argument(help: ArgumentHelp("What to set.", valueName: "name=value"))
    var assignments: [String]

    @Flag(help: "Set what looks like a mistake, too.")
    var force = false

    @OptionGroup var options: ChangeOptions

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        var items: [ConfigEdit.Item] = []
        for word in assignments {
            let word = ByteString(word)
            // The parser of arguments puts this in the place of what is not UTF-8.
            if word.text.contains("\u{FFFD}") {
                throw CommandFailure(
                    .usage, "'\(word)' is not UTF-8",
                    hint: "postconf -c DIRECTORY -e takes any bytes")
            }
            guard let equals = word.bytes.firstIndex(of: 0x3D), !word.contains(0x0A) else {
                throw CommandFailure(
                    .usage, "'\(word)' is not NAME=VALUE",
                    hint: "to remove a parameter: postilion config unset")
            }
            let name = ByteString(word.bytes[..<equals]).split { $0 == 0x20 || $0 == 0x09 }
            guard name.count == 1 else {
                throw CommandFailure(.usage, "'\(word)' does not begin with one name")
            }
            let value = MainCF.Assignment("value", word.dropFirst(equals + 1)).value
            items.append(.init(try configName(name[0]), value))
        }
        return try context.edit(ConfigEdit(items, isForced: force), of: selector, options)
    }
}

struct ConfigUnset: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "unset",
        abstract: "Remove parameters, so that their defaults count again.",
        discussion: """
            A parameter that is not set stays so. Refused is what would leave values that refer \
            to it without an expansion, or an instance unusable.

            Examples:
              postilion config unset out relayhost
              postilion config unset @mta smtp/inet/smtpd_tls_security_level --dry-run
            """)

    @Argument(help: ArgumentHelp("Which instances.", valueName: "selector"), completion: .selectors)
    var selector: String

    @Argument(help: ArgumentHelp("What to remove.", valueName: "name"))
    var names: [String]

    @OptionGroup var options: ChangeOptions

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        var items: [ConfigEdit.Item] = []
        for word in names { items.append(.init(try configName(ByteString(word)), nil)) }
        return try context.edit(ConfigEdit(items), of: selector, options)
    }
}

extension CommandContext {
    /// Carries an edit out, or shows what it would do, and says what has to happen next.
    fileprivate func edit(
        _ edit: ConfigEdit, of selector: String, _ options: ChangeOptions
    ) throws(CommandFailure) -> CommandStatus {
        let context = limited(by: options)
        let operation = try context.configOperation()
        let outcome: ConfigOperation.Outcome?
        do throws(OperationFailure) {
            outcome =
                options.dryRun
                ? try operation.decide(edit, of: ByteString(selector))
                : try operation.run(edit, of: ByteString(selector)) { tell($0) }
        } catch {
            throw error.commandFailure
        }
        switch outcome {
        case nil:
            try console.put("done: what an interrupted command began\n" as ByteString)
        case .failure(let refusal): throw refusal.commandFailure
        case .success(let plan):
            try show(
                plan.changes, next: plan.instances.map { $0.ifRunning(operation.mayRun($0)) },
                options)
        }
        return .done
    }
}
