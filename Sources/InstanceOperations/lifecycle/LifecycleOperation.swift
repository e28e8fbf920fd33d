// Runs one life-cycle action: lock, observe, decide, apply.

import Bytes
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

    /// Carries the action out.
    ///
    /// - Parameters:
    ///   - request: The action.
    ///   - onRecovery: Is told what was made of an earlier, interrupted action, if there was one.
    package func run(
        _ request: LifecycleRequest, onRecovery: (Recovery) -> Void
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
                let outcome = try decide(request)
                try transaction.apply(record(outcome.changes))
                return outcome
            }
        } catch {
            // Who may not lock may not edit either, but still gets the more telling refusal.
            guard case .file(let fileError) = error, fileError.isDenied,
                host.accounts.effectiveUser != 0
            else { throw error }
            let outcome = try decide(request)
            if outcome.changes.isEmpty { return outcome }
            throw error
        }
    }

    private func record(_ changes: ChangeSet) -> TransactionRecord {
        TransactionRecord(
            startedSeconds: host.startedSeconds, user: host.realUser,
            invokedBy: host.environmentValue("SUDO_USER") ?? "", command: host.arguments,
            changes: changes)
    }

    /// Computes the action's change set; nothing is changed.
    package func decide(_ request: LifecycleRequest) throws(OperationFailure) -> Outcome {
        let context = try LifecycleContext(host, installation: installation, request: request)
        let changes: ChangeSet
        switch request.action {
        case .`init`:
            changes = initialising(context.registration)
        case .create, .import:
            changes = try context.add()
        case .enable, .disable, .assign:
            changes = try context.change()
        case .deport, .destroy:
            changes = try context.remove()
        }
        return Outcome(changes: changes, broken: context.otherBroken)
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
