// Whose line is it? The tag of a line names an instance, or a service of it, or something else.
//
// Names are data: they come from the configuration, or from the lines of daemons that only speak
// under the name of their instance. A service can have a name of its own (-o syslog_name), even one
// that looks like another instance's, as the relay service had for long; then the message decides.

import Bytes
import PostfixFormats

/// Finds the instance that a line is of.
struct TagOwners {
    /// The names of instances.
    private let names: Set<ByteString>
    /// For each message, who has it, and the hosts that said so.
    private var holders: [QueueID: [ByteString: Set<ByteString>]] = [:]

    /// These run once per instance, and nobody gives them names of their own.
    ///
    /// Not postsuper(1): with option -c it logs under the name of the default instance.
    private static let managers: Set<ByteString> = [
        "qmgr", "nqmgr", "oqmgr", "pickup", "bounce", "master", "postfix-script",
    ]

    /// Learns from lines; `known` are names from the configuration.
    init(_ records: [LogRecord], known: Set<ByteString>) {
        var names = known
        for record in records where Self.isManager(record) { names.insert(record.name) }
        for record in records where record.daemon == "cleanup" {
            if Self.prefixes(of: record.name).allSatisfy({ !names.contains($0) }) {
                names.insert(record.name)
            }
        }
        self.names = names
        for record in records {
            guard let id = record.queueID, Self.isManager(record) || record.daemon == "cleanup",
                let owner = owner(of: record.name)
            else { continue }
            holders[id, default: [:]][owner, default: []].insert(record.host)
        }
    }

    private static func isManager(_ record: LogRecord) -> Bool {
        if !record.daemon.isEmpty { return managers.contains(record.daemon) }
        // Where the logger has cut the daemon off, the text tells it.
        switch record.event {
        case .active, .expired, .removed, .notice, .pickup, .messageID: return true
        default: return false
        }
    }

    /// The tag's whole name and its beginnings, the longest first.
    private static func prefixes(of name: ByteString) -> [ByteString] {
        let ends = name.bytes.indices.filter { name.bytes[$0] == 0x2F }.reversed()
        return [name] + ends.map { ByteString(name.bytes[..<$0]) }
    }

    private func owner(of name: ByteString) -> ByteString? {
        Self.prefixes(of: name).first(where: names.contains)
    }

    /// The name of the instance that a line is of.
    func owner(of record: LogRecord) -> ByteString {
        let named = owner(of: record.name)
        let fallback = named ?? Self.prefixes(of: record.name).last ?? record.name
        if let named, Self.isManager(record) || record.daemon == "cleanup" { return named }
        guard let id = record.queueID, let holders = holders[id] else { return fallback }
        if holders.count == 1, let only = holders.first { return only.key }
        // The line's own name counts, but not that of a service: the host knows better then.
        if record.name == named, holders[record.name] != nil { return record.name }
        let here = holders.filter { $0.value.contains(record.host) }
        if here.count == 1, let only = here.first { return only.key }
        if let named, holders[named] != nil { return named }
        return holders.keys.min() ?? fallback
    }
}
