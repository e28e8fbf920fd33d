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
        let outcome = try LockedEdit(host).run(
            changes: \.changes, onRecovery: onRecovery
        ) { () throws(OperationFailure) in try decide(tasks: tasks) }
        return outcome ?? Outcome(changes: ChangeSet(title: ""), broken: [])
    }

    /// What an earlier, interrupted action was about, if one is waiting to be made good.
    package func interruptedTitle() throws(OperationFailure) -> ByteString? {
        try LockedEdit(host).interruptedTitle()
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
