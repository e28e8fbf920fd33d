// What has to be done, and in which order, to start, stop or otherwise control instances.

package import Bytes

/// What postfix(1) can do to an instance.
package enum ControlAction: String, CaseIterable, Hashable, Sendable {
    case start, stop, restart, reload, flush, check, abort

    /// The action as postfix(1) names it.
    package var word: ByteString { ByteString(rawValue) }
}

/// The steps of an action on several instances, those of one wave side by side.
package struct ControlPlan: Hashable, Sendable {
    /// One command of postfix(1) for one instance.
    package struct Step: Hashable, Sendable {
        /// An index of the snapshot's instances.
        package var instance: Int
        package var action: ControlAction

        package init(instance: Int, action: ControlAction) {
            self.instance = instance
            self.action = action
        }
    }

    /// An instance for which nothing is done.
    package struct Skip: Hashable, Sendable {
        package var instance: Int
        package var reason: SkipReason

        package init(instance: Int, reason: SkipReason) {
            self.instance = instance
            self.reason = reason
        }
    }

    /// Why nothing is done for an instance.
    package enum SkipReason: Hashable, Sendable {
        /// It is as it is wanted.
        case alreadyRunning, notRunning
        /// multi_instance_enable is not yes.
        case notEnabled
        case broken(LoadFailure)
        /// Whether it runs cannot be seen.
        case unseen(reason: ByteString)

        /// True if what was asked for does not hold then.
        package var isFailure: Bool {
            switch self {
            case .alreadyRunning, .notRunning: false
            case .notEnabled, .broken, .unseen: true
            }
        }
    }

    package let waves: [[Step]]
    /// The instances for which nothing is done, in start order.
    package let skips: [Skip]

    /// Plans an action.
    ///
    /// - Parameters:
    ///   - action: What is wanted.
    ///   - selected: The instances that are meant, in start order.
    ///   - isNamed: They were named; else those that are not enabled are left out silently.
    ///   - snapshot: The host.
    ///   - flow: The ways of mail, which decide the order.
    package init(
        _ action: ControlAction, selected: [Int], isNamed: Bool, _ snapshot: Snapshot,
        _ flow: MailFlow
    ) {
        var chosen: [Int] = []
        var skips: [Skip] = []
        for index in selected {
            let instance = snapshot.instances[index]
            if !isNamed, action.needsEnabled, instance.instance?.isEnabled == false { continue }
            if let reason = Self.reasonToSkip(action, instance) {
                skips.append(Skip(instance: index, reason: reason))
            } else {
                chosen.append(index)
            }
        }
        self.skips = skips
        let forward = StartOrder(chosen, flow).waves
        func waves(_ action: ControlAction, _ order: [[Int]]) -> [[Step]] {
            order.map { wave in wave.map { Step(instance: $0, action: action) } }
        }
        switch action {
        case .start: self.waves = waves(.start, forward)
        case .stop, .abort: self.waves = waves(action, Self.reversed(forward))
        case .restart:
            let running = chosen.filter { Self.isRunning(snapshot.instances[$0]) == true }
            let stops = Self.reversed(StartOrder(running, flow).waves)
            self.waves = waves(.stop, stops) + waves(.start, forward)
        case .reload, .flush, .check:
            // They stop nobody, so nobody has to wait.
            self.waves = chosen.isEmpty ? [] : waves(action, [chosen])
        }
    }

    private static func reversed(_ waves: [[Int]]) -> [[Int]] {
        waves.reversed().map { $0.reversed() }
    }

    private static func isRunning(_ instance: InstanceSnapshot) -> Bool? {
        switch instance.process {
        case .known(.running): true
        case .known(.stopped): false
        case .unknown: nil
        }
    }

    private static func reasonToSkip(
        _ action: ControlAction, _ instance: InstanceSnapshot
    ) -> SkipReason? {
        if case .broken(let broken) = instance.member { return .broken(broken.reason) }
        if action == .check { return nil }
        if let reason = instance.process.reason { return .unseen(reason: reason) }
        let isRunning = isRunning(instance) ?? false
        let isEnabled = instance.instance?.isEnabled ?? false
        switch action {
        case .start:
            if isRunning { return .alreadyRunning }
            return isEnabled ? nil : .notEnabled
        case .restart: return isEnabled ? nil : .notEnabled
        case .stop, .abort, .reload, .flush: return isRunning ? nil : .notRunning
        case .check: return nil
        }
    }
}

extension ControlAction {
    /// True if it starts something: then only enabled instances are meant.
    fileprivate var needsEnabled: Bool { self == .start || self == .restart }
}
