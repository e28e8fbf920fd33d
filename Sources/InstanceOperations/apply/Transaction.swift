// The one door through which the machine is changed: applies a change set, all of it or nothing.

import Bytes
package import HostAccess
package import Instances

/// Applies change sets to a host's files.
package struct Transaction {
    private let files: any FileSystem

    package init(_ files: any FileSystem) { self.files = files }

    /// Applies the steps in order.
    ///
    /// If a step before the commit point, or the commit itself, fails, all earlier ones are undone
    /// in reverse order. Failures after the commit point are collected and thrown at the end.
    package func apply(_ changes: ChangeSet) throws(OperationFailure) {
        var done: [ChangeSet.Step] = []
        for step in changes.preparation + (changes.commit.map { [$0] } ?? []) {
            do throws(FileError) {
                try perform(step)
                done.append(step)
            } catch {
                throw .step(step, error, undoFailures: undo(done))
            }
        }
        var failures: [FileError] = []
        for step in changes.completion {
            do throws(FileError) {
                try perform(step)
            } catch {
                // What is gone already needs no removing.
                if !(step.isRemoval && error.isNotFound) { failures.append(error) }
            }
        }
        if !failures.isEmpty { throw .completion(failures, notices: changes.notices) }
    }

    private func perform(_ step: ChangeSet.Step) throws(FileError) {
        switch step {
        case .makeDirectory(let path, let mode):
            try files.makeDirectory(path, mode: mode)
        case .createFile(let path, let contents, let attributes):
            try files.replace(
                path,
                with: FileReplacement(
                    contents: contents, expected: .absent,
                    attributes: .given(
                        mode: attributes.mode, owner: attributes.owner, group: attributes.group)))
        case .editFile(let path, let old, let new):
            try files.replace(
                path,
                with: FileReplacement(
                    contents: new, expected: .contents(old), attributes: .kept))
        case .setPermissions(let permissions):
            try files.setPermissions(
                permissions.path, mode: permissions.mode, owner: permissions.owner,
                group: permissions.group, includingContents: permissions.includesContents)
        case .removeFile(let path):
            try files.removeFile(path)
        case .removeDirectory(let path):
            try files.removeDirectory(path)
        }
    }

    /// Undoes performed steps, the last one first, and tells what could not be undone.
    private func undo(_ done: [ChangeSet.Step]) -> [FileError] {
        var failures: [FileError] = []
        for step in done.reversed() {
            do throws(FileError) {
                try perform(step.inverse)
            } catch {
                failures.append(error)
            }
        }
        return failures
    }

    private func perform(_ steps: [ChangeSet.Step]) throws(FileError) {
        for step in steps { try perform(step) }
    }
}

extension ChangeSet.Step {
    /// The steps that take this one back.
    ///
    /// Owners and modes are set before the commit point on new objects only, which go away
    /// altogether; removals happen after it and are not taken back.
    fileprivate var inverse: [ChangeSet.Step] {
        switch self {
        case .makeDirectory(let path, _): [.removeDirectory(path: path)]
        case .createFile(let path, _, _): [.removeFile(path: path)]
        case .editFile(let path, let old, let new): [.editFile(path: path, old: new, new: old)]
        case .setPermissions, .removeFile, .removeDirectory: []
        }
    }

    fileprivate var isRemoval: Bool {
        switch self {
        case .removeFile, .removeDirectory: true
        default: false
        }
    }
}
