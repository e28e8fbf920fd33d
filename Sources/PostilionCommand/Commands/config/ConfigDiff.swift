// The command config diff: what two instances do differently.

import ArgumentParser
import Bytes
import HostAccess
import InstanceOperations
import Instances

struct ConfigDiff: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show what differs in meaning between two instances.",
        discussion: """
            The order of lines, white space, and defaults that are spelt out are no difference. \
            A value is shown as it is written, and compared expanded; what only follows from \
            another difference is not shown.

            Exit status: 0 they mean the same, 1 they differ.

            Examples:
              postilion config diff in out
              postilion config diff - /etc/postfix-new
            """)

    @Argument(help: ArgumentHelp("One instance.", valueName: "selector"), completion: .selectors)
    var left: String

    @Argument(help: ArgumentHelp("Another one.", valueName: "selector"), completion: .selectors)
    var right: String

    @Flag(help: "One JSON object per difference and line.")
    var json = false

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        let (old, new) = (try one(left, context), try one(right, context))
        let differences = old.differences(from: new)
        if json {
            for difference in differences {
                try context.console.put(
                    .object([
                        .init("name", .text(difference.name)),
                        .init("left", JSONValue(difference.left)),
                        .init("right", JSONValue(difference.right)),
                    ]))
            }
        } else if !differences.isEmpty {
            try context.console.put("--- \(old.displayName)\n+++ \(new.displayName)\n")
            for difference in differences { try show(difference, context.console) }
        }
        for instance in [old, new] {
            guard let reason = instance.masterCF.reason else { continue }
            context.console.warn(instance.displayName, reason)
        }
        return differences.isEmpty ? .done : .failed
    }

    private func one(
        _ selector: String, _ context: CommandContext
    ) throws(CommandFailure) -> ConfiguredInstance {
        let instances = try context.configured(selector)
        guard let first = instances.first, instances.count == 1 else {
            throw CommandFailure(
                .usage, "'\(ByteString(selector))' means \(instances.count) instances, not one")
        }
        return first
    }

    private func show(
        _ difference: ConfigDifference, _ console: Console
    ) throws(CommandFailure) {
        func line(_ mark: ByteString, _ value: ByteString?, _ style: Style) -> ByteString {
            guard let value else { return "" }
            let text: ByteString = value.isEmpty ? "" : " \(value)"
            return console.styled("\(mark) \(difference.name) =\(text)", style) + "\n"
        }
        try console.put(
            line("-", difference.left, .bad) + line("+", difference.right, .good))
    }
}
