// What the configuration of the instances says of networks and names: addresses that the host must
// have, names that are its own, and the domains of lists that are asked about clients.

package import Bytes
package import Instances
import PostfixFormats

/// What a rehearsal's network has to know of the instances.
package struct PlannedNetwork: Sendable {
    /// The addresses that listeners, inet_interfaces and smtp_bind_address name.
    package private(set) var addresses: [IPAddress] = []
    /// The names of instances, each with the addresses that it certainly has.
    package private(set) var names: [(name: ByteString, addresses: [IPAddress])] = []
    /// The domains of DNS lists.
    package private(set) var blockLists: Set<ByteString> = []

    /// Reads the instances of a snapshot.
    package init(_ snapshot: Snapshot) {
        for instance in snapshot.instances {
            guard let parameters = instance.parameters else { continue }
            func words(_ name: ByteString) -> [ByteString] {
                // What cannot be expanded stops Postfix itself.
                ((try? parameters.value(of: name)) ?? "").split(where: \.isListSeparator)
            }
            let own = words("inet_interfaces").compactMap { IPAddress($0) }
            addresses += own
            for name: ByteString in ["smtp_bind_address", "smtp_bind_address6"] {
                addresses += words(name).compactMap { IPAddress($0) }
            }
            addresses += instance.listeners.flatMap { $0.addresses.value ?? [] }
            for entry in instance.services.value?.entries ?? [] {
                for parameter in entry.service.parameters {
                    let value =
                        (try? ParameterExpansion.expand(parameter.value, in: parameters)) ?? ""
                    let words = value.split(where: \.isListSeparator)
                    if parameter.name.hasPrefix("smtp_bind_address") {
                        addresses += words.compactMap { IPAddress($0) }
                    }
                    addBlockLists(words)
                }
            }
            if let name = words("myhostname").first { names.append((name, own)) }
            for name in parameters.mainCF.entries.map(\.name)
            where name.text.contains("_restrictions") {
                addBlockLists(words(name))
            }
            for word in words("postscreen_dnsbl_sites") { addBlockList(word) }
        }
    }

    private mutating func addBlockLists(_ words: [ByteString]) {
        for (word, next) in zip(words, words.dropFirst()) {
            let isList =
                word.hasPrefix("reject_rbl") || word.hasPrefix("reject_rhsbl")
                || word.hasPrefix("permit_dnswl") || word.hasPrefix("permit_rhswl")
            if isList { addBlockList(next) }
        }
    }

    /// Adds the domain of "list.example.net=127.0.0.[2..11]*3".
    private mutating func addBlockList(_ word: ByteString) {
        let name = ByteString(word.bytes.prefix { $0 != 0x3D && $0 != 0x2A })
        if !name.isEmpty { blockLists.insert(name) }
    }
}

extension UInt8 {
    /// Blanks, line ends and commas; braces stand around restrictions.
    fileprivate var isListSeparator: Bool {
        self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D || self == 0x2C
            || self == 0x7B || self == 0x7D
    }
}
