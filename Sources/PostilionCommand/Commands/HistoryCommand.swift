// The command history: the changes that were made, newest first, and what each did to the files.

import ArgumentParser
import Bytes
import HostAccess
import InstanceOperations
import Instances
import PostfixFormats

struct HistoryCommand: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Show the changes that were made.",
        discussion: """
            Each change that postilion or its postmulti has made is a generation with a number. \
            With a number, what that generation did to each file is shown, as it is by --dry-run. \
            The newest 200 are kept, and no more than 64 MiB. What other programs have changed, \
            postconf for instance, is not in it.

            Examples:
              postilion history
              postilion history 12
              postilion history --json
            """)

    @Argument(help: ArgumentHelp("The generation that is to be shown.", valueName: "number"))
    var number: Int?

    @Flag(help: "One JSON object per generation and line.")
    var json = false

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        let generations: Generations
        do throws(OperationFailure) {
            generations = try UndoOperation.history(context.host)
        } catch {
            throw error.commandFailure
        }
        if let number {
            let chosen: Generation
            do throws(UndoRefusal) {
                chosen = try generations.chosen(number)
            } catch {
                throw error.commandFailure
            }
            try show(chosen, generations, context)
            return .done
        }
        if json {
            for entry in generations.entries {
                try context.console.put(.object(entry.jsonMembers(among: generations)))
            }
        } else if generations.entries.isEmpty {
            try context.console.put("nothing was changed yet\n" as ByteString)
        } else {
            try context.console.put(
                table(generations, context.host.clock).rendered(for: context.console))
        }
        return generations.entries.contains { $0.isDamaged } ? .failed : .done
    }

    private func show(
        _ generation: Generation, _ generations: Generations, _ context: CommandContext
    ) throws(CommandFailure) {
        let record = generation.record
        if json {
            let entry = Generations.Entry.generation(generation)
            return try context.console.put(
                .object(entry.jsonMembers(among: generations) + [record.changes.jsonSteps]))
        }
        let words = record.command.map(\.printable).joined(by: " ")
        var text: ByteString = "generation \(generation.number), "
        text += "\(record.timeText(context.host.clock)), by \(record.who.printable)\n"
        if let note = generations.note(generation) { text += "\(note)\n" }
        text += "$ \(words)\n\n"
        try context.console.put(text + record.changes.text(for: context.console))
    }

    private func table(_ generations: Generations, _ clock: any Clock) -> Table {
        var table = Table([
            .init("NUMBER", isNumber: true), .init("TIME"), .init("WHO", mayBeCut: true),
            .init("INSTANCES", mayBeCut: true, leftOutOrder: 1),
            .init("CHANGE", mayBeCut: true), .init("NOTE", leftOutOrder: 2),
        ])
        table.rows = generations.entries.map { entry in
            let number = Table.Cell("\(entry.number)")
            switch entry {
            case .damaged(_, let reason):
                let dash = Table.Cell("-", .faint)
                return [number, dash, dash, dash, .init("cannot be read: \(reason)", .bad), dash]
            case .generation(let generation):
                let record = generation.record
                let isTakenBack = generations.undo(of: generation.number) != nil
                return [
                    number, .init(record.timeText(clock)), .init(record.who),
                    .init(record.changes.instanceNames.abbreviated),
                    .init(record.changes.summary, isTakenBack ? .faint : nil),
                    .init(generations.note(generation) ?? "-", .faint),
                ]
            }
        }
        return table
    }
}

extension Generations.Entry {
    fileprivate var isDamaged: Bool { if case .damaged = self { true } else { false } }

    fileprivate func jsonMembers(among generations: Generations) -> [JSONValue.Member] {
        switch self {
        case .damaged(let number, let reason):
            return [.init("generation", .number(number)), .init("error", .text(reason))]
        case .generation(let generation):
            let record = generation.record
            return [
                .init("generation", .number(generation.number)),
                .init("at", .number(record.startedSeconds)),
                .init("user", .number(Int(record.user))),
                .init("sudo_user", record.invokedBy.isEmpty ? .null : .text(record.invokedBy)),
                .init("command", .list(record.command.map { .text($0) })),
                .init("title", .text(record.changes.title)),
                .init("instances", .list(record.changes.instanceNames.map { .text($0) })),
                .init("files", .list(record.changes.touchedFiles.map { .text($0) })),
                .init("takes_back", JSONValue(record.takesBack)),
                .init("taken_back_by", JSONValue(generations.undo(of: generation.number))),
            ]
        }
    }
}

extension Generations {
    /// How a generation and an undo belong together, in words.
    fileprivate func note(_ generation: Generation) -> ByteString? {
        undo(of: generation.number).map { "taken back by \($0)" }
            ?? generation.record.takesBack.map { "takes back \($0)" }
    }
}

extension TransactionRecord {
    /// Who asked for it, by the most telling name that is known.
    fileprivate var who: ByteString {
        if !invokedBy.isEmpty { return invokedBy }
        return user == 0 ? "root" : "user \(Int(user))"
    }

    fileprivate func timeText(_ clock: any Clock) -> ByteString {
        let date = CivilTime(
            seconds: startedSeconds + clock.zoneOffset(atSeconds: startedSeconds))
        return "\(date.dayText) \(date.clockText)"
    }
}
