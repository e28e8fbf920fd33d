// Takes back a generation of the history: lock, observe, decide, apply.

package import Bytes
package import HostAccess
package import Instances
import PostfixFormats

/// The history of a host's configuration, and the way back in it.
package struct UndoOperation {
    private let host: Host
    private let installation: Installation

    package init(_ host: Host, installation: Installation) {
        self.host = host
        self.installation = installation
    }

    /// What became of an undo: a plan that was, or would be, carried out, or a refusal.
    package typealias Outcome = Result<UndoPlan, UndoRefusal>

    /// All generations, as they are now.
    package static func history(_ host: Host) throws(OperationFailure) -> Generations {
        do throws(FileError) {
            return try History(files: host.files).generations()
        } catch {
            throw .file(error)
        }
    }

    /// The number of the newest generation that this very process has made; nil if it made none.
    package func ownGeneration() throws(OperationFailure) -> Int? {
        for case .generation(let generation) in try Self.history(host).entries {
            let record = generation.record
            if record.startedSeconds == host.startedSeconds, record.command == host.arguments,
                record.user == host.realUser, record.takesBack == nil
            {
                return generation.number
            }
        }
        return nil
    }

    /// What an earlier, interrupted command was about, if one is waiting to be made good.
    package func interruptedTitle() throws(OperationFailure) -> ByteString? {
        try LockedEdit(host).interruptedTitle()
    }

    /// Makes good what an interrupted command has left, which may be this very undo.
    ///
    /// - Returns: True if it was, and has just been finished.
    package func makeGood(onRecovery: (Recovery) -> Void) throws(OperationFailure) -> Bool {
        try LockedEdit(host).makeGood(onRecovery: onRecovery)
    }

    /// Takes a generation back, in one transaction, which is a new generation.
    ///
    /// - Parameters:
    ///   - generation: Its number; without one, the newest that is in effect and is no undo.
    ///   - onRecovery: Is told what was made of an earlier, interrupted command.
    /// - Returns: nil if the same command was interrupted before and has just been finished.
    package func run(
        generation: Int?, onRecovery: (Recovery) -> Void
    ) throws(OperationFailure) -> Outcome? {
        try LockedEdit(host).run(
            changes: { (outcome: Outcome) in
                // What is refused changes nothing.
                (try? outcome.get())?.changes ?? ChangeSet(title: "")
            },
            takesBack: { (try? $0.get())?.generation }, onRecovery: onRecovery
        ) { () throws(OperationFailure) in try decide(generation: generation) }
    }

    /// Computes the plan; nothing is changed.
    package func decide(generation: Int?) throws(OperationFailure) -> Outcome {
        let history = try Self.history(host)
        let chosen: Generation
        do throws(UndoRefusal) {
            chosen = try history.chosen(generation)
        } catch {
            return .failure(error)
        }
        var context = try LifecycleContext(host, installation: installation, primaryOnly: false)
        let facts = try context.undoFacts(of: chosen)
        do throws(UndoRefusal) {
            let changes = try TakeBack(chosen, among: history, facts).changes()
            try context.checkInstances(after: changes)
            return .success(
                UndoPlan(
                    generation: chosen.number, changes: changes,
                    removed: facts.made.values.map(\.displayName).sorted(),
                    instances: context.plans(after: changes, removed: facts.made)))
        } catch {
            return .failure(error)
        }
    }

    /// True if the instance's master(8) runs, or nobody may know.
    package func mayRun(_ plan: ConfigPlan.InstancePlan) -> Bool {
        ProcessObserver(host.files).state(queueDirectory: plan.queueDirectory)
            != .known(.stopped)
    }
}
