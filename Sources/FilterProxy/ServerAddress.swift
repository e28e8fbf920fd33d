// An address as it is written in a configuration, and what the network makes of it.

package import NIOCore
import NIOPosix

/// Where a server listens: this one, a next hop or a service.
package enum ServerAddress: Equatable, Sendable, CustomStringConvertible {
    /// A host's name or numeric address, and a port.
    case host(String, port: Int)
    /// The path of a UNIX-domain socket.
    case path(String)

    /// Reads `host:port`, `[address]:port` or `unix:/path`; nil if it is none of them.
    package init?(_ text: String) {
        if text.hasPrefix("unix:/") {
            self = .path(String(text.dropFirst("unix:".count)))
            return
        }
        guard let colon = text.lastIndex(of: ":"),
            let port = Int(text[text.index(after: colon)...]), (1...65_535).contains(port)
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else { return nil }
        self = .host(String(host), port: port)
    }

    /// The address as it is written in a configuration.
    package var description: String {
        switch self {
        case .host(let host, let port):
            host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .path(let path): "unix:\(path)"
        }
    }
}

extension ServerAddress {
    /// How one comes to it.
    enum Route {
        case address(SocketAddress)
        /// A name that has to be looked up.
        case name(String, port: Int)
    }

    /// - Throws: if a path is too long.
    func route() throws -> Route {
        switch self {
        case .path(let path): return .address(try SocketAddress(unixDomainSocketPath: path))
        case .host(let host, let port):
            guard let address = try? SocketAddress(ipAddress: host, port: port) else {
                // No number, so a name.
                return .name(host, port: port)
            }
            return .address(address)
        }
    }

    /// Connects on an event loop.
    func connect(
        _ bootstrap: ClientBootstrap, on loop: any EventLoop
    ) -> EventLoopFuture<any Channel> {
        do {
            return switch try route() {
            case .address(let address): bootstrap.connect(to: address)
            case .name(let host, let port): bootstrap.connect(host: host, port: port)
            }
        } catch {
            return loop.makeFailedFuture(error)
        }
    }

    /// The address to listen at, looked up if it is a name.
    package func resolved() throws -> SocketAddress {
        switch try route() {
        case .address(let address): address
        case .name(let host, let port):
            try SocketAddress.makeAddressResolvingHost(host, port: port)
        }
    }
}
