// Names that main.cf may set though the installed Postfix has no parameter of that name.

import Bytes
import PostfixFormats

/// The names that an instance may set though Postfix has no such parameter.
struct UsedNames {
    private var referenced: Set<ByteString> = []
    private var prefixes: [ByteString] = []

    /// What the names of the parameters that a service has for itself end in.
    private static func suffixes(for service: MasterService) -> [ByteString] {
        switch service[.command] {
        case "spawn": ["time_limit"]
        case "pipe": transportSuffixes + ["time_limit"]
        case "local", "error", "virtual", "smtp", "lmtp": transportSuffixes
        default: []
        }
    }

    private static let transportSuffixes: [ByteString] = [
        "recipient_limit", "extra_recipient_limit", "recipient_refill_limit",
        "recipient_refill_delay", "delivery_slot_cost", "delivery_slot_loan",
        "delivery_slot_discount", "minimum_delivery_slots", "initial_destination_concurrency",
        "destination_concurrency_limit", "destination_recipient_limit",
        "destination_concurrency_positive_feedback", "destination_concurrency_negative_feedback",
        "destination_concurrency_failed_cohort_limit", "destination_rate_delay",
        "transport_rate_delay",
    ]

    init(_ parameters: ParameterView, _ masterCF: MasterCF?) {
        let entries = parameters.mainCF.entries
        let services = masterCF?.entries ?? []
        // What cannot be expanded names no classes.
        referenced = Set((try? parameters.list(of: "smtpd_restriction_classes")) ?? [])
        for entry in entries { addReferences(in: entry.value) }
        for entry in services {
            for setting in entry.service.parameters { addReferences(in: setting.value) }
            let name = entry.service[.service]
            referenced.formUnion(Self.suffixes(for: entry.service).map { "\(name)_\($0)" })
        }
        // Databases may be described in main.cf: mysql:aliases reads aliases_user.
        let databases: Set<ByteString> = [
            "ldap", "mysql", "pgsql", "sqlite", "memcache", "mongodb",
        ]
        for entry in entries {
            for word in entry.value.split(where: { [0x20, 0x09, 0x2C, 0x7B, 0x7D].contains($0) }) {
                let parts = word.bytes.split(separator: 0x3A, omittingEmptySubsequences: false)
                guard parts.count >= 2, let name = parts.last,
                    databases.contains(ByteString(parts[parts.count - 2]))
                else { continue }
                prefixes.append("\(ByteString(name))_")
            }
        }
    }

    /// True if something may read the name.
    func contain(_ name: ByteString) -> Bool {
        referenced.contains(name) || prefixes.contains(where: name.hasPrefix)
    }

    /// Adds the names behind every dollar sign; a few words too many do no harm.
    private mutating func addReferences(in value: ByteString) {
        for piece in value.bytes.split(separator: 0x24).dropFirst(value.hasPrefix("$") ? 0 : 1) {
            let start = piece.drop { [0x28, 0x7B, 0x20].contains($0) }
            referenced.insert(ByteString(start.prefix { $0.isLetterOrDigit || $0 == 0x5F }))
        }
    }
}
