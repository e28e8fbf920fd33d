// Puts the files of a plan in place and has its tables compiled: on the host for apply, on a copy
// of it for a rehearsal. What runs is not touched.

import Blueprint
import BlueprintOperations
import Bytes
import InstanceOperations
import Instances

/// A plan that is to become so.
struct BlueprintCommit {
    let context: CommandContext
    let read: ReadBlueprint
    let outcome: PlanOperation.Outcome
    let startsAndStops: Bool
    let installation: Installation
    let commandDirectory: ByteString

    init(
        _ context: CommandContext, read: ReadBlueprint, outcome: PlanOperation.Outcome,
        startsAndStops: Bool
    ) throws(CommandFailure) {
        self.context = context
        self.read = read
        self.outcome = outcome
        self.startsAndStops = startsAndStops
        let scene = try context.observeInstances()
        installation = scene.installation
        commandDirectory = try scene.value("command_directory")
    }

    var compiler: TableCompiler {
        TableCompiler(context.host, commandDirectory: commandDirectory)
    }

    /// Changes all files in one transaction.
    func putFiles() throws(CommandFailure) {
        let operation = ApplyOperation(
            context.host, installation: installation, blueprint: read.blueprint)
        do throws(ApplyOperation.Refusal) {
            try operation.commit(
                outcome.plan, text: read.text, startsAndStops: startsAndStops
            ) { context.tell($0) }
        } catch {
            switch error {
            case .plan(let failure): throw context.failure(of: failure)
            case .changedMeanwhile:
                throw CommandFailure(
                    .failed, "another program changes instances at the same time",
                    hint: "nothing was changed; run it again")
            }
        }
    }

    /// Has tables compiled, and says what is wrong with each that could not be.
    ///
    /// - Returns: How many these are.
    func compile(_ tables: [TableCompilation], atOnce: Int) -> Int {
        let failures = compiler.compile(tables, atOnce: atOnce)
        context.tell(failures)
        return failures.count
    }
}

extension CommandContext {
    /// Says what is wrong with tables that could not be compiled.
    func tell(_ failures: [(table: TableCompilation, said: ByteString)]) {
        for (table, said) in failures {
            let lines = said.split { $0 == 0x0A }
            console.say("postilion: \(table.type):\(table.path): \(lines.joined(by: "; "))\n")
        }
    }
}
