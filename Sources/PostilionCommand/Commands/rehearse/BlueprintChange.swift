// A blueprint in a rehearsal: its files, by the ordinary transaction, on the copy of the host. The
// instances are started by the rehearsal itself.

import Blueprint
import BlueprintOperations
import Bytes
import HostAccess
import Instances

extension CommandContext {
    /// Makes the rehearsed host what a blueprint says, and returns the blueprint's probes.
    func applyInRehearsal(_ path: String) throws(CommandFailure) -> [Probe] {
        let read = try readBlueprint(path)
        let outcome = try plan(read, startsAndStops: false)
        if !outcome.plan.isEmpty { try apply(outcome, read) }
        return read.blueprint.probes
    }

    private func apply(
        _ outcome: PlanOperation.Outcome, _ read: ReadBlueprint
    ) throws(CommandFailure) {
        let operation = ApplyOperation(
            host, installation: try observeInstallation(), blueprint: read.blueprint)
        do throws(ApplyOperation.Refusal) {
            try operation.commit(outcome.plan, text: read.text, startsAndStops: false) { tell($0) }
        } catch {
            switch error {
            case .plan(let failure): throw self.failure(of: failure)
            case .changedMeanwhile:
                throw CommandFailure(.failed, "the copy of the host changes by itself")
            }
        }
        let directory = try observeInstances().value("command_directory")
        let failures = operation.compile(
            outcome.plan.compilations, commandDirectory: directory, atOnce: 8)
        guard let (table, said) = failures.first else { return }
        throw CommandFailure(
            .failed, "\(table.type):\(table.path) cannot be compiled: \(said.printable)")
    }
}
