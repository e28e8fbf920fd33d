// This process as a service: whom it runs as, and what the service manager is told.

package import Bytes
import Glibc

/// What a daemon does with itself.
package enum ServiceProcess {
    /// Becomes another user for good, with the groups that the user is in.
    ///
    /// All threads change (the C library sees to that). Afterwards there is no way back, which is
    /// tried.
    package static func becomeUser(
        _ name: ByteString, user: UInt32, group: UInt32
    ) throws(SystemError) {
        let isInGroups = unsafe name.withCString { unsafe initgroups($0, group) == 0 }
        guard isInGroups, setgid(group) == 0, setuid(user) == 0 else { throw .last }
        guard user == 0 || setuid(0) != 0 else { throw .notPermitted }
    }

    /// The option by which several sockets share an address, and the kernel deals connections out
    /// to them: SO_REUSEPORT of socket(7).
    package static let sharedAddressOption: Int32 = SO_REUSEPORT

    /// Tells the service manager how the service is, if there is one that wants to know:
    /// sd_notify(3) over the socket that the environment names.
    package static func notify(_ state: String, socket path: ByteString?) throws(SystemError) {
        guard let path, !path.isEmpty else { return }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .last }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw .nameTooLong
        }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { space in
            for (index, byte) in path.bytes.enumerated() { unsafe space[index] = byte }
            // An abstract socket is written with an at sign for its leading NUL.
            if path.bytes.first == UInt8(ascii: "@") { unsafe space[0] = 0 }
        }
        let length = MemoryLayout<sa_family_t>.size + path.count
        let bytes = Array(state.utf8)
        let sent = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe sendto(
                    descriptor, bytes, bytes.count, 0, generic, socklen_t(length))
            }
        }
        guard sent == bytes.count else { throw .last }
    }
}
