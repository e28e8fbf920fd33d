// The command undo: a change that was made is taken back.

import ArgumentParser
import Blueprint
import BlueprintOperations
import Bytes
import HostAccess
import InstanceOperations
import Instances

struct Undo: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo",
        abstract: "Take back a change that was made.",
        discussion: """
            Takes back the generation of that number, see history; without one, the newest that \
            is not taken back already and is no undo itself. The undo is a generation, too: to \
            take it back, name its number.

            Files become what they were, to the last byte if nobody has edited them since. \
            Otherwise only the parameters and services that the generation changed go back, and \
            if one of these was changed again, the undo is refused. Instances that the \
            generation made are destroyed: they must be stopped, without mail, and as the \
            generation left them. Destroyed ones are made again with the configuration that they \
            had, but without what a run makes, and without mail that another instance has got.

            Examples:
              postilion undo --dry-run
              postilion undo 12
              postilion undo 12 --confirm postfix-out
            """)

    @Argument(help: ArgumentHelp("The generation that is to be taken back.", valueName: "number"))
    var number: Int?

    @OptionGroup var confirmation: ConfirmationOptions
    @OptionGroup var options: ChangeOptions

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        let context = context.limited(by: options)
        let operation = try context.undoOperation()
        if let title = try asking({ () throws(OperationFailure) in
            try operation.interruptedTitle()
        }) {
            if options.dryRun {
                context.console.say(
                    "postilion: an interrupted '\(title)' is made good before that\n")
            } else if try asking({ () throws(OperationFailure) in
                try operation.makeGood { context.tell($0) }
            }) {
                return try finished(context)
            }
        }
        let plan = try context.plan(
            try asking { () throws(OperationFailure) in
                try operation.decide(generation: number)
            })
        if options.dryRun { return try report(plan, operation, context) }
        if !plan.removed.isEmpty {
            try context.confirm("undo \(plan.generation) and destroy", plan.removed, confirmation)
        }
        let outcome = try asking { () throws(OperationFailure) in
            try operation.run(generation: plan.generation) { context.tell($0) }
        }
        guard let outcome else { return try finished(context) }
        let done = try context.plan(outcome)
        try recompile(after: done.changes, context)
        return try report(done, operation, context)
    }

    /// Has tables compiled that are what they were: their databases hold what came after.
    private func recompile(
        after changes: ChangeSet, _ context: CommandContext
    ) throws(CommandFailure) {
        let scene = try context.observeInstances()
        let compiler = TableCompiler(
            context.host, commandDirectory: try scene.value("command_directory"))
        let tables = compiler.tables(
            editedBy: changes, in: scene.instances.members.map(\.configDirectory),
            installation: scene.installation)
        context.tell(compiler.compile(tables, atOnce: 4))
    }

    private func asking<Result>(
        _ question: () throws(OperationFailure) -> Result
    ) throws(CommandFailure) -> Result {
        do throws(OperationFailure) {
            return try question()
        } catch {
            throw error.commandFailure
        }
    }

    private func finished(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        try context.console.put("done: what an interrupted command began\n" as ByteString)
        return .done
    }

    private func report(
        _ plan: UndoPlan, _ operation: UndoOperation, _ context: CommandContext
    ) throws(CommandFailure) -> CommandStatus {
        try context.show(
            plan.changes, next: plan.instances.map { $0.ifRunning(operation.mayRun($0)) }, options,
            more: [.init("takes_back", .number(plan.generation))])
        for notice in plan.changes.notices {
            context.console.say("postilion: \(notice.sentence)\n")
        }
        return .done
    }
}
