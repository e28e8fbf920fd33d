// Performs, undoes and recognises the single steps of a change set.

import Bytes
import HostAccess
import Instances

/// Turns steps into file system calls.
struct StepRunner {
    let files: any FileSystem

    func perform(_ step: ChangeSet.Step) throws(FileError) {
        switch step {
        case .makeDirectory(let path, let mode):
            try files.makeDirectory(path, mode: mode)
        case .createFile(let path, let contents, let attributes):
            try files.replace(
                path,
                with: FileReplacement(
                    contents: contents, expected: .absent,
                    attributes: .given(
                        mode: attributes.mode, owner: attributes.owner, group: attributes.group),
                    looksSettled: true))
        case .editFile(let path, let old, let new):
            try files.replace(
                path,
                with: FileReplacement(
                    contents: new, expected: .contents(old), attributes: .kept,
                    looksSettled: true))
        case .move(let path, let newPath):
            try files.move(path, to: newPath)
        case .setPermissions(let permissions):
            try files.setPermissions(
                permissions.path, mode: permissions.mode, owner: permissions.owner,
                group: permissions.group, includingContents: permissions.includesContents)
        case .deleteFile(let path, let old, _):
            let found = try files.read(path, limitBytes: configurationLimitBytes).bytes
            guard found == old.bytes else { throw .changedMeanwhile(path: path) }
            try files.removeFile(path)
        case .removeFile(let path):
            try files.removeFile(path)
        case .deleteDirectory(let path, _), .removeDirectory(let path):
            try files.removeDirectory(path)
        }
    }

    /// Undoes steps, the last one first, as far as they were done; tells what could not be undone.
    ///
    /// Owners and modes are set before the commit point on new objects only, which go away
    /// altogether; removals happen after it and are not taken back. If the commit is among the
    /// steps and cannot be undone, what it made real stays whole, for the next command to finish.
    func undo(_ steps: [ChangeSet.Step], commit: ChangeSet.Step?) -> [FileError] {
        var failures: [FileError] = []
        for step in steps.reversed() {
            do throws(FileError) {
                try undo(step)
            } catch {
                failures.append(error)
                if step == commit { break }
            }
        }
        return failures
    }

    private func undo(_ step: ChangeSet.Step) throws(FileError) {
        switch step {
        case .makeDirectory(let path, _):
            // Something in it is not ours: then the directory stays, too.
            let isEmpty =
                try files.status(of: path, followingLinks: false)?.kind == .directory
                ? try files.list(path).isEmpty : false
            if isEmpty { try files.removeDirectory(path) }
        case .createFile(let path, let contents, _):
            if try present(path) == contents { try files.removeFile(path) }
        case .editFile(let path, let old, let new):
            if try present(path) == new {
                try perform(.editFile(path: path, old: new, new: old))
            }
        case .move(let path, let newPath):
            // With something at both places it was not moved, or is not ours to move.
            if try files.status(of: path, followingLinks: false) == nil,
                try files.status(of: newPath, followingLinks: false) != nil
            {
                try files.move(newPath, to: path)
            }
        case .deleteFile(let path, let old, let attributes):
            if try files.status(of: path, followingLinks: false) == nil {
                try perform(.createFile(path: path, contents: old, attributes: attributes))
            }
        case .deleteDirectory(let path, let attributes):
            if try files.status(of: path, followingLinks: false) == nil {
                try perform(.makeDirectory(path: path, mode: attributes.mode))
            }
            // Perhaps a crash came right after it was made the last time.
            try perform(.setPermissions(.init(path: path, attributes)))
        case .setPermissions, .removeFile, .removeDirectory:
            break
        }
    }

    /// True if the commit step was done, whatever other tools have edited since.
    func isDone(_ commit: ChangeSet.Step?) throws(FileError) -> Bool {
        switch commit {
        case .editFile(let path, let old, let new):
            try present(path).map { hasTaken($0, editFrom: old, to: new) } ?? false
        case .createFile(let path, let contents, _): try present(path) == contents
        case .deleteFile(let path, _, _): try present(path) == nil
        default: false
        }
    }

    /// The content of a file, or nil if there is none.
    private func present(_ path: ByteString) throws(FileError) -> ByteString? {
        do {
            return ByteString(try files.read(path, limitBytes: configurationLimitBytes).bytes)
        } catch {
            if error.isNotFound { return nil }
            throw error
        }
    }
}

extension ChangeSet.Step {
    /// The paths that have something new, or nothing any more, once the step has had its effect.
    var changedPlaces: [ByteString] {
        switch self {
        case .move(let path, let newPath): [newPath, path]
        case .deleteFile(let path, _, _): [path]
        default: contentPath.map { [$0] } ?? []
        }
    }

    var isRemoval: Bool {
        switch self {
        case .deleteFile, .deleteDirectory, .removeFile, .removeDirectory: true
        default: false
        }
    }
}
