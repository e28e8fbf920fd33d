// The parts of a plan that are about instances as a whole: their order, and those that go.

import Blueprint
import Bytes
import HostAccess
import InstanceOperations
import Instances
import PostfixFormats

extension PlanBuilder {
    // MARK: order

    /// Puts the instances that are named into the order of the blueprint, in the places that they
    /// have between the others.
    mutating func putInOrder() throws(PlanFailure) {
        let present = instances.registeredDirectories
        let wanted = operation.blueprint.instances.filter { !$0.isPrimary }
            .compactMap { directories[$0.name] }
        var rest = wanted[...]
        let order = present.map { wanted.contains($0) ? rest.popFirst() ?? $0 : $0 }
        guard order != present else { return }
        do throws(FileError) {
            let text = ByteString(
                try planned.read(primary.path, limitBytes: Self.limitBytes).bytes)
            let step = Registration(path: primary.path, mainCF: MainCF(text)).reordering(order)
            try planned.take(step)
            steps.append(step)
        } catch {
            throw .operation(.file(error))
        }
    }

    // MARK: removal

    /// Removes the instances that are not named.
    mutating func removeOthers() throws(PlanFailure) {
        let named = Set(directories.values)
        removed = instances.secondaries.filter { !named.contains($0.configDirectory) }
        guard !removed.isEmpty else { return }
        for case .instance(let instance) in removed {
            // By the time that it is removed it has been stopped.
            planned.free("\(instance.queueDirectory)/pid/master.pid")
            do throws(FileError) {
                let path: ByteString = "\(instance.configDirectory)/main.cf"
                let old = ByteString(try planned.read(path, limitBytes: Self.limitBytes).bytes)
                let new = MainCF(old).setting([.init("multi_instance_enable", "no")]).text
                if old != new {
                    let step = ChangeSet.Step.editFile(path: path, old: old, new: new)
                    try planned.take(step)
                    steps.append(step)
                }
            } catch {
                throw .operation(.file(error))
            }
        }
        do throws(OperationFailure) {
            removal = try LifecycleOperation(
                host.with(planned), installation: operation.installation
            ).decide(
                tasks: removed.map { member in
                    .action(
                        LifecycleRequest(
                            action: .destroy, selection: .instance(member.configDirectory)))
                }
            ).changes
        } catch {
            throw .operation(error)
        }
        try lay(removal)
    }
}
