// The one door through which the machine is changed: applies a change set, all of it or nothing.

import Bytes
package import HostAccess
package import Instances

/// Applies change sets to a host's files, so that a crash at any moment can be made good.
package struct Transaction {
    private let files: any FileSystem
    private let journal: Journal
    private let steps: StepRunner

    package init(_ files: any FileSystem) {
        self.files = files
        journal = Journal(files: files)
        steps = StepRunner(files: files)
    }

    /// Applies the record's change set; the caller holds the edit lock.
    ///
    /// If a step before the commit point, or the commit itself, fails, all earlier ones are undone
    /// in reverse order. What fails after the commit point is tried again by the next transaction.
    package func apply(_ record: TransactionRecord) throws(OperationFailure) {
        let changes = record.changes
        if changes.isEmpty { return }
        do {
            try journal.begin(record)
        } catch {
            // In place all the same, it goes; if it stays, the next command finds nothing done.
            if error.isAfterReplacing(StateDirectory.journal) { try? journal.discard() }
            throw .file(error)
        }
        try prepareAndCommit(changes)
        try finish(changes)
    }

    /// Finishes or undoes what a crash has left; nil if there was nothing.
    package func recover() throws(OperationFailure) -> Recovery? {
        guard let record = try journal.interrupted() else { return nil }
        let changes = record.changes
        do throws(FileError) {
            for step in changes.stepsToCommit {
                if let path = step.contentPath { try files.discardUnfinished(path) }
            }
            guard try steps.isDone(changes.commit) else {
                let failures = steps.undo(changes.preparation, commit: nil)
                if let failure = failures.first { throw failure }
                try journal.discard()
                return Recovery(record: record, isFinished: false, failures: [])
            }
        } catch {
            throw .recovery(title: changes.title, error)
        }
        // Tried twice: what is left behind is named, and no longer stands in the way.
        let failures = complete(changes)
        do {
            try journal.archive()
        } catch {
            throw .recovery(title: changes.title, error)
        }
        return Recovery(record: record, isFinished: true, failures: failures)
    }

    private func prepareAndCommit(_ changes: ChangeSet) throws(OperationFailure) {
        var done: [ChangeSet.Step] = []
        var current = changes.preparation.first ?? changes.commit
        do throws(FileError) {
            for step in changes.preparation {
                current = step
                try steps.perform(step)
                done.append(step)
            }
            // The registration must not reach the disk before what it registers.
            for directory in changes.directoriesWithOtherEntries {
                try files.synchronise(directory: directory)
            }
            if let commit = changes.commit {
                current = commit
                try steps.perform(commit)
                // The other steps that decide synchronise by themselves.
                if case .deleteFile(let path, _, _) = commit {
                    try files.synchronise(directory: parentDirectory(of: path))
                }
            }
        } catch {
            // What looks like the effect of a step that failed earlier is another program's work.
            if let current, current.changedPlaces.contains(where: error.isAfterReplacing),
                done.last != current
            {
                done.append(current)
            }
            var undoFailures = steps.undo(done, commit: changes.commit)
            if undoFailures.isEmpty {
                do { try journal.discard() } catch { undoFailures = [error] }
            }
            guard let current else { throw .file(error) }
            throw .step(current, error, undoFailures: undoFailures)
        }
    }

    private func finish(_ changes: ChangeSet) throws(OperationFailure) {
        var failures = complete(changes)
        if failures.isEmpty {
            do { try journal.archive() } catch { failures.append(error) }
        }
        if !failures.isEmpty { throw .completion(failures, notices: changes.notices) }
    }

    /// Performs what comes after the commit point; tells what failed.
    private func complete(_ changes: ChangeSet) -> [FileError] {
        var failures: [FileError] = []
        for step in changes.completion {
            do throws(FileError) {
                try steps.perform(step)
            } catch {
                // What is gone already needs no removing.
                if !(step.isRemoval && error.isNotFound) { failures.append(error) }
            }
        }
        // The journal must not be put away before what it tells of is on the disk.
        for directory in changes.directoriesWithFewerEntries {
            do throws(FileError) {
                try files.synchronise(directory: directory)
            } catch {
                if !error.isNotFound { failures.append(error) }
            }
        }
        return failures
    }
}

/// What was made of an interrupted transaction.
package struct Recovery: Hashable, Sendable {
    package let record: TransactionRecord
    /// True if it was finished, false if it was undone.
    package let isFinished: Bool
    /// What of the rest could not be done, even the second time.
    package let failures: [FileError]
}

extension ChangeSet {
    /// The new directories and those that hold them, and those of which something is removed before
    /// the commit point; each once, in the order of the steps.
    fileprivate var directoriesWithOtherEntries: [ByteString] {
        var directories: [ByteString] = []
        var seen: Set<ByteString> = []
        for case .deleteDirectory(let path, _) in preparation { seen.insert(path) }
        for step in preparation {
            let changed: [ByteString] =
                switch step {
                case .makeDirectory(let path, _): [parentDirectory(of: path), path]
                case .deleteFile(let path, _, _), .deleteDirectory(let path, _):
                    [parentDirectory(of: path)]
                default: []
                }
            directories += changed.filter { seen.insert($0).inserted }
        }
        return directories
    }

    /// The directories that stay and of which something is removed, each once.
    fileprivate var directoriesWithFewerEntries: [ByteString] {
        var directories: Set<ByteString> = []
        var removed: Set<ByteString> = []
        for step in completion {
            switch step {
            case .removeFile(let path), .deleteFile(let path, _, _):
                directories.insert(parentDirectory(of: path))
            case .removeDirectory(let path), .deleteDirectory(let path, _):
                directories.insert(parentDirectory(of: path))
                removed.insert(path)
            default: break
            }
        }
        return directories.subtracting(removed).sorted()
    }
}
