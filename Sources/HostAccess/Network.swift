// The network as the rest of the product sees it: which addresses the host has, and what answers.

package import Bytes
import Glibc

/// Looks at the network; never changes it.
package protocol NetworkReading {
    /// The numeric IPv4 and IPv6 addresses of all interfaces, without zones and repetitions.
    func hostAddresses() throws(SystemError) -> [ByteString]

    /// The sockets that take TCP connections, whoever owns them.
    ///
    /// - Throws: If the kernel does not answer such questions; proc(5) may tell then.
    func listeningSockets() throws(SystemError) -> [SocketAddress]

    /// True if something takes a TCP connection to the numeric address within the time limit.
    func accepts(_ address: ByteString, port: Int, limitMilliseconds: Int) -> Bool
}

/// The address and port of a socket.
package struct SocketAddress: Hashable, Sendable {
    /// Four or sixteen bytes, the most significant first.
    package var addressBytes: [UInt8]
    package var port: Int

    package init(addressBytes: [UInt8], port: Int) {
        self.addressBytes = addressBytes
        self.port = port
    }
}

/// The network of this machine.
package struct LiveNetwork: NetworkReading {
    package init() {}

    package func hostAddresses() throws(SystemError) -> [ByteString] {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard unsafe getifaddrs(&first) == 0 else { throw .last }
        defer { unsafe freeifaddrs(first) }
        var addresses: [ByteString] = []
        var next = unsafe first
        while let entry = unsafe next {
            if let address = unsafe Self.numeric(entry.pointee.ifa_addr),
                !addresses.contains(address)
            {
                addresses.append(address)
            }
            unsafe next = entry.pointee.ifa_next
        }
        return addresses
    }

    package func listeningSockets() throws(SystemError) -> [SocketAddress] {
        try SocketQuestion(family: AF_INET).listening()
            + SocketQuestion(family: AF_INET6).listening()
    }

    // inet_ntop(3) and inet_pton(3), not getaddrinfo(3): that one loads libraries, and the drop-in
    // is one static file.

    /// The address as numbers, or nil if it is neither IPv4 nor IPv6.
    private static func numeric(_ address: UnsafeMutablePointer<sockaddr>?) -> ByteString? {
        guard let address = unsafe address else { return nil }
        let family = Int32(unsafe address.pointee.sa_family)
        let start = UnsafeRawPointer(address)
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        switch family {
        case AF_INET:
            var number = unsafe start.loadUnaligned(as: sockaddr_in.self).sin_addr
            unsafe inet_ntop(family, &number, &text, socklen_t(text.count))
        case AF_INET6:
            var number = unsafe start.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            unsafe inet_ntop(family, &number, &text, socklen_t(text.count))
        default: return nil
        }
        return ByteString(text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) })
    }

    package func accepts(_ address: ByteString, port: Int, limitMilliseconds: Int) -> Bool {
        var four = sockaddr_in()
        four.sin_family = sa_family_t(AF_INET)
        four.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
        if unsafe inet_pton(AF_INET, address.text, &four.sin_addr) == 1 {
            return answers(&four, AF_INET, limitMilliseconds)
        }
        var six = sockaddr_in6()
        six.sin6_family = sa_family_t(AF_INET6)
        six.sin6_port = four.sin_port
        guard unsafe inet_pton(AF_INET6, address.text, &six.sin6_addr) == 1 else { return false }
        return answers(&six, AF_INET6, limitMilliseconds)
    }

    /// True if a connection to the address comes about within the time limit.
    private func answers<Address>(
        _ address: inout Address, _ family: Int32, _ limitMilliseconds: Int
    ) -> Bool {
        let flags = Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let number = socket(family, Int32(SOCK_STREAM.rawValue) | flags, 0)
        guard number >= 0 else { return false }
        defer { close(number) }
        let size = socklen_t(MemoryLayout<Address>.size)
        let connected = unsafe withUnsafePointer(to: &address) { start in
            unsafe start.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(number, $0, size)
            }
        }
        if connected == 0 { return true }
        guard errno == EINPROGRESS else { return false }
        var wait = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
        guard unsafe poll(&wait, 1, Int32(limitMilliseconds)) == 1 else { return false }
        var error: Int32 = 0
        var errorSize = socklen_t(MemoryLayout<Int32>.size)
        let answer = unsafe getsockopt(number, SOL_SOCKET, SO_ERROR, &error, &errorSize)
        return answer == 0 && error == 0
    }
}
