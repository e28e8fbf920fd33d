// Changes the real file system. Files appear whole or not at all; links are never followed.

package import Bytes
import Glibc
import LinuxHeaders

/// The real file system.
package struct LiveFileSystem: FileSystem, ReadingThrough {
    let reading = LiveFileReading()
    /// The same files for whoever only reads.
    package var readable: any FileReading { reading }

    package init() {}

    package func makeDirectory(_ path: ByteString, mode: UInt32) throws(FileError) {
        let parent = try openParent(of: path)
        try unsafe check(.makeDirectory, path, parent.name) {
            unsafe mkdirat(parent.descriptor.number, $0, mode)
        }
        do throws(FileError) {
            // mkdir(2) obeys the umask; the mode that was asked for is the one to have.
            let made = try Descriptor(
                parent.name, in: parent.descriptor, path: path, flags: O_RDONLY | O_DIRECTORY)
            try made.setMode(mode, path: path)
        } catch {
            // Who is told that it failed must not find it there.
            _ = unsafe parent.name.withCString {
                unsafe unlinkat(parent.descriptor.number, $0, AT_REMOVEDIR)
            }
            throw error
        }
    }

    package func rename(_ path: ByteString, to newPath: ByteString) throws(FileError) {
        let old = try openParent(of: path)
        let new = try openParent(of: newPath)
        try unsafe check(.rename, path, old.name) { oldName in
            unsafe new.name.withCString { newName in
                unsafe renameat(
                    old.descriptor.number, oldName, new.descriptor.number, newName)
            }
        }
        try new.descriptor.synchronise(path: newPath)
    }

    package func move(
        _ path: ByteString, to newPath: ByteString
    ) throws(FileError) {
        let old = try openParent(of: path)
        let new = try openParent(of: newPath)
        // Neither a link nor anything else is moved in its place.
        let kind = try Descriptor(
            old.name, in: old.descriptor, path: path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY
        ).status(path: path).kind
        guard kind == .directory || kind == .regular else { throw .notRegularFile(path: path) }
        try unsafe check(.rename, path, old.name) { oldName in
            unsafe new.name.withCString { newName in
                unsafe renameat2(
                    old.descriptor.number, oldName, new.descriptor.number, newName,
                    UInt32(RENAME_NOREPLACE))
            }
        }
        try new.descriptor.synchronise(path: parentDirectory(of: newPath))
        try old.descriptor.synchronise(path: parentDirectory(of: path))
    }

    package func synchronise(directory path: ByteString) throws(FileError) {
        try Descriptor(path, flags: O_RDONLY | O_DIRECTORY).synchronise(path: path)
    }

    package func discardUnfinished(_ path: ByteString) throws(FileError) {
        let newPath: ByteString = "\(path).tmp"
        guard let status = try status(of: newPath, followingLinks: false),
            status.kind == .regular, status.owner == geteuid()
        else { return }
        let file = try Descriptor(newPath, flags: O_RDWR | O_NOFOLLOW)
        // Locked: another program is at work with it.
        guard flock(file.number, LOCK_EX | LOCK_NB) == 0 else { return }
        guard try file.status(path: newPath).inode == status.inode else { return }
        _ = unsafe newPath.withCString { unsafe unlink($0) }
    }

    package func removeFile(_ path: ByteString) throws(FileError) {
        let parent = try openParent(of: path)
        try unsafe check(.remove, path, parent.name) {
            unsafe unlinkat(parent.descriptor.number, $0, 0)
        }
    }

    package func removeDirectory(_ path: ByteString) throws(FileError) {
        let parent = try openParent(of: path)
        try unsafe check(.removeDirectory, path, parent.name) {
            unsafe unlinkat(parent.descriptor.number, $0, AT_REMOVEDIR)
        }
    }

    package func setPermissions(
        _ path: ByteString, mode: UInt32, owner: UInt32, group: UInt32?, includingContents: Bool
    ) throws(FileError) {
        let parent = try openParent(of: path)
        let object = try Descriptor(
            parent.name, in: parent.descriptor, path: path, flags: O_RDONLY | O_NONBLOCK)
        let setting = PermissionSetting(owner: owner, group: group, mode: mode)
        try setting.apply(to: object, path: path)
        if includingContents { try setting.applyBelow(object, path: path, depth: 0) }
    }

    /// Opens the directory that holds the path's last component, following no link on the way.
    private func openParent(
        of path: ByteString
    ) throws(FileError) -> ParentDirectory {
        var components = path.split { $0 == 0x2F }
        guard path.hasPrefix("/"), let name = components.popLast(), !path.contains(0),
            name != "..", !components.contains("..")
        else {
            throw .system(operation: .open, path: path, error: .invalid)
        }
        var parent = try Descriptor("/", flags: O_RDONLY | O_DIRECTORY)
        for component in components {
            parent = try Descriptor(
                component, in: parent, path: path, flags: O_RDONLY | O_DIRECTORY)
        }
        return ParentDirectory(descriptor: parent, name: name)
    }

    package func replace(
        _ path: ByteString, with replacement: FileReplacement
    ) throws(FileError) {
        let newPath: ByteString = "\(path).tmp"
        let file = try openLocked(newPath)
        do throws(FileError) {
            let present = try presentFile(path, expected: replacement.expected)
            guard ftruncate(file.number, 0) == 0 else {
                throw .system(operation: .write, path: newPath, error: .last)
            }
            try file.writeAll(replacement.contents.bytes, path: newPath)
            try setAttributes(of: file, newPath, replacement.attributes, present: present)
            if present != nil, replacement.attributes == .kept {
                let old = try Descriptor(path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
                try file.copyExtendedAttributes(of: old, path: newPath)
            }
            if replacement.looksSettled {
                try file.settle(replacing: present?.modified, path: newPath)
            }
            try file.synchronise(path: newPath)
            try unsafe check(.rename, newPath, newPath) { old in
                unsafe path.withCString { new in unsafe Glibc.rename(old, new) }
            }
        } catch {
            // The unfinished file is ours and nobody else's: we hold its lock.
            _ = unsafe newPath.withCString { unsafe unlink($0) }
            throw error
        }
        try synchroniseParent(of: path)
    }

    /// Opens the new file under the lock that `postconf -e` also takes.
    ///
    /// postconf(1) writes `main.cf.tmp` under an exclusive flock(2) before it renames it. Taking
    /// the same name and lock means that neither ever overwrites the other's edit.
    private func openLocked(_ newPath: ByteString) throws(FileError) -> Descriptor {
        for _ in 1...100 {
            let file = try Descriptor(newPath, flags: O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o600)
            do throws(FileError) {
                try lock(file, newPath, waitSeconds: 10)
            } catch {
                discardIfEmpty(file, newPath, after: error)
                throw error
            }
            let opened = try file.status(path: newPath)
            // The file may have been renamed away while we waited for its lock.
            let atPath = try reading.status(of: newPath, followingLinks: false)
            guard atPath?.inode == opened.inode else { continue }
            // A second name would be written to as well.
            if opened.links == 1 { return file }
            throw .system(operation: .open, path: newPath, error: .exists)
        }
        throw .locked(path: newPath, holder: nil)
    }

    /// Removes a new file that cannot be locked at all, so that nobody can be at work with it.
    private func discardIfEmpty(
        _ file: borrowing Descriptor, _ path: ByteString, after error: FileError
    ) {
        guard case .system = error, let status = try? file.status(path: path),
            status.sizeBytes == 0
        else { return }
        _ = unsafe path.withCString { unsafe unlink($0) }
    }

    /// The status of the file to be replaced, after checking that it is what the caller has seen.
    private func presentFile(
        _ path: ByteString, expected: FileReplacement.Expectation
    ) throws(FileError) -> FileStatus? {
        guard let status = try status(of: path, followingLinks: true) else {
            if case .contents = expected { throw .changedMeanwhile(path: path) }
            return nil
        }
        switch expected {
        case .anything:
            return status
        case .absent:
            throw .system(operation: .write, path: path, error: .exists)
        case .contents(let old):
            guard status.kind == .regular, status.sizeBytes == old.count else {
                throw .changedMeanwhile(path: path)
            }
            let present = try read(path, limitBytes: .max)
            guard present.bytes == old.bytes else { throw .changedMeanwhile(path: path) }
            return present.status
        }
    }

    private func setAttributes(
        of file: borrowing Descriptor, _ newPath: ByteString,
        _ attributes: FileReplacement.Attributes, present: FileStatus?
    ) throws(FileError) {
        var mode: UInt32 = 0o644
        switch attributes {
        case .kept:
            guard let present else { break }
            mode = present.mode
            try file.setOwner(present.owner, group: present.group, path: newPath)
        case .given(let givenMode, let owner, let group):
            mode = givenMode
            try file.setOwner(owner, group: group, path: newPath)
        }
        try file.setMode(mode, path: newPath)
    }

    package func withExclusiveLock<Result>(
        _ path: ByteString, waitSeconds: Int, _ body: () throws -> Result
    ) throws -> Result {
        let file = try Descriptor(
            path, flags: O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o600, operation: .lock)
        try lock(file, path, waitSeconds: waitSeconds)
        // The number is for the message of the one who waits; the lock itself is the kernel's.
        _ = ftruncate(file.number, 0)
        try file.writeAll(Array(String(getpid()).utf8) + [0x0A], path: path)
        let signals = DeferredSignals()
        defer { signals.deliver() }
        return try body()
    }

    /// Takes the exclusive lock, waiting in short steps until the deadline.
    private func lock(
        _ file: borrowing Descriptor, _ path: ByteString, waitSeconds: Int
    ) throws(FileError) {
        let stepMilliseconds = 5
        for _ in 0...(waitSeconds * 1000 / stepMilliseconds) {
            if flock(file.number, LOCK_EX | LOCK_NB) == 0 { return }
            let error = SystemError.last
            guard error.code == EWOULDBLOCK || error.code == EINTR else {
                throw .system(operation: .lock, path: path, error: error)
            }
            pause(milliseconds: stepMilliseconds)
        }
        throw .locked(path: path, holder: holder(of: path))
    }

    /// The process id in a lock file, only a help for the message; nil if there is anything else.
    private func holder(of path: ByteString) -> Int? {
        guard let text = try? read(path, limitBytes: 32).bytes, text.last == 0x0A else {
            return nil
        }
        return Int(String(decoding: text.dropLast(), as: UTF8.self))
    }

    /// Synchronises the directory of a file that is in place; fails as `isAfterReplacing` expects.
    private func synchroniseParent(of path: ByteString) throws(FileError) {
        let parent = parentDirectory(of: path)
        do {
            try synchronise(directory: parent)
        } catch .system(_, _, let error) {
            throw .system(operation: .sync, path: parent, error: error)
        } catch {
            throw error
        }
    }

    private func check(
        _ operation: FileError.Operation, _ path: ByteString, _ name: ByteString,
        _ call: (UnsafePointer<CChar>) -> Int32
    ) throws(FileError) {
        guard unsafe name.withCString({ unsafe call($0) }) == 0 else {
            throw .system(operation: operation, path: path, error: .last)
        }
    }
}

/// An open directory and the name of an object in it.
private struct ParentDirectory: ~Copyable {
    let descriptor: Descriptor
    let name: ByteString
}
