// Where to listen and where to send: addresses that can be used, and no loop.

import TOMLReading

extension ConfigurationReader {
    /// The listeners and the next hop; stand-ins where they are missing or wrong.
    func addresses() -> (listen: [ServerAddress], nextHop: ServerAddress) {
        let texts = top.strings("listen")
        if texts == nil, !top.has("listen") {
            top.complainMissing("listen", example: "\"127.0.0.1:10025\"")
        }
        let nextHop = nextHop()
        guard let texts else { return ([], nextHop ?? .path("/")) }
        if texts.isEmpty {
            top.complain("listen", "is empty", mend: "write at least one address")
        }
        var listen: [ServerAddress] = []
        for (index, text) in texts.enumerated() {
            let tell: Complaint = { top.complain("listen", at: index, $0, mend: $1) }
            guard let address = address(text, tell) else { continue }
            if listen.contains(address) {
                tell("\(address) is there twice", "take one out")
            } else if let nextHop, address.isReached(by: nextHop) {
                tell(
                    "next_hop \(nextHop) leads back here", "let one of them have another port")
            }
            listen.append(address)
        }
        return (listen, nextHop ?? .path("/"))
    }

    private func nextHop() -> ServerAddress? {
        guard let address = address("next_hop", of: top) else {
            if !top.has("next_hop") {
                top.complainMissing("next_hop", example: "\"127.0.0.1:10026\"")
            }
            return nil
        }
        return address
    }

    /// The address of a service that one connects to.
    func address(_ key: String, of table: TOMLTableReader) -> ServerAddress? {
        guard let text = table.string(key) else { return nil }
        let tell: Complaint = { table.complain(key, $0, mend: $1) }
        guard let address = address(text, tell) else { return nil }
        if case .host(let host, _) = address, ServerAddress.wildcards.contains(host) {
            tell("\(host) is no address to connect to", "write 127.0.0.1 or [::1]")
            return nil
        }
        return address
    }

    private func address(_ text: String, _ tell: Complaint) -> ServerAddress? {
        guard let address = ServerAddress(text) else {
            tell(
                "\"\(text)\" is no address",
                "write \"127.0.0.1:10025\", \"[::1]:10025\" or \"unix:/path\"")
            return nil
        }
        if let fault = AddressFault(address, text) {
            tell("\"\(text)\" is no address: \(fault.fault)", fault.mend)
            return nil
        }
        return address
    }
}

/// Takes what is wrong, and how to mend it.
private typealias Complaint = (_ fault: String, _ mend: String) -> Void

/// What is wrong with an address whose form looks right.
private struct AddressFault {
    let fault: String
    let mend: String

    /// Nil if nothing is wrong.
    init?(_ address: ServerAddress, _ text: String) {
        switch address {
        case .path(let path):
            // The kernel's limit for the path of a socket, with its NUL.
            guard path.utf8.count > 107 else { return nil }
            (fault, mend) = ("the path is too long for a socket", "use 107 bytes or fewer")
        case .host(let host, let port):
            if host.contains(":"), !text.hasPrefix("[") {
                (fault, mend) = ("brackets are missing", "write \"[\(host)]:\(port)\"")
            } else if !host.unicodeScalars.allSatisfy(Self.isHostScalar) {
                (fault, mend) = (
                    "a host has letters, digits, dots and hyphens", "write \"127.0.0.1:\(port)\""
                )
            } else {
                return nil
            }
        }
    }

    private static func isHostScalar(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", ".", "-", ":", "%", "_": true
        default: false
        }
    }
}

extension ServerAddress {
    /// Hosts that mean all addresses of this one.
    static let wildcards: Set<String> = ["0.0.0.0", "::"]
    private static let loopback: Set<String> = ["127.0.0.1", "::1", "localhost"]

    /// True if a connection to `target` comes to a listener at this address, as far as the
    /// addresses as they are written tell.
    func isReached(by target: ServerAddress) -> Bool {
        guard case .host(let host, let port) = self,
            case .host(let targetHost, let targetPort) = target
        else { return self == target }
        guard port == targetPort else { return false }
        let hosts: Set<String> = [host.lowercased(), targetHost.lowercased()]
        return hosts.count == 1
            || Self.loopback.contains(targetHost) && Self.wildcards.contains(host)
            || hosts.contains("localhost") && hosts.isSubset(of: Self.loopback)
    }
}
