// Large files of a host in memory: the bytes of its file system, and the output of its script.

package import Bytes
package import HostAccess

/// Reads files in memory piece by piece.
package struct InMemoryLargeFiles: LargeFileReading {
    let files: InMemoryFileSystem
    let processes: ScriptedProcesses

    package func open(_ path: ByteString) throws(FileError) -> any LargeFile {
        let files = files
        // What cannot be read fails here, as opening does.
        _ = try files.read(path, limitBytes: .max)
        return InMemoryLargeFile(path: path) { () throws(FileError) in
            try files.read(path, limitBytes: .max).bytes
        }
    }

    package func output(
        of command: ChildCommand, limitSeconds: Int
    ) throws(LargeOutputError) -> any LargeFile {
        let captured: CapturedOutput
        do throws(ProcessError) {
            captured = try processes.capture(command, limitBytes: .max, limitSeconds: limitSeconds)
        } catch {
            throw .process(error)
        }
        guard captured.status.isSuccess else {
            throw .ended(program: command.program, captured.status)
        }
        return InMemoryLargeFile(path: command.program) { () throws(FileError) in
            captured.output.bytes
        }
    }
}

/// A file in memory that may grow.
final class InMemoryLargeFile: LargeFile {
    private let path: ByteString
    private let bytes: () throws(FileError) -> [UInt8]

    init(path: ByteString, _ bytes: @escaping () throws(FileError) -> [UInt8]) {
        self.path = path
        self.bytes = bytes
    }

    var sizeBytes: Int { (try? bytes())?.count ?? 0 }

    func read(into buffer: inout [UInt8], at offset: Int) throws(FileError) -> Int {
        let all = try bytes()
        guard offset < all.count else { return 0 }
        let count = min(buffer.count, all.count - offset)
        buffer.replaceSubrange(..<count, with: all[offset..<(offset + count)])
        return count
    }
}
