// What has to happen to each instance, from what is planned and what is seen.

import Blueprint
import Bytes
import InstanceOperations
import Instances
import PostfixFormats

extension PlanBuilder {
    /// The plans of the instances that are named, in start order, and of those that go.
    func instancePlans(
        _ snapshot: Snapshot, _ compilations: [TableCompilation], startsAndStops: Bool
    ) -> [InstancePlan] {
        var plans: [InstancePlan] = []
        for desired in operation.blueprint.instances {
            guard let directory = directories[desired.name] else { continue }
            let seen = snapshot.instances.first { $0.member.configDirectory == directory }
            let difference = edits.first { $0.name == desired.name }?.difference
            let isNew = new.contains(desired.name)
            let condition = Condition(
                isRunning: startsAndStops ? seen?.isRunning : nil,
                isWanted: desired.isEnabled, isNew: isNew)
            let (step, reasons) = condition.next(
                difference ?? .none, readOnce: readOnce(difference?.tables ?? [], directory, seen),
                compiles: compilations.contains { $0.configDirectory == directory })
            plans.append(
                InstancePlan(
                    name: desired.name, configDirectory: directory, kind: isNew ? .new : .kept,
                    next: startsAndStops ? step : step.withoutControl, reasons: reasons))
        }
        for member in removed {
            plans.append(
                InstancePlan(
                    name: member.displayName, configDirectory: member.configDirectory,
                    kind: .removed, next: startsAndStops ? .stop : .nothing,
                    reasons: ["not in the blueprint"]))
        }
        return plans
    }

    /// The tables that daemons read once, of those that change.
    private func readOnce(
        _ names: [ByteString], _ directory: ByteString, _ seen: InstanceSnapshot?
    ) -> [ByteString] {
        names.filter { name in
            let tables = seen?.facts.tables.filter { $0.path == "\(directory)/\(name)" } ?? []
            return tables.contains { TableReference.databaseSuffixes[$0.type] == nil }
        }
    }
}

extension InstanceSnapshot {
    /// Whether its master(8) runs; nil if that cannot be seen.
    fileprivate var isRunning: Bool? {
        process.value.map { $0 != .stopped }
    }
}

extension FileDifference {
    /// Nothing differs.
    fileprivate static let none = FileDifference(
        from: InstanceFiles(main: "", master: ""), to: InstanceFiles(main: "", master: ""))
}

extension InstancePlan.NextStep {
    /// The same where nothing is to be started or stopped.
    fileprivate var withoutControl: Self { self == .postmap ? .postmap : .nothing }
}
