// Asks the kernel which TCP sockets listen, sock_diag(7). It changes nothing.
//
// The tables of proc(5) tell the same, but for them the kernel walks all places where there could
// be a connection, which takes it ten milliseconds on a machine with much memory.

import Glibc
import LinuxHeaders

/// A question about the TCP sockets of one address family.
struct SocketQuestion {
    let family: Int32

    /// The kernel answers in parts of at most 32 KiB.
    private static let partBytes = 1 << 16

    /// The sockets that take connections.
    func listening() throws(SystemError) -> [SocketAddress] {
        let type = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let number = socket(AF_NETLINK, type, NETLINK_SOCK_DIAG)
        guard number >= 0 else { throw .last }
        defer { close(number) }
        let question = bytes
        let sent = retryingOnInterrupt { unsafe send(number, question, question.count, 0) }
        guard sent == question.count else { throw .last }
        var sockets: [SocketAddress] = []
        var part = [UInt8](repeating: 0, count: Self.partBytes)
        while true {
            let count = retryingOnInterrupt { unsafe recv(number, &part, part.count, 0) }
            guard count > 0 else { throw .last }
            if try take(part[..<count], into: &sockets) { return sockets }
        }
    }

    /// The question as the kernel wants it: a header, and what it is about.
    private var bytes: [UInt8] {
        var header = nlmsghdr()
        var request = inet_diag_req_v2()
        let headerBytes = MemoryLayout<nlmsghdr>.size
        header.nlmsg_len = UInt32(headerBytes + MemoryLayout<inet_diag_req_v2>.size)
        header.nlmsg_type = UInt16(SOCK_DIAG_BY_FAMILY)
        header.nlmsg_flags = UInt16(NLM_F_REQUEST | NLM_F_DUMP)
        request.sdiag_family = UInt8(family)
        request.sdiag_protocol = UInt8(IPPROTO_TCP)
        request.idiag_states = 1 << UInt32(TCP_LISTEN)
        return unsafe withUnsafeBytes(of: &header) { unsafe Array($0) }
            + withUnsafeBytes(of: &request) { unsafe Array($0) }
    }

    /// Takes the sockets of one part of the answer; true if it was the last part.
    private func take(
        _ part: ArraySlice<UInt8>, into sockets: inout [SocketAddress]
    ) throws(SystemError) -> Bool {
        let headerBytes = MemoryLayout<nlmsghdr>.size
        var rest = part
        while rest.count >= headerBytes {
            let header = unsafe rest.withUnsafeBytes {
                unsafe $0.loadUnaligned(as: nlmsghdr.self)
            }
            let length = Int(header.nlmsg_len)
            // What the kernel says of sockets that came and went meanwhile is not whole.
            guard length >= headerBytes, length <= rest.count,
                Int32(header.nlmsg_type) != NLMSG_ERROR,
                Int32(header.nlmsg_flags) & NLM_F_DUMP_INTR == 0
            else { throw .inputOutput }
            if Int32(header.nlmsg_type) == NLMSG_DONE { return true }
            if let socket = socketAddress(rest.prefix(length).dropFirst(headerBytes)) {
                sockets.append(socket)
            }
            // The next message begins at a multiple of four bytes.
            rest = rest.dropFirst((length + 3) & ~3)
        }
        return false
    }

    private func socketAddress(_ message: ArraySlice<UInt8>) -> SocketAddress? {
        guard message.count >= MemoryLayout<inet_diag_msg>.size else { return nil }
        let told = unsafe message.withUnsafeBytes {
            unsafe $0.loadUnaligned(as: inet_diag_msg.self)
        }
        var source = told.id.idiag_src
        let address = unsafe withUnsafeBytes(of: &source) { unsafe Array($0) }
        return SocketAddress(
            addressBytes: Array(address.prefix(family == AF_INET6 ? 16 : 4)),
            port: Int(UInt16(bigEndian: told.id.idiag_sport)))
    }
}
