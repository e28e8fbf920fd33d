// Lets an instance deliver what it has and take nothing new until its queue is empty, and stops it.
//
// If that does not come to its end in time, the instance is as it was before.

package import Bytes
package import HostAccess
package import Instances

/// Empties an instance by having it deliver its mail.
package struct DrainOperation {
    /// Why an instance was not emptied.
    package indirect enum Failure: Error {
        case operation(OperationFailure)
        /// A command of Postfix or of the service manager did not do its work.
        case command(ByteString, ExitStatus)
        case notRun(ProcessError)
        /// Mail that is on hold or corrupt is delivered by nobody.
        case stuck([QueueState])
        /// There was mail left when the time was over.
        case late([QueueState])
        case notSeen(reason: ByteString)
        /// It failed, and could not be put back either.
        case notPutBack(Failure, after: Failure)
    }

    /// An instance that was emptied and stopped, and how it was before.
    package struct Drained {
        fileprivate let closing: ChangeSet
        fileprivate let wasRunning: Bool
    }

    private let host: Host
    private let lifecycle: LifecycleOperation
    private let instance: Instance
    private let way: ControlWay

    /// A queue that does not move is asked to so often.
    private static let flushSeconds = 30
    /// The commands wait themselves for what they do.
    private static let commandSeconds = 120

    package init(
        _ host: Host, installation: Installation, instance: Instance, way: ControlWay
    ) {
        self.host = host
        lifecycle = LifecycleOperation(host, installation: installation)
        self.instance = instance
        self.way = way
    }

    /// Empties and stops the instance, which is disabled then and takes no mail.
    ///
    /// - Parameters:
    ///   - limitSeconds: How long that may take; after it all is put back.
    ///   - onProgress: Is told twice a second what is in the queues.
    ///   - onRecovery: Is told what was made of an earlier, interrupted action, if there was one.
    package func run(
        limitSeconds: Int, onProgress: ([QueueState]) -> Void, onRecovery: (Recovery) -> Void
    ) throws(Failure) -> Drained {
        try checkDeliverable(try queues())
        let wasRunning = try isRunning()
        let outcome: LifecycleOperation.Outcome
        do throws(OperationFailure) {
            outcome = try lifecycle.run(
                tasks: [.close(configDirectory: instance.configDirectory)], onRecovery: onRecovery)
        } catch {
            throw .operation(error)
        }
        let drained = Drained(closing: outcome.changes, wasRunning: wasRunning)
        do throws(Failure) {
            if wasRunning { try askPostfix(for: .reload) }
            try deliver(until: host.clock.nowSeconds + limitSeconds, onProgress)
            return drained
        } catch {
            do throws(Failure) {
                try reopen(drained)
            } catch let reopening {
                throw .notPutBack(reopening, after: error)
            }
            throw error
        }
    }

    /// Puts back how the instance was before it was emptied.
    package func reopen(_ drained: Drained) throws(Failure) {
        do throws(OperationFailure) {
            _ = try lifecycle.run(tasks: [.takeBack(drained.closing)]) { _ in }
        } catch {
            throw .operation(error)
        }
        switch (drained.wasRunning, try isRunning()) {
        case (true, true): try askPostfix(for: .reload)
        case (true, false): try ask(for: .start)
        case (false, true): try ask(for: .stop)
        case (false, false): break
        }
    }

    /// Has the instance run until nothing is queued, and stopped without anything new.
    private func deliver(
        until deadline: Int, _ onProgress: ([QueueState]) -> Void
    ) throws(Failure) {
        while true {
            if try isRunning() {
                try wait(until: deadline, onProgress)
                try stop()
            }
            // What came in while it stopped is seen now: nothing moves any more.
            let left = try queues()
            onProgress(left)
            if left.allSatisfy({ $0.messages == 0 }) { return }
            try checkDeliverable(left)
            guard host.clock.nowSeconds < deadline else { throw .late(left) }
            try askPostfix(for: .start)
        }
    }

    private func wait(
        until deadline: Int, _ onProgress: ([QueueState]) -> Void
    ) throws(Failure) {
        var nextFlush = host.clock.nowSeconds
        while true {
            let left = try queues()
            onProgress(left)
            if left.allSatisfy({ $0.messages == 0 }) { return }
            try checkDeliverable(left)
            let now = host.clock.nowSeconds
            guard now < deadline else { throw .late(left) }
            if now >= nextFlush {
                try askPostfix(for: .flush)
                nextFlush = now + Self.flushSeconds
            }
            host.clock.pause(milliseconds: 500)
        }
    }

    private func checkDeliverable(_ queues: [QueueState]) throws(Failure) {
        let stuck = queues.filter { ["hold", "corrupt"].contains($0.name) && $0.messages > 0 }
        if !stuck.isEmpty { throw .stuck(stuck) }
    }

    private func queues() throws(Failure) -> [QueueState] {
        switch QueueObserver(host).queues(in: instance.queueDirectory) {
        case .known(let queues): return queues
        case .unknown(let reason): throw .notSeen(reason: reason)
        }
    }

    private func isRunning() throws(Failure) -> Bool {
        do throws(FileError) {
            return try host.files.isLocked("\(instance.queueDirectory)/pid/master.pid")
        } catch {
            throw .operation(.file(error))
        }
    }

    /// Stops the instance, which is not enabled now.
    private func stop() throws(Failure) {
        let after = way.commandsAfterStop(
            of: .instance(instance), runningIn: unit, environment: host.environment)
        try askPostfix(for: .stop)
        for command in after {
            // It is stopped; what the service manager makes of that does no harm.
            _ = try? host.processes.capture(
                command, limitBytes: 1 << 16, limitSeconds: Self.commandSeconds)
        }
    }

    /// Asks postfix(1), whatever units there are: theirs refuse an instance that is not enabled,
    /// as this one is not for the while.
    private func askPostfix(for action: ControlAction) throws(Failure) {
        try run(way.withoutUnits, action)
    }

    /// Asks the one in whose hands the instance is or should be.
    private func ask(for action: ControlAction) throws(Failure) { try run(way, action) }

    private func run(_ way: ControlWay, _ action: ControlAction) throws(Failure) {
        var command = way.command(
            action, of: .instance(instance), runningIn: unit, environment: host.environment)
        command.isQuiet = true
        let status: ExitStatus
        do throws(ProcessError) {
            status = try host.processes.capture(
                command, limitBytes: 1 << 16, limitSeconds: Self.commandSeconds
            ).status
        } catch {
            throw .notRun(error)
        }
        guard status.isSuccess else {
            throw .command(way.wording(of: command, for: .instance(instance)), status)
        }
    }

    /// The unit that the instance runs in now.
    private var unit: Observed<ByteString?> {
        let processes = ProcessObserver(host.files)
        guard
            case .known(.running(let process, _)) = processes.state(
                queueDirectory: instance.queueDirectory)
        else { return .notLookedAt }
        return processes.unit(of: process)
    }
}
