// The command move: instances get another place in the start order.

import ArgumentParser
import Bytes
import Instances

struct Move: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "move",
        abstract: "Put instances elsewhere in the start order.",
        discussion: """
            The order of the list is the order of starting; stopping goes backwards. The primary \
            always is the first.

            Examples:
              postilion move out before in
              postilion move @mta after -
            """)

    @Argument(
        help: ArgumentHelp("Which instances.", valueName: "selector"), completion: .selectors)
    var moved: String

    @Argument(help: ArgumentHelp("The word before or after.", valueName: "before|after"))
    var side: Side

    @Argument(
        help: ArgumentHelp("Next to which instances.", valueName: "selector"),
        completion: .selectors)
    var anchor: String

    @OptionGroup var options: ChangeOptions

    enum Side: String, ExpressibleByArgument, CaseIterable {
        case before, after
    }

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        let context = context.limited(by: options)
        let scene = try context.observeInstances()
        let request = MoveRequest(
            moved: try scene.selected(by: [moved]).map(\.configDirectory),
            anchors: try scene.selected(by: [anchor]).map(\.configDirectory),
            isAfter: side == .after)
        return try context.change([.move(request)], options)
    }
}
