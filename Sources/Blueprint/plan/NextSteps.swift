// What an instance needs so that new files have their effect.

package import Bytes
import Instances
import PostfixFormats

/// What is seen of an instance, and what is wanted of it.
package struct Condition: Hashable, Sendable {
    /// Its master(8) runs; nil if nobody may know.
    package var isRunning: Bool?
    package var isWanted: Bool
    package var isNew: Bool

    package init(isRunning: Bool?, isWanted: Bool, isNew: Bool) {
        self.isRunning = isRunning
        self.isWanted = isWanted
        self.isNew = isNew
    }

    /// What is needed, and why.
    ///
    /// - Parameters:
    ///   - difference: What changes in its files.
    ///   - readOnce: The tables that daemons read when they start, of those that change.
    ///   - compiles: A table of it has to be compiled.
    package func next(
        _ difference: FileDifference, readOnce: [ByteString], compiles: Bool
    ) -> (step: InstancePlan.NextStep, reasons: [ByteString]) {
        if isNew { return isWanted ? (.start, ["new"]) : (.nothing, ["new, and not enabled"]) }
        guard isWanted else {
            return isRunning == true ? (.stop, ["not enabled"]) : idle(difference, compiles)
        }
        guard isRunning != false else {
            return (.start, ["does not run"] + difference.reasons)
        }
        let restarting = difference.parameters.filter {
            ConfigPlan.NextStep.after(changing: .parameter($0)) == .restart
        }
        if !restarting.isEmpty {
            return (.restart, restarting.map { "\($0) is held by master(8)" })
        }
        let inMain = difference.parameters.filter { !Self.forManagersOnly.contains($0) }
        let files = inMain + difference.services
        if !files.isEmpty || !readOnce.isEmpty {
            return (.reload, files + readOnce.map { "table \($0), read at the start" })
        }
        return idle(difference, compiles)
    }

    private func idle(
        _ difference: FileDifference, _ compiles: Bool
    ) -> (step: InstancePlan.NextStep, reasons: [ByteString]) {
        if compiles {
            return (.postmap, difference.tables.map { "table \($0)" })
        }
        return (.nothing, difference.reasons)
    }

    /// Parameters that no daemon reads.
    private static let forManagersOnly: Set<ByteString> = [
        "multi_instance_group", "multi_instance_enable", "multi_instance_directories",
        "alternate_config_directories",
    ]
}

extension FileDifference {
    fileprivate var reasons: [ByteString] {
        parameters + services + tables.map { "table \($0)" }
            + (isOnlyText ? ["comments"] : [])
    }
}
