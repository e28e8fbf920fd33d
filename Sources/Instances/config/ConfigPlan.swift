// What an edit of parameters will do: the change of the files, and what has to happen after it.

package import Bytes

/// A decided edit.
package struct ConfigPlan: Hashable, Sendable {
    package var changes: ChangeSet
    /// The instances that are meant, in start order.
    package var instances: [InstancePlan]

    package init(changes: ChangeSet, instances: [InstancePlan]) {
        self.changes = changes
        self.instances = instances
    }

    /// What happens to one instance.
    package struct InstancePlan: Hashable, Sendable {
        package var displayName: ByteString
        package var configDirectory: ByteString
        package var queueDirectory: ByteString
        package var next: NextStep

        package init(
            displayName: ByteString, configDirectory: ByteString, queueDirectory: ByteString,
            next: NextStep
        ) {
            self.displayName = displayName
            self.configDirectory = configDirectory
            self.queueDirectory = queueDirectory
            self.next = next
        }
    }

    /// What a running instance needs so that the edit has its effect.
    package enum NextStep: Hashable, Sendable, Comparable {
        /// Nothing was changed.
        case nothing
        case reload
        /// Its master(8) holds what was changed as long as it runs.
        case restart
    }
}

extension ConfigPlan.NextStep {
    /// The step that a change of the name asks for.
    ///
    /// master(8) opens its sockets when it starts, and stays in the queue directory with the locks
    /// and the user that it began with; everything else, all of master.cf included, is read anew.
    package static func after(changing name: ConfigName) -> Self {
        guard case .parameter(let parameter) = name else { return .reload }
        let heldByMaster: Set<ByteString> = [
            "inet_interfaces", "inet_protocols", "queue_directory", "data_directory",
            "mail_owner",
        ]
        return heldByMaster.contains(parameter) ? .restart : .reload
    }
}
