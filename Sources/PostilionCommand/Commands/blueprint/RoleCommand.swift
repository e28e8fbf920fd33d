// The command role: what the roles of a blueprint set, and why.

import ArgumentParser
import Blueprint
import Bytes
import HostAccess
import PostfixFormats

struct RoleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role",
        abstract: "Show the roles that blueprints know.",
        subcommands: [RoleList.self, RoleShow.self])
}

struct RoleList: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List all roles.",
        discussion: """
            Examples:
              postilion role list
            """)

    @Flag(help: "One JSON object per role and line.")
    var json = false

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        if json {
            for role in Role.all {
                try context.console.put(
                    JSONValue.object([
                        .init("role", .text(ByteString(role.name))),
                        .init("summary", .text(ByteString(role.summary))),
                    ]))
            }
            return .done
        }
        var table = Table([.init("ROLE"), .init("WHAT IT DOES", mayBeCut: true)])
        table.rows = Role.all.map { role in
            [.init(ByteString(role.name), .strong), .init(ByteString(role.summary))]
        }
        try context.console.put(table.rendered(for: context.console))
        return .done
    }
}

struct RoleShow: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what a role sets, each setting with its reason.",
        discussion: """
            The settings are those of an example, as they come to stand in main.cf. What the \
            blueprint itself sets always wins over the role.

            Examples:
              postilion role show output
            """)

    @Argument(
        help: ArgumentHelp("Which role.", valueName: "name"),
        completion: .list(Role.all.map(\.name)))
    var name: String

    @Flag(help: "One JSON object per setting and line.")
    var json = false

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        guard let role = Role.all.first(where: { $0.name == name }) else {
            let near = nearMisses(
                of: ByteString(name), among: Role.all.map { ByteString($0.name) })
            throw CommandFailure(
                .usage, "there is no role '\(ByteString(name))'",
                hint: near.first.map { "did you mean \($0)?" } ?? "postilion role list shows all")
        }
        if json {
            for setting in role.example {
                try context.console.put(
                    JSONValue.object([
                        .init("name", .text(setting.name)), .init("value", .text(setting.value)),
                        .init("reason", JSONValue(setting.reason)),
                    ]))
            }
            return .done
        }
        var text: ByteString = "# \(role.name): \(role.summary)\n"
        for setting in role.example {
            text += "\n"
            if let reason = setting.reason {
                text += context.console.styled("# \(reason)", .faint) + "\n"
            }
            text += "\(setting.name) = \(setting.value)\n"
        }
        try context.console.put(text)
        return .done
    }
}
