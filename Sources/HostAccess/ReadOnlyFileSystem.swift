// A file system that can only be looked at: what a dry run gets, so that it cannot write at all.

package import Bytes

/// Passes reading on, and refuses every change as a read-only disk does.
package struct ReadOnlyFileSystem: FileSystem, ReadingThrough {
    /// The file system that stays as it is.
    package let readable: any FileReading

    /// Wraps the file system that is to stay as it is.
    package init(_ base: any FileReading) { readable = base }

    package func makeDirectory(_ path: ByteString, mode: UInt32) throws(FileError) {
        throw refusal(.makeDirectory, path)
    }

    package func replace(
        _ path: ByteString, with replacement: FileReplacement
    ) throws(FileError) {
        throw refusal(.write, path)
    }

    package func discardUnfinished(_ path: ByteString) throws(FileError) {
        throw refusal(.remove, path)
    }

    package func rename(_ path: ByteString, to newPath: ByteString) throws(FileError) {
        throw refusal(.rename, path)
    }

    package func move(
        _ path: ByteString, to newPath: ByteString
    ) throws(FileError) {
        throw refusal(.rename, path)
    }

    package func synchronise(directory path: ByteString) throws(FileError) {
        throw refusal(.sync, path)
    }

    package func removeFile(_ path: ByteString) throws(FileError) {
        throw refusal(.remove, path)
    }

    package func removeDirectory(_ path: ByteString) throws(FileError) {
        throw refusal(.removeDirectory, path)
    }

    package func setPermissions(
        _ path: ByteString, mode: UInt32, owner: UInt32, group: UInt32?, includingContents: Bool
    ) throws(FileError) {
        throw refusal(.changeMode, path)
    }

    package func withExclusiveLock<Result>(
        _ path: ByteString, waitSeconds: Int, _ body: () throws -> Result
    ) throws -> Result {
        throw refusal(.lock, path)
    }

    private func refusal(_ operation: FileError.Operation, _ path: ByteString) -> FileError {
        .system(operation: operation, path: path, error: .readOnly)
    }
}
