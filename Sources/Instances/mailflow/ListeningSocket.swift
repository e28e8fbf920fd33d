// What listens on the host, as the kernel's tables /proc/net/tcp and /proc/net/tcp6 tell it.

package import Bytes

/// An address and a port where a process of the host takes TCP connections.
package struct ListeningSocket: Hashable, Sendable {
    package var address: IPAddress
    package var port: Int

    package init(address: IPAddress, port: Int) {
        self.address = address
        self.port = port
    }

    /// The listening sockets of a kernel table, proc(5); lines that are none are left out.
    package static func read(table: ByteString) -> [ListeningSocket] {
        table.split { $0 == 0x0A }.compactMap { line in
            let fields = line.split { $0 == 0x20 }
            // The fourth field is the state: 0A is LISTEN.
            guard fields.count > 3, fields[3] == "0A" else { return nil }
            let parts = fields[1].split { $0 == 0x3A }
            guard parts.count == 2, let port = Int(parts[1].text, radix: 16),
                let address = IPAddress(kernelHexadecimal: parts[0])
            else { return nil }
            return ListeningSocket(address: address, port: port)
        }
    }
}
