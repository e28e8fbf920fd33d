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
        descriptor = try Descriptor(unnamedIn: directory)
    }

    /// For a child that is to read it from its beginning.
    var number: Int32 { descriptor.number }

    /// Writes all bytes at a place.
    package func write(_ bytes: Span<UInt8>, at offset: Int) throws(FileError) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBufferPointer { space in
                retryingOnInterrupt {
                    unsafe pwrite(
                        descriptor.number, space.baseAddress?.advanced(by: written),
                        bytes.count - written, off_t(offset + written))
                }
            }
            guard count > 0 else {
                throw .system(operation: .write, path: directory, error: .last)
            }
            written += count
        }
    }

    /// The bytes from a place on, at most so many; fewer only at the end of the file.
    package func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = unsafe bytes.withUnsafeMutableBytes { space in
                retryingOnInterrupt {
                    unsafe pread(
                        descriptor.number, space.baseAddress?.advanced(by: filled),
                        count - filled, off_t(offset + filled))
                }
            }
            guard got >= 0 else {
                throw .system(operation: .read, path: directory, error: .last)
            }
            if got == 0 { break }
            filled += got
        }
        bytes.removeLast(count - filled)
        return bytes
    }
}
