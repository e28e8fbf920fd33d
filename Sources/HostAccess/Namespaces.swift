// The namespaces that this process is in: another root directory, and sockets of another network.
//
// Makes no namespace: unshare(1) and ip(8) do.

package import Bytes
import Glibc
import LinuxHeaders

/// A network, kept open.
package final class NetworkNamespace {
    private let descriptor: Descriptor

    /// Opens the network that a file stands for, such as /proc/self/ns/net.
    package init(_ path: ByteString) throws(FileError) {
        descriptor = try Descriptor(path, flags: O_RDONLY)
    }

    /// Runs `body` in that network and comes back to the one before.
    ///
    /// This thread alone changes. A socket stays in the network that it was made in.
    package func inside<Result>(
        _ body: () throws(SystemError) -> Result
    ) throws(SystemError) -> Result {
        // The thread's own one: /proc/self would be the first thread's.
        let own: NetworkNamespace
        do throws(FileError) {
            own = try NetworkNamespace("/proc/thread-self/ns/net")
        } catch {
            throw .notFound
        }
        guard setns(descriptor.number, networkFlag) == 0 else { throw .last }
        defer {
            // With a network that is not known any more, nothing can be told that would hold.
            if setns(own.descriptor.number, networkFlag) != 0 { Glibc.exit(70) }
        }
        return try body()
    }
}

/// CLONE_NEWNET, a macro that Swift does not import.
private let networkFlag: Int32 = 0x4000_0000

/// The root directory of this process.
package enum RootDirectory {
    /// Makes a directory the root of this process, which stays in its working directory if the
    /// new root has that.
    package static func enter(_ path: ByteString) throws(SystemError) {
        var buffer = [CChar](repeating: 0, count: 4096)
        let hasDirectory = unsafe getcwd(&buffer, buffer.count) != nil
        let working = ByteString(buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) })
        guard unsafe path.withCString({ unsafe chroot($0) }) == 0 else { throw .last }
        if hasDirectory, unsafe working.withCString({ unsafe chdir($0) }) == 0 { return }
        guard unsafe chdir("/") == 0 else { throw .last }
    }
}
