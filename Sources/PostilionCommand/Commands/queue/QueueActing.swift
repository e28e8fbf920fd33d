// What hold, release, delete, requeue and flush of queue have in common: which messages, the
// question, and the report.

import ArgumentParser
import Bytes
import HostAccess
import InstanceOperations
import Instances

/// The options of commands that do something to queued messages.
struct QueueActionOptions: ParsableArguments {
    @OptionGroup var messages: QueueFilterOptions

    @Flag(help: "All messages, which must be said if no condition is given.")
    var all = false

    @Flag(help: "List the messages that are meant; do nothing.")
    var dryRun = false

    @Flag(help: "One JSON object per instance, or with --dry-run per message.")
    var json = false

    func validate() throws {
        if messages.filter.isEmpty, !all {
            throw ValidationError(
                "say which messages: --queue, --sender, --domain, --older or others, or --all")
        }
        if !messages.filter.isEmpty, all {
            throw ValidationError("--all and conditions: choose one of them")
        }
    }
}

/// A command that does something to queued messages.
protocol QueueActionCommand: HostCommand {
    /// What it does.
    static var action: QueueAction { get }
    /// Which messages are meant, and how it is told.
    var options: QueueActionOptions { get }
    /// How it is confirmed; nil if what it does is easily taken back.
    var confirmation: ConfirmationOptions? { get }
}

extension QueueActionCommand {
    var confirmation: ConfirmationOptions? { nil }

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        let action = Self.action
        guard options.dryRun || context.host.accounts.effectiveUser == 0 else {
            throw CommandFailure(
                .notPermitted, "queue \(action.word): only root may do this",
                hint: "run it with sudo")
        }
        if options.dryRun { return try show(context) }
        let scene = try context.observeInstances()
        var reading = try QueueReading(context, options.messages, action.queues)
        var chosen: [(instance: Instance, messages: [ChosenMessage])] = []
        for instance in reading.instances {
            var messages: [ChosenMessage] = []
            try reading.messages(of: instance) { messages += $0.map(ChosenMessage.init) }
            if !messages.isEmpty { chosen.append((instance, messages)) }
        }
        let count = chosen.reduce(0) { $0 + $1.messages.count }
        if count == 0 {
            if !options.json { try context.console.put("no messages\n" as ByteString) }
            return reading.status
        }
        if let confirmation {
            try context.confirm(
                "\(action.word) \(count) message\(count == 1 ? "" : "s") of",
                chosen.map(\.instance.displayName), confirmation)
        }
        let commandDirectory = try scene.value("command_directory")
        var isComplete = true
        for (instance, messages) in chosen {
            let outcome = QueueActionOperation(
                context.host, action, instance, commandDirectory: commandDirectory
            ).run(messages)
            try tell(outcome, instance, context.console)
            isComplete = isComplete && outcome.left == 0 && outcome.complaints.isEmpty
        }
        return isComplete ? reading.status : .partlyDone
    }

    /// Lists what is meant, as queue list does.
    private func show(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        var list = QueueMessageList(
            context, try QueueReading(context, options.messages, Self.action.queues),
            isJSON: options.json)
        return try list.show()
    }

    private func tell(
        _ outcome: QueueActionOutcome, _ instance: Instance, _ console: Console
    ) throws(CommandFailure) {
        for complaint in outcome.complaints {
            console.warn(instance.displayName, complaint.printable)
        }
        if options.json {
            return try console.put(
                .object([
                    .init("instance", .text(instance.displayName)),
                    .init("action", .text(Self.action.word)), .init("done", .number(outcome.done)),
                    .init("gone", .number(outcome.gone)), .init("left", .number(outcome.left)),
                    .init("errors", .list(outcome.complaints.map { .text($0) })),
                ]))
        }
        var text: ByteString = "\(instance.displayName): \(outcome.done) \(Self.action.participle)"
        if outcome.gone > 0 { text += ", \(outcome.gone) had gone or moved before" }
        if outcome.left > 0 { text += ", \(outcome.left) not" }
        try console.put(text + "\n")
    }
}

extension QueueAction {
    /// What was done, as in "3 held".
    fileprivate var participle: ByteString {
        switch self {
        case .hold: "held"
        case .release: "released"
        case .delete: "deleted"
        case .requeue: "requeued"
        case .flush: "tried again"
        }
    }
}
