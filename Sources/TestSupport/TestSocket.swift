// TCP connections and listeners for tests that play one side of a protocol, step by step.
//
// Everything waits at most ten seconds, so that a test that hangs says where.

package import Bytes
import Glibc

/// One end of a TCP connection on the loopback interface.
package final class TestSocket {
    private let descriptor: Int32
    private var unread: [UInt8] = []
    private var isOpen = true

    /// Why a step failed.
    package enum Failure: Error, Equatable {
        case system(String, code: Int32)
        /// Nothing came in ten seconds.
        case timeout
        /// The other side has closed.
        case closed
    }

    /// Connects to a port.
    package init(port: Int) throws(Failure) {
        descriptor = try Self.stream()
        var address = Self.loopback(port)
        let result = unsafe Self.with(&address) { generic, length in
            unsafe connect(descriptor, generic, length)
        }
        guard result == 0 else { throw Self.failure("connect") }
    }

    fileprivate init(accepted descriptor: Int32) {
        self.descriptor = descriptor
        Self.limitTime(descriptor)
    }

    deinit { close() }

    /// Sends bytes.
    package func send(_ bytes: ByteString) throws(Failure) {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.bytes.withUnsafeBytes { space in
                unsafe Glibc.send(
                    descriptor, space.baseAddress?.advanced(by: sent), bytes.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Self.failure("send") }
            sent += count
        }
    }

    /// Sends a block again and again, until nothing was taken for half a second; returns how many
    /// bytes were.
    package func sendWhilePossible(_ block: ByteString, atMost limit: Int) -> Int {
        var sent = 0
        var event = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        while sent < limit, unsafe poll(&event, 1, 500) == 1 {
            let count = unsafe block.bytes.withUnsafeBytes { space in
                unsafe Glibc.send(
                    descriptor, space.baseAddress?.advanced(by: sent % block.count),
                    block.count - sent % block.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            guard count > 0 else { break }
            sent += count
        }
        return sent
    }

    /// What has come, at least a byte.
    package func some() throws(Failure) -> ByteString {
        if unread.isEmpty, try !fill() { throw .closed }
        defer { unread = [] }
        return ByteString(unread)
    }

    /// The next line, without its end.
    package func line() throws(Failure) -> String {
        while true {
            if let end = unread.firstIndex(of: 0x0A) {
                let line = unread[..<end]
                unread.removeFirst(end + 1)
                return String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
            }
            guard try fill() else { throw .closed }
        }
    }

    /// The next SMTP reply, its lines joined by "|".
    package func reply() throws(Failure) -> String {
        var lines: [String] = []
        while true {
            let line = try line()
            lines.append(line)
            if line.dropFirst(3).first != "-" { return lines.joined(separator: "|") }
        }
    }

    /// The bytes up to and with this ending.
    package func bytes(through ending: ByteString) throws(Failure) -> ByteString {
        var searched = 0
        while true {
            if let end = find(ending.bytes, from: searched) {
                let found = ByteString(unread[..<end])
                unread.removeFirst(end)
                return found
            }
            searched = max(0, unread.count - ending.count)
            guard try fill() else { throw .closed }
        }
    }

    private func find(_ ending: [UInt8], from start: Int) -> Int? {
        guard unread.count >= ending.count else { return nil }
        for index in start...(unread.count - ending.count)
        where unread[index..<index + ending.count].elementsEqual(ending) {
            return index + ending.count
        }
        return nil
    }

    /// Everything up to the end of the connection.
    package func rest() throws(Failure) -> ByteString {
        while try fill() {}
        defer { unread = [] }
        return ByteString(unread)
    }

    /// True if nothing comes for so long.
    package func isSilent(milliseconds: Int32) -> Bool {
        var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard unread.isEmpty else { return false }
        return unsafe poll(&event, 1, milliseconds) == 0
    }

    /// Closes the connection.
    package func close() {
        guard isOpen else { return }
        isOpen = false
        Glibc.close(descriptor)
    }

    /// Breaks the connection off, so that the other side gets an error.
    package func reset() {
        var now = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    private func fill() throws(Failure) -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe recv(descriptor, &chunk, chunk.count, 0)
        if count < 0 { throw Self.failure("recv") }
        unread += chunk[..<count]
        return count > 0
    }

    fileprivate static func stream() throws(Failure) -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw failure("socket") }
        limitTime(descriptor)
        return descriptor
    }

    fileprivate static func limitTime(_ descriptor: Int32) {
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            _ = unsafe setsockopt(descriptor, SOL_SOCKET, option, &limit, size)
        }
        var yes: Int32 = 1
        _ = unsafe setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    }

    fileprivate static func failure(_ call: String) -> Failure {
        switch errno {
        case EAGAIN, EINPROGRESS: .timeout
        case ECONNRESET, EPIPE: .closed
        default: .system(call, code: errno)
        }
    }

    fileprivate static func loopback(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    fileprivate static func with<Result>(
        _ address: inout sockaddr_in,
        _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe body(generic, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}

/// A TCP port of the loopback interface that tests listen on.
package final class TestListener {
    private let descriptor: Int32
    /// The port, chosen by the kernel.
    package let port: Int

    /// Listens; further connections than `backlog` are not taken.
    package init(backlog: Int32 = 64) throws(TestSocket.Failure) {
        descriptor = try TestSocket.stream()
        var address = TestSocket.loopback(0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let number = descriptor
        let result = unsafe TestSocket.with(&address) { generic, length in
            unsafe bind(number, generic, length) == 0 && listen(number, backlog) == 0
                && getsockname(number, generic, &size) == 0
        }
        guard result else { throw TestSocket.failure("listen") }
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { stop() }

    /// Takes the next connection.
    package func accept() throws(TestSocket.Failure) -> TestSocket {
        let accepted = Glibc.accept(descriptor, nil, nil)
        guard accepted >= 0 else { throw TestSocket.failure("accept") }
        return TestSocket(accepted: accepted)
    }

    private var isOpen = true

    /// Takes no more connections.
    package func stop() {
        guard isOpen else { return }
        isOpen = false
        // A child that another test has just forked may hold the socket until it becomes another
        // program, so closing alone does not end it.
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }
}
