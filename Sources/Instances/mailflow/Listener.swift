// Where an instance is told to listen: the inet services of master.cf, seen through main.cf.

package import Bytes
package import PostfixFormats

/// A place where an instance should take TCP connections.
package struct Listener: Hashable, Sendable {
    /// The service's first field in master.cf, such as "smtp" or "127.0.0.1:10026".
    package var service: ByteString
    /// The program that answers, such as "smtpd" or "postscreen".
    package var command: ByteString
    /// The line of master.cf, counted from 1.
    package var line: Int
    /// The addresses, or why they are not known, as with a name that needs the DNS.
    package var addresses: Observed<[IPAddress]>
    /// The port; unknown for a name that the host's service list does not have.
    package var port: Observed<Int>

    package init(
        service: ByteString, command: ByteString, line: Int, addresses: Observed<[IPAddress]>,
        port: Observed<Int>
    ) {
        self.service = service
        self.command = command
        self.line = line
        self.addresses = addresses
        self.port = port
    }

    /// The sockets that it needs, as far as they are known.
    package var sockets: [ListeningSocket] {
        guard let addresses = addresses.value, let port = port.value else { return [] }
        return addresses.map { ListeningSocket(address: $0, port: port) }
    }

    /// True if only processes of this host can reach it.
    package var isLoopbackOnly: Bool {
        guard let addresses = addresses.value else { return false }
        return addresses.allSatisfy(\.isLoopback)
    }
}

/// Works out the listeners of an instance: master(5), inet_interfaces, inet_protocols.
package struct ListenerReader {
    private let serviceNames: ServiceNames
    private let loopbackAddresses: [IPAddress]

    /// - Parameters:
    ///   - serviceNames: The host's names of ports.
    ///   - hostAddresses: The addresses of the host's interfaces.
    package init(serviceNames: ServiceNames, hostAddresses: [IPAddress]) {
        self.serviceNames = serviceNames
        loopbackAddresses = hostAddresses.filter(\.isLoopback)
    }

    /// The listeners that the configuration asks for; a service that is switched off has one only
    /// if it is asked for.
    package func listeners(
        _ parameters: ParameterView, _ services: MasterCF, includingDisabled: Bool = false
    ) -> [Listener] {
        let disabled = DisabledServices(parameters)
        return services.entries.filter { entry in
            entry.service[.type] == "inet"
                && (includingDisabled || !disabled.contain(entry.service))
        }.map { listener($0, parameters) }
    }

    private func listener(_ entry: MasterCF.Entry, _ parameters: ParameterView) -> Listener {
        let word = entry.service[.service]
        let (host, port) = splitEndpoint(word)
        let addresses: Observed<[IPAddress]>
        if let host {
            addresses = named([host], protocols(parameters))
        } else {
            addresses = interfaces(parameters)
        }
        return Listener(
            service: word, command: entry.service[.command], line: entry.firstLine,
            addresses: addresses, port: serviceNames.port(port))
    }

    /// The addresses of inet_interfaces.
    private func interfaces(_ parameters: ParameterView) -> Observed<[IPAddress]> {
        let protocols = protocols(parameters)
        guard let words = try? parameters.list(of: "inet_interfaces") else {
            return .unknown(reason: "inet_interfaces cannot be expanded")
        }
        return named(words, protocols)
    }

    private func named(
        _ words: [ByteString], _ protocols: Set<Bool>
    ) -> Observed<[IPAddress]> {
        var addresses: [IPAddress] = []
        for word in words {
            switch word.lowercased {
            case "all": addresses += [.anyIPv4, .anyIPv6]
            case "loopback-only", "localhost": addresses += loopbackAddresses
            default:
                guard let address = IPAddress(word) else {
                    return .unknown(reason: "\(word) is a name, not an address")
                }
                addresses.append(address)
            }
        }
        return .known(addresses.filter { protocols.contains($0.isIPv6) })
    }

    /// The protocols in use: true stands for IPv6.
    private func protocols(_ parameters: ParameterView) -> Set<Bool> {
        // What cannot be expanded stops Postfix itself; then no listener is better known.
        let words = (try? parameters.list(of: "inet_protocols")) ?? []
        var protocols: Set<Bool> = []
        for word in words.map(\.lowercased) {
            if word == "all" || word == "ipv4" { protocols.insert(false) }
            if word == "all" || word == "ipv6" { protocols.insert(true) }
        }
        return protocols
    }
}

/// Splits "host:port", "[host]:port" or "port"; the host is nil if there is none.
package func splitEndpoint(_ word: ByteString) -> (host: ByteString?, port: ByteString) {
    guard let colon = word.bytes.lastIndex(of: 0x3A) else { return (nil, word) }
    let host = ByteString(word.bytes[..<colon])
    return (host.isEmpty ? nil : host, ByteString(word.bytes[(colon + 1)...]))
}

/// The services that master_service_disable switches off: postconf(5).
struct DisabledServices {
    private let patterns: [ByteString]

    init(_ parameters: ParameterView) {
        // What cannot be expanded stops Postfix itself.
        patterns = (try? parameters.list(of: "master_service_disable")) ?? []
    }

    /// True if the service is switched off; of several patterns the first that fits decides.
    func contain(_ service: MasterService) -> Bool {
        let type = service[.type].lowercased
        let full: ByteString = "\(service[.service].lowercased)/\(type)"
        for word in patterns {
            let negations = word.bytes.prefix { $0 == 0x21 }.count
            let pattern = modern(word.dropFirst(negations).lowercased)
            if pattern == (pattern.contains(0x2F) ? full : type) {
                return negations.isMultiple(of: 2)
            }
        }
        return false
    }

    /// The pattern with the slash that stands where old releases had a dot.
    private func modern(_ pattern: ByteString) -> ByteString {
        guard !pattern.contains(0x2F), let dot = pattern.bytes.lastIndex(of: 0x2E)
        else { return pattern }
        var bytes = pattern.bytes
        bytes[dot] = 0x2F
        return ByteString(bytes)
    }
}
