// The place of the system's log in a system that has no log service: syslog(3) writes there.

package import Bytes
import Glibc

/// A socket of the file system that takes messages from everybody.
package final class LogListener: Sendable {
    private let number: Int32

    /// The longest message of Postfix is 2 KiB; other programs say more, but not so much.
    private static let limitBytes = 1 << 16

    /// Makes the socket; nothing may be at the path.
    package init(at path: ByteString) throws(SystemError) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw .nameTooLong
        }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) {
            unsafe $0.copyBytes(from: path.bytes)
        }
        let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        number = socket(AF_UNIX, kind, 0)
        guard number >= 0 else { throw .last }
        let result = unsafe withUnsafePointer(to: &address) { start in
            unsafe start.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else { throw .last }
        // Services that gave up root's rights log, too.
        guard unsafe path.withCString({ unsafe chmod($0, 0o666) }) == 0 else { throw .last }
    }

    deinit { close(number) }

    /// Waits for the next message; nil if there can be none any more.
    package func next() -> ByteString? {
        var bytes = [UInt8](repeating: 0, count: Self.limitBytes)
        let count = retryingOnInterrupt { unsafe recv(number, &bytes, bytes.count, 0) }
        return count < 0 ? nil : ByteString(bytes[..<count])
    }
}
