// Runs one life-cycle action: lock, observe, decide, apply.

package import Bytes
package import HostAccess
package import Instances
import PostfixFormats

/// The life-cycle actions on a host.
package struct LifecycleOperation {
    private let host: Host
    private let installation: Installation

    package init(_ host: Host, installation: Installation) {
        self.host = host
        self.installation = installation
    }

    /// What an action did, or would do.
    package struct Outcome {
        package let changes: ChangeSet
        /// The other instances that could not be read.
        package let broken: [BrokenInstance]
    }

    /// Carries the actions out, all of them in one transaction or none.
    ///
    /// - Parameters:
    ///   - requests: The actions; each must be about another instance.
    ///   - onRecovery: Is told what was made of an earlier, interrupted action, if there was one.
    package func run(
        _ requests: [LifecycleRequest], onRecovery: (Recovery) -> Void
    ) throws(OperationFailure) -> Outcome {
        try run(tasks: requests.map { .action($0) }, onRecovery: onRecovery)
    }

    /// Carries tasks out, all of them in one transaction or none.
    ///
    /// - Parameters:
    ///   - tasks: What is to be done; each must be about another instance.
    ///   - onRecovery: Is told what was made of an earlier, interrupted action, if there was one.
    package func run(
        tasks: [LifecycleTask], onRecovery: (Recovery) -> Void
    ) throws(OperationFailure) -> Outcome {
        do throws(OperationFailure) {
            return try EditLock(host.files).hold { () throws(OperationFailure) in
                let transaction = Transaction(host.files)
                if let recovery = try transaction.recover() {
                    onRecovery(recovery)
                    // The same command again: what it asks for has just been finished.
                    if recovery.isFinished, recovery.failures.isEmpty,
                        recovery.record.command.dropFirst() == host.arguments.dropFirst()
                    {
                        return Outcome(changes: ChangeSet(title: ""), broken: [])
                    }
                }
                return try decideAndApply(tasks, transaction)
            }
        } catch {
            // Who may not lock may not edit either, but still gets the more telling refusal.
            guard case .file(let fileError) = error, fileError.isDenied,
                host.accounts.effectiveUser != 0
            else { throw error }
            let outcome = try decide(tasks: tasks)
            if outcome.changes.isEmpty { return outcome }
            throw error
        }
    }

    /// Decides and applies, again if another program has edited one of the files in between.
    ///
    /// `postconf -e` knows nothing of our lock, only of that of the single file.
    private func decideAndApply(
        _ tasks: [LifecycleTask], _ transaction: Transaction
    ) throws(OperationFailure) -> Outcome {
        var attemptsLeft = 20
        while true {
            let outcome = try decide(tasks: tasks)
            do throws(OperationFailure) {
                try transaction.apply(record(outcome.changes))
                return outcome
            } catch {
                attemptsLeft -= 1
                guard error.isForeignEdit, attemptsLeft > 0 else { throw error }
            }
        }
    }

    /// What an earlier, interrupted action was about, if one is waiting to be made good.
    package func interruptedTitle() throws(OperationFailure) -> ByteString? {
        do throws(OperationFailure) {
            return try Journal(files: host.files).interrupted()?.changes.title
        } catch {
            // Only root may look; whoever may not is told nothing.
            if case .file(let fileError) = error, fileError.isDenied { return nil }
            throw error
        }
    }

    private func record(_ changes: ChangeSet) -> TransactionRecord {
        TransactionRecord(
            startedSeconds: host.startedSeconds, user: host.realUser,
            invokedBy: host.environmentValue("SUDO_USER") ?? "", command: host.arguments,
            changes: changes)
    }

    /// Computes the actions' change set; nothing is changed.
    package func decide(_ requests: [LifecycleRequest]) throws(OperationFailure) -> Outcome {
        try decide(tasks: requests.map { .action($0) })
    }

    /// Computes the tasks' change set; nothing is changed.
    package func decide(tasks: [LifecycleTask]) throws(OperationFailure) -> Outcome {
        let requests = tasks.compactMap(\.request)
        // init works whatever the secondaries are like.
        var context = try LifecycleContext(
            host, installation: installation,
            primaryOnly: tasks.allSatisfy { $0.request?.action == .`init` })
        let broken = context.instances.broken.filter { broken in
            !requests.contains { $0.isRemoval && $0.selection.matches(broken) }
        }
        var changes = ChangeSet(title: "")
        for task in tasks {
            changes = changes.followed(by: try context.decide(task))
        }
        return Outcome(changes: changes, broken: broken)
    }
}

extension LifecycleRequest {
    fileprivate var isRemoval: Bool { action == .deport || action == .destroy }
}

extension OperationFailure {
    /// True if nothing was changed because a file was not any more what it was when we decided.
    fileprivate var isForeignEdit: Bool {
        if case .step(_, .changedMeanwhile, undoFailures: let failures) = self {
            failures.isEmpty
        } else {
            false
        }
    }
}

extension FileError {
    /// True if the system refused for want of rights.
    fileprivate var isDenied: Bool {
        switch self {
        case .system(_, _, .accessDenied), .system(_, _, .notPermitted): true
        default: false
        }
    }
}
