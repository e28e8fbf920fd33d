// Compares a blueprint with the host, and decides what it takes to make one the other. Only looks.

package import Blueprint
import Bytes
package import HostAccess
package import InstanceOperations
package import Instances
import PostfixFormats
import TOMLReading

/// Decides what a blueprint means for a host.
package struct PlanOperation {
    let host: Host
    let installation: Installation
    let blueprint: Blueprint

    package init(_ host: Host, installation: Installation, blueprint: Blueprint) {
        self.host = host
        self.installation = installation
        self.blueprint = blueprint
    }

    /// The plan, and the host as it will be.
    package struct Outcome {
        package let plan: BlueprintPlan
        /// The host with the planned files, to be looked at; nothing can be written.
        package let plannedHost: Host
        /// What is planned there.
        package let snapshot: Snapshot
        /// The instances that cannot be read, and are left alone.
        package let broken: [BrokenInstance]
    }

    /// Decides.
    ///
    /// - Parameter startsAndStops: Instances are to run as the blueprint says; else only files
    ///   count.
    package func decide(startsAndStops: Bool) throws(PlanFailure) -> Outcome {
        var builder = try PlanBuilder(self)
        try builder.addInstances()
        for index in blueprint.instances.indices { try builder.addFiles(of: index) }
        try builder.putInOrder()
        if blueprint.purges { try builder.removeOthers() }
        let changes = builder.changes(title: title(builder))
        return finished(builder, changes, startsAndStops: startsAndStops)
    }

    private func title(_ builder: PlanBuilder) -> ByteString {
        let names = builder.new
        let rest = builder.edits.map(\.name)
        var parts: [ByteString] = []
        if !names.isEmpty { parts.append("create \(names.abbreviated)") }
        if !rest.isEmpty { parts.append("change \(rest.abbreviated)") }
        if !builder.removed.isEmpty {
            parts.append("remove \(builder.removed.map(\.displayName).abbreviated)")
        }
        let what = parts.isEmpty ? "nothing" : parts.joined(by: ", ")
        return "blueprint: \(what)"
    }

    private func finished(
        _ builder: PlanBuilder, _ changes: ChangeSet, startsAndStops: Bool
    ) -> Outcome {
        let plannedHost = host.with(builder.planned)
        var snapshot = CheckupObserver(
            plannedHost, installation: installation,
            primaryDirectory: installation.configDirectory
        ).snapshot()
        let compilations = builder.compilations(in: snapshot)
        snapshot.take(compilations)
        let instances = builder.instancePlans(
            snapshot, compilations, startsAndStops: startsAndStops)
        let named = Set(builder.directories.values)
        let plan = BlueprintPlan(
            changes: changes, instances: instances, compilations: compilations,
            findings: changes.isEmpty ? [] : newFindings(in: snapshot),
            leftAlone: snapshot.instances.map(\.member).filter { member in
                !named.contains(member.configDirectory)
            }.map(\.displayName))
        return Outcome(
            plan: plan, plannedHost: plannedHost, snapshot: snapshot, broken: builder.broken)
    }

    /// What the doctor finds in the planned system and not in the present one.
    private func newFindings(in planned: Snapshot) -> [Finding] {
        let present = CheckupObserver(
            host.with(ReadOnlyFileSystem(host.files)), installation: installation,
            primaryDirectory: installation.configDirectory
        ).snapshot(tableTypes: planned.host.tableTypes)
        let known = Set(Checkup.findings(in: present).map(FindingKey.init))
        return Checkup.findings(in: planned).filter { finding in
            !known.contains(FindingKey(finding))
        }
    }
}

/// What makes two findings the same one, wherever its line has moved to.
private struct FindingKey: Hashable {
    let id: ByteString
    let instances: [ByteString]
    let message: ByteString

    init(_ finding: Finding) {
        id = finding.id
        instances = finding.instances
        message = finding.message
    }
}

/// Why there is no plan.
package enum PlanFailure: Error {
    /// The blueprint asks for what cannot be; each problem with its line.
    case problems(BlueprintProblems)
    case operation(OperationFailure)
}

extension Host {
    /// The same host with other files, which cannot be written to.
    package func with(_ files: any FileReading) -> Host {
        var host = self
        host.files = ReadOnlyFileSystem(files)
        return host
    }
}
