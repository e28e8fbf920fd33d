// The two networks of a rehearsal, as commands for ip(8): the host with its addresses, and an
// outside in which every other address answers. Makes nothing.

package import Bytes
package import Instances

/// An address, and how many of its bits its network shares.
package struct InterfaceAddress: Hashable, Sendable {
    package var address: IPAddress
    package var prefixLength: Int

    package init(address: IPAddress, prefixLength: Int) {
        self.address = address
        self.prefixLength = prefixLength
    }

    /// Reads "203.0.113.7/24".
    package init?(_ text: ByteString) {
        let parts = text.split { $0 == 0x2F }
        guard parts.count == 2, let address = IPAddress(parts[0]),
            let length = Int(parts[1].text), (0...address.bytes.count * 8).contains(length)
        else { return nil }
        self.init(address: address, prefixLength: length)
    }

    /// The addresses in what `ip -oneline address show` says, without those of the loopback
    /// interface and of one link.
    package static func read(_ listing: ByteString) -> [InterfaceAddress] {
        listing.split { $0 == 0x0A }.compactMap { line in
            let words = line.split { $0 == 0x20 || $0 == 0x09 }
            guard let index = words.firstIndex(where: { $0 == "inet" || $0 == "inet6" }),
                index + 1 < words.count
            else { return nil }
            // A point-to-point address is written "ADDRESS peer OTHER/LENGTH".
            let word = words[index + 1]
            let found =
                InterfaceAddress(word)
                ?? IPAddress(word).map {
                    InterfaceAddress(address: $0, prefixLength: $0.bytes.count * 8)
                }
            return found.flatMap { $0.address.isOnInterface ? $0 : nil }
        }
    }
}

extension InterfaceAddress: CustomStringConvertible {
    package var description: String { "\(address)/\(prefixLength)" }
}

/// The networks of a rehearsal.
package struct NetworkPlan: Sendable {
    /// The addresses of the host in the rehearsal, each once, the first one its own.
    package let addresses: [InterfaceAddress]
    private let hasIPv6: Bool

    /// The name of the outside's network, and of the host's end of the cable.
    package static let outside: ByteString = "outside"
    private static let cable: ByteString = "inside0"
    private static let farEnd: ByteString = "outside0"
    private static let gateway: ByteString = "fe80::1:1"
    /// Where the name server answers.
    package static let nameServer: ByteString = "198.18.0.53"
    /// The host's address if it has none, so that it can send.
    package static let fallback: ByteString = "198.18.0.1"

    /// - Parameters:
    ///   - present: The addresses that the host has.
    ///   - planned: Those that the configuration names.
    ///   - hasIPv6: The kernel knows IPv6.
    package init(present: [InterfaceAddress], planned: [IPAddress], hasIPv6: Bool) {
        var seen: Set<IPAddress> = []
        var all =
            present
            + planned.map {
                InterfaceAddress(address: $0, prefixLength: $0.bytes.count * 8)
            }
        if !all.contains(where: { !$0.address.isIPv6 && $0.address.isOnInterface }),
            let own = IPAddress(Self.fallback)
        {
            all.append(InterfaceAddress(address: own, prefixLength: 32))
        }
        addresses = all.filter { address in
            address.address.isOnInterface && (hasIPv6 || !address.address.isIPv6)
                && seen.insert(address.address).inserted
        }
        self.hasIPv6 = hasIPv6
    }

    /// True for an address of the host, also one that only the host reaches.
    package func isOwn(_ address: IPAddress) -> Bool {
        address.isLoopback || addresses.contains { $0.address == address }
    }

    /// The commands for the host, before those for the outside.
    package var cableCommands: ByteString {
        // No route comes with an address: on the link, too, all others are outside.
        let lines: [ByteString] =
            [
                "link set lo up",
                "link add name \(Self.cable) type veth "
                    + "peer name \(Self.farEnd) netns \(Self.outside)",
                "link set \(Self.cable) up",
            ]
            + addresses.map { address in
                let flags: ByteString =
                    address.address.isIPv6 ? "noprefixroute nodad" : "noprefixroute"
                return "addr add \(address.description) dev \(Self.cable) \(flags)"
            }
        return Self.batch(lines)
    }

    /// The commands for the outside: all addresses are its own but those of the host.
    package var outsideCommands: ByteString {
        var lines: [ByteString] = [
            "link set lo up", "link set \(Self.farEnd) up", "route add local 0.0.0.0/0 dev lo",
        ]
        if hasIPv6 {
            lines += [
                "addr add \(Self.gateway)/64 dev \(Self.farEnd) nodad",
                "route add local ::/0 dev lo",
            ]
        }
        lines += addresses.map { address in
            let bits = address.address.bytes.count * 8
            return "route add table local \(address.address.description)/\(bits) "
                + "dev \(Self.farEnd)"
        }
        return Self.batch(lines)
    }

    /// The commands for the host's ways out, behind those for the outside.
    package var routeCommands: ByteString {
        var lines: [ByteString] = ["route add default dev \(Self.cable)"]
        if hasIPv6 { lines.append("route add default via \(Self.gateway) dev \(Self.cable)") }
        return Self.batch(lines)
    }

    private static func batch(_ lines: [ByteString]) -> ByteString {
        lines.reduce("") { "\($0)\($1)\n" }
    }
}

extension IPAddress {
    /// True for an address that an interface can have, and more than one link knows.
    fileprivate var isOnInterface: Bool {
        if isIPv6 {
            return !isLoopback && !isWildcard && !(bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80)
        }
        return bytes[0] != 127 && bytes[0] != 0 && bytes[0] < 224
    }
}
