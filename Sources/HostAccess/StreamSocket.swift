// TCP sockets for one conversation at a time, each wait with a limit, and sockets for servers.

import Glibc

/// A connection.
package final class StreamSocket {
    private let number: Int32

    /// Connects.
    ///
    /// - Parameter source: The address to connect from, which need not be one of this host if the
    ///   network leads answers back; nil for the one that the kernel chooses.
    package init(
        from source: [UInt8]?, to target: SocketAddress, limitMilliseconds: Int
    ) throws(SystemError) {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        number = try openSocket(target.addressBytes, kind)
        // All is set now: what is thrown from here on closes the socket.
        if let source {
            try bindSocket(number, to: SocketAddress(addressBytes: source, port: 0))
        }
        if try connectSocket(number, to: target) { return }
        try wait(Int16(POLLOUT), limitMilliseconds)
        var code: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe getsockopt(number, SOL_SOCKET, SO_ERROR, &code, &size) == 0 else {
            throw .last
        }
        if code != 0 { throw SystemError(code: code) }
    }

    deinit { close(number) }

    /// What has come, at least one byte; nothing at the end.
    package func receive(limitMilliseconds: Int) throws(SystemError) -> [UInt8] {
        try wait(Int16(POLLIN), limitMilliseconds)
        var bytes = [UInt8](repeating: 0, count: 16384)
        let count = retryingOnInterrupt { unsafe recv(number, &bytes, bytes.count, 0) }
        guard count >= 0 else { throw .last }
        return Array(bytes.prefix(count))
    }

    /// Sends all bytes; the limit is for each part that is taken.
    package func send(_ bytes: [UInt8], limitMilliseconds: Int) throws(SystemError) {
        var sent = 0
        while sent < bytes.count {
            try wait(Int16(POLLOUT), limitMilliseconds)
            let count = unsafe bytes.withUnsafeBytes { space in
                retryingOnInterrupt {
                    unsafe Glibc.send(
                        number, space.baseAddress?.advanced(by: sent), bytes.count - sent,
                        Int32(MSG_NOSIGNAL))
                }
            }
            guard count >= 0 || errno == EAGAIN else { throw .last }
            sent += max(count, 0)
        }
    }

    private func wait(_ events: Int16, _ limitMilliseconds: Int) throws(SystemError) {
        let deadline = monotonicMilliseconds() + limitMilliseconds
        while true {
            var event = pollfd(fd: number, events: events, revents: 0)
            let left = max(0, deadline - monotonicMilliseconds())
            let count = unsafe poll(&event, 1, Int32(min(left, Int(Int32.max))))
            if count == 1 { return }
            if count < 0, errno != EINTR { throw .last }
            if count == 0 { throw .timedOut }
        }
    }
}

/// Sockets that a server goes on with.
package enum ServerSocket {
    /// A socket bound to an address, for connections.
    package static func stream(at address: SocketAddress) throws(SystemError) -> Int32 {
        try bound(address, Int32(SOCK_STREAM.rawValue))
    }

    /// A socket bound to an address, for datagrams.
    package static func datagram(at address: SocketAddress) throws(SystemError) -> Int32 {
        try bound(address, Int32(SOCK_DGRAM.rawValue))
    }

    private static func bound(
        _ address: SocketAddress, _ kind: Int32
    ) throws(SystemError) -> Int32 {
        let number = try openSocket(address.addressBytes, kind)
        var on: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        unsafe setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &on, size)
        if address.addressBytes.count == 16 {
            unsafe setsockopt(number, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &on, size)
        }
        do throws(SystemError) {
            try bindSocket(number, to: address)
        } catch {
            close(number)
            throw error
        }
        return number
    }
}

extension SystemError {
    /// Nothing came in time.
    package static let timedOut = SystemError(code: ETIMEDOUT)
}

private func openSocket(_ address: [UInt8], _ kind: Int32) throws(SystemError) -> Int32 {
    let family = address.count == 16 ? AF_INET6 : AF_INET
    let number = socket(family, kind | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard number >= 0 else { throw .last }
    return number
}

/// Binds a socket to an address, even to one that no interface has.
private func bindSocket(_ number: Int32, to address: SocketAddress) throws(SystemError) {
    var on: Int32 = 1
    let size = socklen_t(MemoryLayout<Int32>.size)
    // Where it is refused, addresses that no interface has cannot be bound, which bind(2) tells.
    unsafe setsockopt(number, Int32(IPPROTO_IP), freeBind, &on, size)
    if address.addressBytes.count == 16 {
        unsafe setsockopt(number, Int32(IPPROTO_IPV6), freeBindIPv6, &on, size)
    }
    let result = unsafe withRawAddress(address) { unsafe bind(number, $0, $1) }
    guard result == 0 else { throw .last }
}

/// Begins to connect; true if that was all.
private func connectSocket(_ number: Int32, to address: SocketAddress) throws(SystemError) -> Bool {
    let result = unsafe withRawAddress(address) { unsafe connect(number, $0, $1) }
    guard result == 0 || errno == EINPROGRESS else { throw .last }
    return result == 0
}

/// IP_FREEBIND and IPV6_FREEBIND, which Swift's C library leaves out.
private let freeBind: Int32 = 15
private let freeBindIPv6: Int32 = 78

/// Calls `body` with an address as the socket calls of C want it.
private func withRawAddress(
    _ address: SocketAddress, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
) -> Int32 {
    let port = in_port_t(truncatingIfNeeded: address.port).bigEndian
    if address.addressBytes.count == 16 {
        var six = sockaddr_in6()
        six.sin6_family = sa_family_t(AF_INET6)
        six.sin6_port = port
        unsafe withUnsafeMutableBytes(of: &six.sin6_addr) {
            unsafe $0.copyBytes(from: address.addressBytes)
        }
        return unsafe withUnsafePointer(to: &six) { start in
            unsafe start.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
            }
        }
    }
    var four = sockaddr_in()
    four.sin_family = sa_family_t(AF_INET)
    four.sin_port = port
    unsafe withUnsafeMutableBytes(of: &four.sin_addr) {
        unsafe $0.copyBytes(from: address.addressBytes.prefix(4))
    }
    return unsafe withUnsafePointer(to: &four) { start in
        unsafe start.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
}
