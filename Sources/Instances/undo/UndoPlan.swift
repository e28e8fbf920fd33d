// What an undo will do, and what running instances need after it. Pure.

package import Bytes
import PostfixFormats

/// A decided undo.
package struct UndoPlan: Hashable, Sendable {
    /// The generation that is taken back.
    package let generation: Int
    package var changes: ChangeSet
    /// The names of the instances that go.
    package var removed: [ByteString]
    /// The instances whose files change, in start order.
    package var instances: [ConfigPlan.InstancePlan]

    package init(
        generation: Int, changes: ChangeSet, removed: [ByteString],
        instances: [ConfigPlan.InstancePlan]
    ) {
        self.generation = generation
        self.changes = changes
        self.removed = removed
        self.instances = instances
    }
}

extension ChangeSet {
    /// What a running instance needs after this change of the files in its configuration directory.
    package func nextStep(in configDirectory: ByteString) -> ConfigPlan.NextStep {
        var next = ConfigPlan.NextStep.nothing
        for step in steps {
            switch step {
            case .editFile(let path, let old, let new) where parent(of: path) == configDirectory:
                next = max(next, Self.nextStep(after: path, from: old, to: new))
            case .createFile(let path, _, _), .deleteFile(let path, _, _):
                if parent(of: path) == configDirectory { next = max(next, .reload) }
            default: break
            }
        }
        return next
    }

    private static func nextStep(
        after path: ByteString, from old: ByteString, to new: ByteString
    ) -> ConfigPlan.NextStep {
        guard ConfigFileKind(path) == .main else { return .reload }
        let (old, new) = (MainCF(old), MainCF(new))
        let names = Set((old.entries + new.entries).map(\.name))
            .filter { old.value(of: $0) != new.value(of: $0) }
        return names.filter { !isAboutManaging($0) }
            .map { .after(changing: .parameter($0)) }.max() ?? .nothing
    }

    /// True for what only managers of instances read.
    private static func isAboutManaging(_ parameter: ByteString) -> Bool {
        parameter.hasPrefix("multi_instance_") || parameter == "alternate_config_directories"
    }
}
