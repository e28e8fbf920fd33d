// A log that is open: a file as it is, what a compressed file holds, or what the journal tells.

package import Bytes
package import HostAccess
import MailTrace

/// Why a log could not be read.
package enum LogFailure: Error, Hashable, Sendable {
    case file(FileError)
    /// The program that unpacks the file, or asks the journal, did not do it.
    case output(path: ByteString, LargeOutputError)

    /// One sentence fragment: operation, path, reason.
    package var sentence: ByteString {
        switch self {
        case .file(let error), .output(_, .file(let error)): error.sentence
        case .output(let path, .ended(let program, let status)):
            switch status {
            case .exited(let number): "\(path): \(program) ended with status \(Int(number))"
            case .signalled(let number): "\(path): \(program) was ended by signal \(Int(number))"
            }
        case .output(let path, .process(.cannotStart(let program, let error))):
            "\(path): cannot run \(program): \(error.text)"
        case .output(let path, .process(.tooSlow(let program, let seconds))):
            "\(path): \(program) took more than \(seconds) seconds"
        case .output(let path, .process(.tooMuchOutput(let program, let bytes))):
            "\(path): \(program) wrote more than \(bytes) bytes"
        }
    }
}

/// A log that is read piece by piece.
package final class LogSource: LogBytes {
    /// The file's path, or what else it is.
    package let path: ByteString
    private let file: any LargeFile
    private var largestSizeBytes = 0
    /// Why reading ended early; nil if it did not.
    package private(set) var failure: FileError?

    init(path: ByteString, file: any LargeFile) {
        self.path = path
        self.file = file
    }

    package var sizeBytes: Int {
        let size = file.sizeBytes
        largestSizeBytes = max(largestSizeBytes, size)
        return size
    }

    /// The file is shorter than it was: whoever puts logs aside copied it and cut it off.
    package var wasCut: Bool { file.sizeBytes < largestSizeBytes }

    package func read(into buffer: inout [UInt8], at offset: Int) -> Int {
        do throws(FileError) {
            return try file.read(into: &buffer, at: offset)
        } catch {
            failure = failure ?? error
            return 0
        }
    }
}

/// Opens logs.
package struct LogOpener {
    private let host: Host

    /// Unpacking a gigabyte takes less than a minute; nobody waits longer for it.
    private static let limitSeconds = 600

    package init(_ host: Host) { self.host = host }

    /// Opens a file; one that is compressed is unpacked aside.
    package func open(_ path: ByteString) throws(LogFailure) -> LogSource {
        let file: any LargeFile
        var head = [UInt8](repeating: 0, count: 6)
        do throws(FileError) {
            file = try host.largeFiles.open(path)
            let count = try file.read(into: &head, at: 0)
            head.removeSubrange(count...)
        } catch {
            throw .file(error)
        }
        guard let program = Self.programs.first(where: { head.starts(with: $0.magic) })?.name else {
            return LogSource(path: path, file: file)
        }
        // A path that begins with a hyphen must not be an option.
        return try output(of: program, ["-dc", "--", path], as: path)
    }

    /// The mail messages of the journal, as lines of a log.
    package func openJournal() throws(LogFailure) -> LogSource {
        // 2 is the facility "mail", which Postfix logs to unless it is told otherwise.
        try output(
            of: "journalctl",
            ["--quiet", "--no-pager", "--output=short-iso-precise", "SYSLOG_FACILITY=2"],
            as: "journal")
    }

    /// How compressed files begin, and what unpacks them.
    private static let programs: [(magic: [UInt8], name: ByteString)] = [
        ([0x1F, 0x8B], "gzip"), ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "xz"),
        ([0x28, 0xB5, 0x2F, 0xFD], "zstd"), ([0x42, 0x5A, 0x68], "bzip2"),
    ]

    private func output(
        of program: ByteString, _ arguments: [ByteString], as path: ByteString
    ) throws(LogFailure) -> LogSource {
        let command = ChildCommand(
            program: program, arguments: [program] + arguments, environment: host.environment)
        do throws(LargeOutputError) {
            let file = try host.largeFiles.output(of: command, limitSeconds: Self.limitSeconds)
            return LogSource(path: path, file: file)
        } catch {
            throw .output(path: path, error)
        }
    }
}
