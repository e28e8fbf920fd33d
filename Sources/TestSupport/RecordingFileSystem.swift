// A file system that keeps a record of what is asked of it, and passes everything on.

package import Bytes
package import HostAccess

/// A file system that records every call that changes something, also those that fail.
package final class RecordingFileSystem {
    private let base: any FileSystem
    /// The calls so far, in order.
    package private(set) var calls: [Call] = []

    /// One call that changes something.
    package enum Call: Hashable {
        case makeDirectory(ByteString, mode: UInt32)
        case replace(ByteString, FileReplacement)
        case discardUnfinished(ByteString)
        case rename(ByteString, to: ByteString)
        case move(ByteString, to: ByteString)
        case synchronise(directory: ByteString)
        case removeFile(ByteString)
        case removeDirectory(ByteString)
        case setPermissions(
            ByteString, mode: UInt32, owner: UInt32, group: UInt32?, includingContents: Bool)
        case lock(ByteString)
        case unlock(ByteString)
    }

    /// Wraps the file system that does the work.
    package init(_ base: any FileSystem) { self.base = base }
}

extension RecordingFileSystem: FileSystem, ReadingThrough {
    /// The file system that does the work, for reading.
    package var readable: any FileReading { base }

    package func makeDirectory(_ path: ByteString, mode: UInt32) throws(FileError) {
        calls.append(.makeDirectory(path, mode: mode))
        try base.makeDirectory(path, mode: mode)
    }

    package func replace(
        _ path: ByteString, with replacement: FileReplacement
    ) throws(FileError) {
        calls.append(.replace(path, replacement))
        try base.replace(path, with: replacement)
    }

    package func discardUnfinished(_ path: ByteString) throws(FileError) {
        calls.append(.discardUnfinished(path))
        try base.discardUnfinished(path)
    }

    package func rename(_ path: ByteString, to newPath: ByteString) throws(FileError) {
        calls.append(.rename(path, to: newPath))
        try base.rename(path, to: newPath)
    }

    package func move(
        _ path: ByteString, to newPath: ByteString
    ) throws(FileError) {
        calls.append(.move(path, to: newPath))
        try base.move(path, to: newPath)
    }

    package func synchronise(directory path: ByteString) throws(FileError) {
        calls.append(.synchronise(directory: path))
        try base.synchronise(directory: path)
    }

    package func removeFile(_ path: ByteString) throws(FileError) {
        calls.append(.removeFile(path))
        try base.removeFile(path)
    }

    package func removeDirectory(_ path: ByteString) throws(FileError) {
        calls.append(.removeDirectory(path))
        try base.removeDirectory(path)
    }

    package func setPermissions(
        _ path: ByteString, mode: UInt32, owner: UInt32, group: UInt32?, includingContents: Bool
    ) throws(FileError) {
        calls.append(
            .setPermissions(
                path, mode: mode, owner: owner, group: group,
                includingContents: includingContents))
        try base.setPermissions(
            path, mode: mode, owner: owner, group: group, includingContents: includingContents)
    }

    package func withExclusiveLock<Result>(
        _ path: ByteString, waitSeconds: Int, _ body: () throws -> Result
    ) throws -> Result {
        try base.withExclusiveLock(path, waitSeconds: waitSeconds) {
            calls.append(.lock(path))
            defer { calls.append(.unlock(path)) }
            return try body()
        }
    }
}
