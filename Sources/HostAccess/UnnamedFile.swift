// A file without a name: nobody else can open it, and nothing is left of it when the process ends.

package import Bytes
import Glibc

/// An open file that is in no directory, for data that need not outlive the process.
///
/// Calls may come from any thread, but only one at a time.
package final class UnnamedFile: Sendable {
    private let descriptor: Descriptor
    private let directory: ByteString

    /// Makes the file on the file system of a directory, readable by nobody else.
    package init(in directory: ByteString) throws(FileError) {
        self.directory = directory
        descriptor = try Descriptor(directory, flags: O_RDWR | temporaryFileFlag, mode: 0o600)
    }

    /// For a child that is to read it from its beginning.
    var number: Int32 { descriptor.number }

    /// Writes all bytes at a place.
    package func write(_ bytes: Span<UInt8>, at offset: Int) throws(FileError) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBufferPointer { space in
                retryingOnInterrupt {
                    Int32(
                        truncatingIfNeeded: unsafe pwrite(
                            descriptor.number, space.baseAddress?.advanced(by: written),
                            min(bytes.count - written, 1 << 30), off_t(offset + written)))
                }
            }
            guard count > 0 else {
                throw .system(operation: .write, path: directory, error: .last)
            }
            written += Int(count)
        }
    }

    /// The bytes from a place on, at most so many; fewer only at the end of the file.
    package func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = unsafe bytes.withUnsafeMutableBytes { space in
                retryingOnInterrupt {
                    Int32(
                        truncatingIfNeeded: unsafe pread(
                            descriptor.number, space.baseAddress?.advanced(by: filled),
                            min(count - filled, 1 << 30), off_t(offset + filled)))
                }
            }
            guard got >= 0 else {
                throw .system(operation: .read, path: directory, error: .last)
            }
            if got == 0 { break }
            filled += Int(got)
        }
        bytes.removeLast(count - filled)
        return bytes
    }
}

/// O_TMPFILE, a macro that Swift does not import: its own bit and O_DIRECTORY.
private let temporaryFileFlag: Int32 = 0o20_000_000 | O_DIRECTORY
