// Files that are read piece by piece because they can be larger than memory, such as logs. Never
// writes a file that has a name.

package import Bytes
import Glibc

/// An open file.
package protocol LargeFile: AnyObject {
    /// How many bytes it has now.
    var sizeBytes: Int { get }

    /// Fills the beginning of `buffer` with the bytes from `offset` on; returns how many came,
    /// none at the end.
    func read(into buffer: inout [UInt8], at offset: Int) throws(FileError) -> Int
}

/// Opens files that are read piece by piece.
package protocol LargeFileReading {
    /// Opens a regular file. Never blocks on a pipe or a device.
    func open(_ path: ByteString) throws(FileError) -> any LargeFile

    /// Runs a child to its end, and keeps its output in a file without a name.
    func output(
        of command: ChildCommand, limitSeconds: Int
    ) throws(LargeOutputError) -> any LargeFile
}

/// Output of a child that could not be had.
package enum LargeOutputError: Error, Hashable, Sendable {
    case process(ProcessError)
    /// The child said that something went wrong.
    case ended(program: ByteString, ExitStatus)
    case file(FileError)
}

/// Large files of the real file system.
package struct LiveLargeFiles: LargeFileReading {
    /// Where files without a name lie.
    private let directory: ByteString

    /// Uses the directory that the environment names for passing files, else /var/tmp.
    package init(environment: [ByteString]) {
        let named = environment.last { $0.hasPrefix("TMPDIR=/") }?.dropFirst(7)
        directory = named ?? "/var/tmp"
    }

    package func open(_ path: ByteString) throws(FileError) -> any LargeFile {
        try LiveLargeFile(Descriptor(path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY), path: path)
    }

    package func output(
        of command: ChildCommand, limitSeconds: Int
    ) throws(LargeOutputError) -> any LargeFile {
        let file: LiveLargeFile
        do throws(FileError) {
            file = try LiveLargeFile(Descriptor(unnamedIn: directory), path: directory)
        } catch {
            throw .file(error)
        }
        var failure: LargeOutputError?
        var end = ExitStatus.exited(0)
        LiveProcessRunner().runSideBySide([command], atOnce: 1, limitSeconds: limitSeconds) {
            switch $1 {
            case .output(let bytes):
                do throws(FileError) {
                    if failure == nil { try file.append(bytes) }
                } catch {
                    failure = .file(error)
                }
            case .errors(let talk): StandardOutput().writeError(talk)
            case .ended(let status): end = status
            case .failed(let error): failure = .process(error)
            }
        }
        if let failure { throw failure }
        guard end.isSuccess else { throw .ended(program: command.program, end) }
        return file
    }
}

/// A file that is open.
final class LiveLargeFile: LargeFile {
    private let descriptor: Descriptor
    private let path: ByteString
    /// The attributes that it had when it was opened.
    let firstStatus: FileStatus

    init(_ descriptor: consuming Descriptor, path: ByteString) throws(FileError) {
        self.descriptor = descriptor
        self.path = path
        firstStatus = try self.descriptor.status(path: path)
        if firstStatus.kind == .directory {
            throw .system(operation: .read, path: path, error: .isDirectory)
        }
        guard firstStatus.kind == .regular else { throw .notRegularFile(path: path) }
    }

    var sizeBytes: Int {
        // A file that is open can be looked at; without an answer there is nothing to read.
        (try? descriptor.status(path: path))?.sizeBytes ?? 0
    }

    func read(into buffer: inout [UInt8], at offset: Int) throws(FileError) -> Int {
        let count = unsafe buffer.withUnsafeMutableBytes { space in
            retryingOnInterrupt {
                unsafe pread(descriptor.number, space.baseAddress, space.count, offset)
            }
        }
        guard count >= 0 else { throw .system(operation: .read, path: path, error: .last) }
        return count
    }

    func append(_ bytes: ByteString) throws(FileError) {
        try descriptor.writeAll(bytes.bytes, path: path)
    }
}
