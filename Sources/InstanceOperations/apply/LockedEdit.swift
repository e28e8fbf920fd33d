// How every edit is made: under the lock, after what an interrupted command has left is made good,
// decided on what is there then, and decided again if another program edits meanwhile.

package import Bytes
package import HostAccess
package import Instances

/// Decides and applies changes, one command at a time.
package struct LockedEdit {
    private let host: Host

    /// Another program may edit at the same moment; as often is tried before it is given up.
    private static let attempts = 20

    package init(_ host: Host) { self.host = host }

    /// Carries out what `decide` decides, in one transaction.
    ///
    /// - Parameters:
    ///   - changes: The change set of an outcome.
    ///   - takesBack: The number of the generation that an outcome takes back, if it does.
    ///   - onRecovery: Is told what was made of an earlier, interrupted command, if there was one.
    /// - Returns: The outcome, or nil if the same command was interrupted before and what it asks
    ///   for has just been finished.
    package func run<Outcome>(
        changes: (Outcome) -> ChangeSet, takesBack: (Outcome) -> Int? = { _ in nil },
        onRecovery: (Recovery) -> Void, decide: () throws(OperationFailure) -> Outcome
    ) throws(OperationFailure) -> Outcome? {
        do throws(OperationFailure) {
            return try EditLock(host.files).hold { () throws(OperationFailure) -> Outcome? in
                let transaction = Transaction(host.files)
                if try hasFinished(transaction, onRecovery) { return nil }
                return try decideAndApply(transaction, decide: decide) { outcome in
                    record(changes(outcome), takesBack: takesBack(outcome))
                }
            }
        } catch {
            // Who may not lock may not edit either, but still gets the more telling refusal.
            guard case .file(let fileError) = error, fileError.isDenied,
                host.accounts.effectiveUser != 0
            else { throw error }
            let outcome = try decide()
            if changes(outcome).isEmpty { return outcome }
            throw error
        }
    }

    /// Makes good what an interrupted command has left, and no more.
    ///
    /// - Returns: True if the same command was interrupted and has just been finished.
    package func makeGood(onRecovery: (Recovery) -> Void) throws(OperationFailure) -> Bool {
        try EditLock(host.files).hold { () throws(OperationFailure) in
            try hasFinished(Transaction(host.files), onRecovery)
        }
    }

    private func hasFinished(
        _ transaction: Transaction, _ onRecovery: (Recovery) -> Void
    ) throws(OperationFailure) -> Bool {
        guard let recovery = try transaction.recover() else { return false }
        onRecovery(recovery)
        return recovery.isFinished && recovery.failures.isEmpty
            && recovery.record.command.dropFirst() == host.arguments.dropFirst()
    }

    /// Decides and applies, again if another program has edited one of the files in between.
    ///
    /// `postconf -e` knows nothing of our lock, only of that of the single file.
    private func decideAndApply<Outcome>(
        _ transaction: Transaction, decide: () throws(OperationFailure) -> Outcome,
        record: (Outcome) -> TransactionRecord
    ) throws(OperationFailure) -> Outcome {
        var attemptsLeft = Self.attempts
        while true {
            let outcome = try decide()
            do throws(OperationFailure) {
                try transaction.apply(record(outcome))
                return outcome
            } catch {
                attemptsLeft -= 1
                guard error.isForeignEdit, attemptsLeft > 0 else { throw error }
            }
        }
    }

    /// What an earlier, interrupted command was about, if one is waiting to be made good.
    package func interruptedTitle() throws(OperationFailure) -> ByteString? {
        do throws(OperationFailure) {
            return try Journal(files: host.files).interrupted()?.changes.title
        } catch {
            // Only root may look; whoever may not is told nothing.
            if case .file(let fileError) = error, fileError.isDenied { return nil }
            throw error
        }
    }

    private func record(_ changes: ChangeSet, takesBack: Int?) -> TransactionRecord {
        TransactionRecord(
            startedSeconds: host.startedSeconds, user: host.realUser,
            invokedBy: host.environmentValue("SUDO_USER") ?? "", command: host.arguments,
            takesBack: takesBack, changes: changes)
    }
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
