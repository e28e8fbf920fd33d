// Collects what programs send to syslog: a socket to be shown to a sandbox as its /dev/log.
//
// It must not judge or mask what it receives: lines come out as they went in.

package import Bytes
import Glibc
import Synchronization

/// A datagram socket that stands in for the system's log daemon.
///
/// A thread empties it all the time, because a sender blocks when some ten messages wait.
package final class LogSocket: Sendable {
    /// Where the socket lies on this machine.
    package let path: String

    private let descriptor: Int32
    private let received = Mutex<[ByteString]>([])
    private let reader = Mutex<pthread_t?>(nil)

    /// Why there is no socket; holds an errno.
    package struct Failure: Error {
        package let reason: Int32
    }

    /// Ends the reading thread; longer than any program would send, and never sent by one.
    private static let farewell = ByteString("the test itself says that all has been said")

    /// A syslog message is at most 1 kB, one of Postfix 2 kB; the rest of a longer one is cut.
    private static let longestMessageBytes = 8192

    /// Makes the socket and starts to listen; `path` must be shorter than 100 bytes.
    package init(path: String) throws(Failure) {
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(reason: errno) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        let bound = unsafe Self.withAddress(of: path) { unsafe bind(descriptor, $0, $1) }
        guard bound == 0, unsafe chmod(path, 0o666) == 0 else {
            let reason = errno
            close(descriptor)
            throw Failure(reason: reason)
        }
        try startReading()
    }

    /// All messages that have arrived so far, in order.
    package var messages: [ByteString] { received.withLock { $0 } }

    /// Ends the listening and returns all messages in order of arrival.
    ///
    /// Whatever was sent before this call is among them: our own farewell queues up behind it.
    package func finish() -> [ByteString] {
        let thread = reader.withLock { $0.take() }
        if let thread {
            let message = Self.farewell.bytes
            _ = unsafe Self.withAddress(of: path) { address, length in
                unsafe Int32(sendto(descriptor, message, message.count, 0, address, length))
            }
            pthread_join(thread, nil)
            close(descriptor)
            unsafe unlink(path)
        }
        return received.withLock { $0 }
    }

    private func startReading() throws(Failure) {
        var thread = pthread_t()
        let this = unsafe Unmanaged.passRetained(self).toOpaque()
        let failure = unsafe pthread_create(
            &thread, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<LogSocket>.fromOpaque(argument).takeRetainedValue().read()
                return nil
            }, this)
        if failure != 0 {
            unsafe Unmanaged<LogSocket>.fromOpaque(this).release()
            close(descriptor)
            throw Failure(reason: failure)
        }
        reader.withLock { $0 = thread }
    }

    private func read() {
        while true {
            let message = unsafe [UInt8](unsafeUninitializedCapacity: Self.longestMessageBytes) {
                buffer, count in
                count = max(0, unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0))
            }
            if message == Self.farewell.bytes { return }
            if message.isEmpty && errno != EINTR { return }
            received.withLock { $0.append(ByteString(message)) }
        }
    }

    /// Calls with the socket's address in the form that the system wants.
    private static func withAddress(
        of path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = path.utf8.prefix(MemoryLayout.size(ofValue: address.sun_path) - 1)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
