// What all sessions that begin under one configuration share.

package import NIOCore
import NIOPosix
package import SMTPProtocol

/// The settings of sessions; a reload makes new ones for the sessions that begin then.
package struct SessionSettings: Sendable {
    /// Where messages go.
    package var nextHop: NextHopAddress
    /// Limits and ways of the protocol.
    package var policy: ProxyPolicy
    /// How long the other sides may take.
    package var timeouts: Timeouts
    /// What messages are put through.
    package var hooks: HookChain
    /// Where messages wait to be inspected.
    package var spool: SpoolSettings
    /// Where it is told what has become of them.
    package var log: MessageLog

    package init(
        nextHop: NextHopAddress, policy: ProxyPolicy, timeouts: Timeouts, hooks: HookChain,
        spool: SpoolSettings, log: MessageLog
    ) {
        self.nextHop = nextHop
        self.policy = policy
        self.timeouts = timeouts
        self.hooks = hooks
        self.spool = spool
        self.log = log
    }
}

/// How long the other sides may take; RFC 5321, section 4.5.3.2, by default.
package struct Timeouts: Equatable, Sendable {
    /// To the connection to the next hop.
    package var connect = Seconds(30)
    /// To the next hop's greeting.
    package var greeting = Seconds(300)
    /// To the client's next command, and to the reply to one.
    package var command = Seconds(300)
    /// To the reply to DATA.
    package var data = Seconds(120)
    /// To the next piece of content.
    package var content = Seconds(180)
    /// To the reply to the end of a message.
    package var endOfContent = Seconds(600)

    package init() {}

    /// How long the session may wait for this.
    func limit(of wait: ProxySession.Wait) -> TimeAmount {
        switch wait {
        case .greeting: greeting.amount
        case .command, .reply: command.amount
        case .data: data.amount
        case .content: content.amount
        case .endOfContent: endOfContent.amount
        case .inspection: .hours(24)
        }
    }
}

/// A length of time in whole seconds.
package struct Seconds: Equatable, Sendable {
    /// The number of seconds.
    package let number: Int

    package init(_ number: Int) { self.number = number }

    var amount: TimeAmount { .seconds(Int64(number)) }
}

/// Where a next hop or a service listens.
package enum NextHopAddress: Equatable, Sendable, CustomStringConvertible {
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

    func connect(_ bootstrap: ClientBootstrap) -> EventLoopFuture<any Channel> {
        switch self {
        case .path(let path): return bootstrap.connect(unixDomainSocketPath: path)
        case .host(let host, let port):
            guard let address = try? SocketAddress(ipAddress: host, port: port) else {
                // No number, so a name to be looked up.
                return bootstrap.connect(host: host, port: port)
            }
            return bootstrap.connect(to: address)
        }
    }
}

extension NextHopAddress {
    /// The address to listen at, looked up if it is a name.
    package func resolved() throws -> SocketAddress {
        switch self {
        case .path(let path): try SocketAddress(unixDomainSocketPath: path)
        case .host(let host, let port):
            try SocketAddress.makeAddressResolvingHost(host, port: port)
        }
    }
}
