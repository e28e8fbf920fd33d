// Decides an edit of several instances: all of them can be edited, or none is.

package import Bytes
import PostfixFormats

/// The instances of a host, some of which are to be edited.
package struct ConfigDecision {
    private let instances: InstanceSet
    private let chosen: [ConfiguredInstance]
    private let tableTypes: Observed<Set<ByteString>>

    /// - Parameters:
    ///   - instances: All instances that are registered.
    ///   - chosen: Those to be edited, registered or not, in start order.
    ///   - tableTypes: The kinds of tables of the installed Postfix.
    package init(
        _ instances: InstanceSet, chosen: [ConfiguredInstance],
        tableTypes: Observed<Set<ByteString>>
    ) {
        self.instances = instances
        self.chosen = chosen
        self.tableTypes = tableTypes
    }

    /// The plan of the edit.
    package func plan(_ edit: ConfigEdit) throws(ConfigRefusal) -> ConfigPlan {
        var changes = ChangeSet(title: "")
        var plans: [ConfigPlan.InstancePlan] = []
        var after: [ByteString: Instance] = [:]
        for old in chosen {
            let (new, change) = try old.edited(edit, tableTypes: tableTypes)
            let instance = try usable(new, before: old)
            if let instance { after[instance.configDirectory] = instance }
            plans.append(
                .init(
                    displayName: old.displayName,
                    configDirectory: old.member.configDirectory,
                    // The one that it runs in now.
                    queueDirectory: old.member.queueDirectory ?? instance?.queueDirectory ?? "",
                    next: old.next(edit, to: new)))
            if !change.isEmpty { changes = changes.followed(by: change) }
        }
        try checkClaims(after)
        return ConfigPlan(changes: changes, instances: plans)
    }

    /// The instance as it will be; nil if it cannot be used, as before.
    private func usable(
        _ new: ConfiguredInstance, before old: ConfiguredInstance
    ) throws(ConfigRefusal) -> Instance? {
        let isPrimary = new.member.configDirectory == instances.primary.configDirectory
        do throws(LoadFailure) {
            return try Instance(new.parameters, isPrimary: isPrimary)
        } catch {
            if case .broken = old.member { return nil }
            throw .breaks(instance: new.displayName, error)
        }
    }

    /// Makes sure that no two instances will have the same name or directory that differ now.
    private func checkClaims(_ after: [ByteString: Instance]) throws(ConfigRefusal) {
        var claims = Claims()
        for member in instances.members {
            guard case .instance(let old) = member else { continue }
            let new = after[old.configDirectory] ?? old
            do {
                try claims.claim(new)
            } catch {
                throw .conflict(error)
            }
        }
    }
}

extension InstanceSet.Member {
    /// The queue directory, if it is known.
    fileprivate var queueDirectory: ByteString? {
        if case .instance(let instance) = self { instance.queueDirectory } else { nil }
    }
}
