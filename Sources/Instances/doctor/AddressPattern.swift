// Members of mynetworks and lists like it, as far as they are numbers: postconf(5) mynetworks.

import Bytes

/// A network such as 127.0.0.0/8 or [::1]/128.
struct AddressPattern {
    let network: IPAddress
    let prefixLength: Int

    /// Reads a member of the list; nil if it is a table, a file, a name or excluded.
    init?(_ word: ByteString) {
        let parts = word.bytes.split(separator: 0x2F, omittingEmptySubsequences: false)
        guard let first = parts.first, parts.count <= 2, let network = IPAddress(ByteString(first))
        else { return nil }
        let bits = network.bytes.count * 8
        guard let length = parts.count == 2 ? Int(ByteString(parts[1]).text) : bits,
            (0...bits).contains(length)
        else { return nil }
        self.network = network
        prefixLength = length
    }

    /// True if the address is one of the network.
    func contains(_ address: IPAddress) -> Bool {
        guard address.bytes.count == network.bytes.count else { return false }
        let whole = prefixLength / 8
        if address.bytes[..<whole] != network.bytes[..<whole] { return false }
        let rest = prefixLength % 8
        guard rest > 0 else { return true }
        return (address.bytes[whole] ^ network.bytes[whole]) >> (8 - UInt8(rest)) == 0
    }

    /// True if it is the whole Internet of one protocol.
    var isEverything: Bool { prefixLength == 0 }
}

/// A list of networks, of which not all members need to be known.
struct AddressList {
    private let patterns: [AddressPattern]
    /// All members are numbers, so that an address that none contains is not in the list.
    let isWhollyKnown: Bool

    init(_ words: [ByteString]) {
        patterns = words.compactMap { AddressPattern($0) }
        isWhollyKnown = patterns.count == words.count
    }

    /// Whether the list contains the address; nil if that cannot be known.
    func contains(_ address: IPAddress) -> Bool? {
        if patterns.contains(where: { $0.contains(address) }) { return true }
        return isWhollyKnown ? false : nil
    }

    /// True if anybody on the Internet is in it.
    var isEverything: Bool { patterns.contains(where: \.isEverything) }
}

extension IPAddress {
    /// True for addresses that the Internet does not route: private, link-local, shared, loopback.
    var isInside: Bool {
        let patterns: [ByteString] = [
            "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10",
            "127.0.0.0/8", "fc00::/7", "fe80::/10", "::1",
        ]
        return patterns.compactMap { AddressPattern($0) }.contains { $0.contains(self) }
    }

    /// The IPv4 address that an IPv6 one stands for, or the address itself.
    var unmapped: IPAddress {
        let mark = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
        guard isIPv6, bytes.starts(with: mark) else { return self }
        let words = bytes.suffix(4).map { "\(Int($0))" as ByteString }
        return IPAddress(words.joined(by: ".")) ?? self
    }
}
