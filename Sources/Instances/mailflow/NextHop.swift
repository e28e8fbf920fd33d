// Where mail is sent next, as main.cf and master.cf write it.

package import Bytes

/// A destination of the SMTP or LMTP client: smtp(8), transport(5).
package struct NextHop: Hashable, Sendable {
    /// The transport, a service of master.cf; nil where the parameter names none.
    package var transport: ByteString?
    /// A name or address, without brackets.
    package var host: ByteString
    /// The port as it is written; nil for the protocol's own.
    package var port: ByteString?
    /// In brackets: the host itself is meant, not its mail exchangers.
    package var isLiteral: Bool

    package init(
        transport: ByteString?, host: ByteString, port: ByteString?, isLiteral: Bool
    ) {
        self.transport = transport
        self.host = host
        self.port = port
        self.isLiteral = isLiteral
    }

    /// Reads "transport:destination"; nil if no destination is named.
    package init?(transportAndDestination text: ByteString) {
        guard let colon = text.bytes.firstIndex(of: 0x3A) else { return nil }
        let transport = ByteString(text.bytes[..<colon])
        self.init(destination: ByteString(text.bytes[(colon + 1)...]))
        if !transport.isEmpty { self.transport = transport }
    }

    /// Reads a destination such as "[127.0.0.1]:10025" or "example.com"; nil if it is empty or a
    /// socket of the file system.
    package init?(destination text: ByteString) {
        var rest = text
        if rest.hasPrefix("inet:") { rest = rest.dropFirst(5) }
        guard !rest.isEmpty, !rest.hasPrefix("unix:") else { return nil }
        if rest.hasPrefix("["), let end = rest.bytes.firstIndex(of: 0x5D) {
            let host = ByteString(rest.bytes[1..<end])
            let tail = ByteString(rest.bytes[(end + 1)...])
            guard !host.isEmpty, tail.isEmpty || tail.hasPrefix(":") else { return nil }
            self.init(
                transport: nil, host: host, port: tail.count > 1 ? tail.dropFirst(1) : nil,
                isLiteral: true)
        } else {
            let (host, port) = splitEndpoint(rest)
            // An address of IPv6 without brackets is none to Postfix either.
            guard let name = host ?? (rest.contains(0x3A) ? nil : rest), !name.contains(0x3A),
                !name.hasPrefix("[")
            else { return nil }
            self.init(
                transport: nil, host: name, port: host == nil || port.isEmpty ? nil : port,
                isLiteral: false)
        }
    }

    /// The destination as Postfix writes it, without the transport.
    package var destination: ByteString {
        let name: ByteString = isLiteral ? "[\(host)]" : host
        return port.map { "\(name):\($0)" } ?? name
    }

    /// The addresses that the host certainly has: those of a number or of "localhost".
    var addresses: [IPAddress] {
        if let address = IPAddress(host) { return [address] }
        guard host.lowercased == "localhost" else { return [] }
        return ["127.0.0.1", "::1"].compactMap { IPAddress($0) }
    }
}
