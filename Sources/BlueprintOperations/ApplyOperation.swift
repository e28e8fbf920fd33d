// Makes a host what a blueprint says: the files in one transaction, then the tables. Starting and
// stopping is the business of who calls.

package import Blueprint
package import Bytes
package import HostAccess
package import InstanceOperations
import Instances
import PostfixFormats

/// Applies a blueprint.
package struct ApplyOperation {
    private let host: Host
    private let installation: Installation
    private let blueprint: Blueprint

    package init(_ host: Host, installation: Installation, blueprint: Blueprint) {
        self.host = host
        self.installation = installation
        self.blueprint = blueprint
    }

    /// Why nothing was applied.
    package enum Refusal: Error {
        case plan(PlanFailure)
        /// The host is not what it was when the plan was made.
        case changedMeanwhile(present: BlueprintPlan)
    }

    /// The text of the blueprint that was applied last.
    package static let savedPath: ByteString = "\(StateDirectory.path)/blueprint"

    /// Puts the planned files in place, all or none.
    ///
    /// - Parameters:
    ///   - expected: What is to be done; nothing is if it would be something else by now.
    ///   - text: The blueprint as it was read, to be kept for later comparisons.
    ///   - startsAndStops: As it was planned.
    ///   - onRecovery: Is told what was made of an earlier, interrupted command.
    package func commit(
        _ expected: BlueprintPlan, text: ByteString, startsAndStops: Bool,
        onRecovery: (Recovery) -> Void
    ) throws(Refusal) {
        let result: Result<ChangeSet, Refusal>?
        do throws(OperationFailure) {
            result = try LockedEdit(host).run(
                changes: { (try? $0.get()) ?? ChangeSet(title: "") }, onRecovery: onRecovery
            ) { () throws(OperationFailure) in
                try decide(expected, text: text, startsAndStops: startsAndStops)
            }
        } catch {
            throw .plan(.operation(error))
        }
        _ = try result?.get()
    }

    private func decide(
        _ expected: BlueprintPlan, text: ByteString, startsAndStops: Bool
    ) throws(OperationFailure) -> Result<ChangeSet, Refusal> {
        let present: BlueprintPlan
        do throws(PlanFailure) {
            present = try PlanOperation(host, installation: installation, blueprint: blueprint)
                .decide(startsAndStops: startsAndStops).plan
        } catch {
            return .failure(.plan(error))
        }
        guard present.changes == expected.changes else {
            return .failure(.changedMeanwhile(present: present))
        }
        var changes = present.changes
        do throws(FileError) {
            if let step = try keeping(text) { changes.preparation.insert(step, at: 0) }
        } catch {
            throw .file(error)
        }
        return .success(changes)
    }

    /// The step that keeps the blueprint's text; nil if it is kept already.
    private func keeping(_ text: ByteString) throws(FileError) -> ChangeSet.Step? {
        guard try host.files.status(of: Self.savedPath, followingLinks: false) != nil else {
            return .createFile(
                path: Self.savedPath, contents: text,
                attributes: ChangeSet.Attributes(mode: 0o600, owner: 0, group: 0))
        }
        let old = ByteString(try host.files.read(Self.savedPath, limitBytes: 1 << 26).bytes)
        return old == text ? nil : .editFile(path: Self.savedPath, old: old, new: text)
    }
}
