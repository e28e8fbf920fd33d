// A file system in memory that breaks at a chosen call: for tests of what is left behind.

package import Bytes
package import HostAccess

/// A file system whose n-th changing call goes wrong, and perhaps all after it.
///
/// Taking a lock and synchronising are changing calls. Reading always works.
package final class FaultyFileSystem {
    private let base: InMemoryFileSystem
    private let fault: Fault
    /// The changing calls so far, that of the fault included.
    package private(set) var changeCount = 0

    /// What goes wrong, and when; calls are counted from 1.
    package enum Fault: Hashable, Sendable {
        /// The n-th call fails and changes nothing; later ones work.
        case once(Int, SystemError)
        /// The n-th call and all later ones fail and change nothing.
        case always(from: Int, SystemError)
        /// The n-th call, if it replaces or renames a file, has its effect and fails all the same:
        /// the directory could not be synchronised.
        case onceAfterEffect(Int, SystemError)
        /// Another program has made the same directory or the same file just before the n-th call.
        case afterAnother(Int)
        /// The process dies before the n-th call: nothing has an effect any more.
        case killedBefore(Int)
        /// The process dies within the n-th call, and leaves what is half done.
        case killedWithin(Int)
        /// Everything works; the calls are counted.
        case none
    }

    /// What everything throws once the process is dead.
    package static let death = SystemError(code: 9999)

    /// Breaks the given file system.
    package init(_ base: InMemoryFileSystem, _ fault: Fault) {
        self.base = base
        self.fault = fault
    }

    /// True if the fault has struck.
    package var hasStruck: Bool {
        switch fault {
        case .once(let call, _), .always(let call, _), .onceAfterEffect(let call, _),
            .afterAnother(let call), .killedBefore(let call), .killedWithin(let call):
            changeCount >= call
        case .none: false
        }
    }

    /// Counts a changing call; the error that it is to fail with, if any.
    private func nextError(halfDone: () -> Void = {}) -> SystemError? {
        changeCount += 1
        switch fault {
        case .once(let call, let error): return changeCount == call ? error : nil
        case .always(let call, let error): return changeCount >= call ? error : nil
        case .killedBefore(let call): return changeCount >= call ? Self.death : nil
        case .killedWithin(let call):
            if changeCount == call { halfDone() }
            return changeCount >= call ? Self.death : nil
        case .onceAfterEffect, .afterAnother, .none: return nil
        }
    }
}

extension FaultyFileSystem: FileSystem, ReadingThrough {
    /// The file system that breaks, for reading.
    package var readable: any FileReading { base }

    package func makeDirectory(_ path: ByteString, mode: UInt32) throws(FileError) {
        // Before its mode is set a directory has what the umask left of it.
        let error = nextError { try? base.makeDirectory(path, mode: mode & ~0o022) }
        if let error { throw .system(operation: .makeDirectory, path: path, error: error) }
        beforehand { other throws(FileError) in try other.makeDirectory(path, mode: mode) }
        try base.makeDirectory(path, mode: mode)
    }

    package func replace(
        _ path: ByteString, with replacement: FileReplacement
    ) throws(FileError) {
        let newPath: ByteString = "\(path).tmp"
        let error = nextError {
            let half = replacement.contents.bytes.prefix(replacement.contents.count / 2)
            base.addFile(newPath, ByteString(half), mode: 0o600)
        }
        if let error { throw .system(operation: .write, path: newPath, error: error) }
        beforehand { other throws(FileError) in try other.replace(path, with: replacement) }
        try base.replace(path, with: replacement)
        try failAfterEffect(path)
    }

    package func discardUnfinished(_ path: ByteString) throws(FileError) {
        if let error = nextError() {
            throw .system(operation: .open, path: "\(path).tmp", error: error)
        }
        try base.discardUnfinished(path)
    }

    package func rename(_ path: ByteString, to newPath: ByteString) throws(FileError) {
        if let error = nextError() {
            throw .system(operation: .rename, path: path, error: error)
        }
        try base.rename(path, to: newPath)
        try failAfterEffect(newPath)
    }

    package func move(
        _ path: ByteString, to newPath: ByteString
    ) throws(FileError) {
        if let error = nextError() {
            throw .system(operation: .rename, path: path, error: error)
        }
        try base.move(path, to: newPath)
        try failAfterEffect(newPath)
    }

    private func failAfterEffect(_ path: ByteString) throws(FileError) {
        if case .onceAfterEffect(changeCount, let error) = fault {
            let slash = path.bytes.lastIndex(of: 0x2F) ?? 0
            let directory = slash == 0 ? "/" : ByteString(path.bytes[..<slash])
            throw .system(operation: .sync, path: directory, error: error)
        }
    }

    /// Has another program make the same change a moment before, if now is the time.
    private func beforehand(_ change: (InMemoryFileSystem) throws(FileError) -> Void) {
        // Where it cannot be made, the call itself fails for the same reason.
        if case .afterAnother(changeCount) = fault { try? change(base) }
    }

    package func synchronise(directory path: ByteString) throws(FileError) {
        if let error = nextError() {
            throw .system(operation: .sync, path: path, error: error)
        }
        try base.synchronise(directory: path)
    }

    package func removeFile(_ path: ByteString) throws(FileError) {
        if let error = nextError() {
            throw .system(operation: .remove, path: path, error: error)
        }
        try base.removeFile(path)
    }

    package func removeDirectory(_ path: ByteString) throws(FileError) {
        if let error = nextError() {
            throw .system(operation: .removeDirectory, path: path, error: error)
        }
        try base.removeDirectory(path)
    }

    package func setPermissions(
        _ path: ByteString, mode: UInt32, owner: UInt32, group: UInt32?, includingContents: Bool
    ) throws(FileError) {
        // The mode comes after the owner, and what is below comes last.
        let error = nextError {
            let present = try? base.status(of: path, followingLinks: false)
            try? base.setPermissions(
                path, mode: present?.mode ?? mode, owner: owner, group: group,
                includingContents: false)
        }
        if let error { throw .system(operation: .changeOwner, path: path, error: error) }
        try base.setPermissions(
            path, mode: mode, owner: owner, group: group, includingContents: includingContents)
    }

    package func withExclusiveLock<Result>(
        _ path: ByteString, waitSeconds: Int, _ body: () throws -> Result
    ) throws -> Result {
        if let error = nextError() {
            throw FileError.system(operation: .lock, path: path, error: error)
        }
        return try base.withExclusiveLock(path, waitSeconds: waitSeconds, body)
    }
}
