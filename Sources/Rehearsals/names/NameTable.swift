// Which name has which address in a rehearsal. Every name that is asked for gets one, the same in
// every rehearsal, so that mail goes out as it would; nothing here asks any real name server.

package import Bytes
package import Instances

/// The names of the world that a rehearsal plays.
package struct NameTable: Sendable {
    /// Addresses that are given: the host's own names, and those of clients.
    private var given: [ByteString: [IPAddress]] = [:]
    private var names: [IPAddress: ByteString] = [:]
    /// Names that were made up an address for, in the order in which they were asked for.
    private var madeUp: [ByteString: IPAddress] = [:]
    private let blockLists: Set<ByteString>

    /// - Parameter blockLists: Domains of lists of clients and senders: they list nobody.
    package init(blockLists: Set<ByteString> = []) {
        self.blockLists = Set(blockLists.map(\.lowercased))
    }

    /// Gives a name one more address; the first name of an address is the one that it is told by.
    package mutating func give(_ name: ByteString, _ address: IPAddress) {
        let name = Self.canonical(name)
        if given[name]?.contains(address) != true { given[name, default: []].append(address) }
        if names[address] == nil { names[address] = name }
    }

    /// True for a name that was given addresses: not one of the outside's.
    package func isGiven(_ name: ByteString) -> Bool { given[Self.canonical(name)] != nil }

    /// True if there is such a name.
    package func exists(_ name: ByteString) -> Bool {
        let name = Self.canonical(name)
        if given[name] != nil { return true }
        // A name of one label is one's own host or a slip; "invalid" is there to be none.
        guard name.contains(0x2E), name.count <= 253, name != "invalid",
            !name.hasSuffix(".invalid")
        else { return false }
        return !blockLists.contains { name == $0 || name.hasSuffix(".\($0)") }
            && !name.isReversedAddress
    }

    /// The addresses of a name; none if there is no such name, or it is no host's.
    package mutating func addresses(of name: ByteString) -> [IPAddress] {
        let name = Self.canonical(name)
        if let addresses = given[name] { return addresses }
        guard exists(name), !name.hasPrefix("_"), !name.text.contains("._") else { return [] }
        if let address = madeUp[name] { return [address] }
        guard let address = freeAddress(for: name) else { return [] }
        madeUp[name] = address
        names[address] = name
        return [address]
    }

    /// The name of an address, which has it again.
    package mutating func name(of address: IPAddress) -> ByteString {
        if let name = names[address] { return name }
        let word = address.description.map { $0 == "." || $0 == ":" ? "-" : $0 }
        let name = ByteString("host-\(String(word)).client.example")
        give(name, address)
        return name
    }

    /// The name that an address was contacted by, if it has one.
    package func knownName(of address: IPAddress) -> ByteString? { names[address] }

    /// The host that takes mail for a domain; nil if the domain itself does.
    package func mailExchanger(of domain: ByteString) -> ByteString? {
        let domain = Self.canonical(domain)
        guard exists(domain), given[domain] == nil, domain.count <= 250 else { return nil }
        return "mx.\(domain)"
    }

    /// All names that were made up an address for.
    package var contacted: [(name: ByteString, address: IPAddress)] {
        madeUp.map { ($0.key, $0.value) }.sorted { $0.name < $1.name }
    }

    private static func canonical(_ name: ByteString) -> ByteString {
        let lower = name.lowercased
        return lower.hasSuffix(".") ? ByteString(lower.bytes.dropLast()) : lower
    }

    /// The address that the name's letters lead to, or the next free one, of 198.19.0.0/16, which
    /// belongs to benchmarks and thus to nobody.
    private func freeAddress(for name: ByteString) -> IPAddress? {
        let start = name.bytes.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
        for step in 0..<UInt32(65_536) {
            let number = (start &+ step) & 0xFFFF
            let bytes = [198, 19, UInt8(number >> 8), UInt8(number & 0xFF)]
            guard let address = IPAddress(networkBytes: bytes) else { return nil }
            if names[address] == nil { return address }
        }
        return nil
    }
}

extension ByteString {
    /// True for an address written backwards below some domain, as lists of clients are asked.
    fileprivate var isReversedAddress: Bool {
        let labels = split { $0 == 0x2E }
        let isFour =
            labels.count > 5
            && labels.prefix(4).allSatisfy { UInt8($0.text) != nil }
        let isSix =
            labels.count > 33
            && labels.prefix(32).allSatisfy { $0.count == 1 && UInt8($0.text, radix: 16) != nil }
        return isFour || isSix
    }
}
