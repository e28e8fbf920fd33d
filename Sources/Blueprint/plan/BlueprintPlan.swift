// A decided blueprint: what changes on the host, and what has to happen to each instance, with the
// reason. A value, to be printed, compared, saved and refused.

package import Bytes
package import Instances

/// What it takes to make a host what a blueprint says.
package struct BlueprintPlan: Sendable {
    package var changes: ChangeSet
    /// The instances that are named, in start order, and those that are removed.
    package var instances: [InstancePlan]
    /// The tables to compile once the files are in place.
    package var compilations: [TableCompilation]
    /// What the doctor finds in the planned system and not in the present one.
    package var findings: [Finding]
    /// The instances that the blueprint does not name, and that stay as they are.
    package var leftAlone: [ByteString]

    package init(
        changes: ChangeSet, instances: [InstancePlan], compilations: [TableCompilation],
        findings: [Finding], leftAlone: [ByteString]
    ) {
        self.changes = changes
        self.instances = instances
        self.compilations = compilations
        self.findings = findings
        self.leftAlone = leftAlone
    }

    /// True if the host is what the blueprint says.
    package var isEmpty: Bool {
        changes.isEmpty && compilations.isEmpty
            && instances.allSatisfy { $0.next == .nothing && $0.kind == .kept }
    }

    /// The checks whose findings are always refused, however bad they are as a rule: a blueprint
    /// is to be right before it is applied.
    package static let alwaysRefused: Set<ByteString> = [
        "listener-overlap", "flow-cycle", "table-missing", "tls-certificate",
        "bind-address-absent", "directory-shared", "expansion-broken", "parameter-unknown",
        "next-hop-dead",
    ]
}

/// What becomes of one instance.
package struct InstancePlan: Hashable, Sendable {
    package var name: ByteString
    package var configDirectory: ByteString
    package var kind: Kind
    package var next: NextStep
    /// Why that is needed: the parameters, services and tables that change, or what is seen.
    package var reasons: [ByteString]

    /// Whether it comes, stays or goes.
    package enum Kind: Hashable, Sendable {
        case new, kept, removed
    }

    /// What the instance needs once the files are in place.
    package enum NextStep: String, Hashable, Sendable {
        case nothing, postmap, reload, restart, start, stop

        /// The word that output uses.
        package var word: ByteString { ByteString(rawValue) }
    }

    package init(
        name: ByteString, configDirectory: ByteString, kind: Kind, next: NextStep,
        reasons: [ByteString]
    ) {
        self.name = name
        self.configDirectory = configDirectory
        self.kind = kind
        self.next = next
        self.reasons = reasons
    }
}

/// A table whose database is older than its source, or not there.
package struct TableCompilation: Hashable, Sendable {
    package var configDirectory: ByteString
    package var type: ByteString
    package var path: ByteString
    /// It is one of aliases, which postalias(1) compiles.
    package var isAliases: Bool

    package init(
        configDirectory: ByteString, type: ByteString, path: ByteString, isAliases: Bool
    ) {
        self.configDirectory = configDirectory
        self.type = type
        self.path = path
        self.isAliases = isAliases
    }
}
