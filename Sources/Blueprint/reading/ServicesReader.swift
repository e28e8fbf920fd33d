// Reads the tables of an instance's services: any entry of master.cf.

import Bytes
import PostfixFormats
import TOMLReading

/// A reader of `[instance.services."NAME/TYPE"]`.
struct ServicesReader {
    let table: TOMLTableReader

    init(_ table: TOMLTableReader) { self.table = table }

    /// What the tables ask for.
    struct Services {
        var wanted: [(service: OwnedService, line: Int)] = []
        var unwanted: [ServicePattern] = []
    }

    func services() -> Services {
        var services = Services()
        let all = table.table("services")
        for key in all.allKeys {
            guard let pattern = ServicePattern(ByteString(key)), pattern.name != "*",
                types.contains(pattern.type)
            else {
                all.complain(
                    key, "no service",
                    mend:
                        "write \"NAME/TYPE\", such as \"submission/inet\""
                )
                all.table(key).acceptAllKeys()
                continue
            }
            let entry = all.table(key)
            let service = service(pattern, entry)
            if entry.boolean("remove") ?? false {
                services.unwanted.append(pattern)
            } else {
                services.wanted.append((service, all.line(of: key)))
            }
        }
        return services
    }

    private let types: [ByteString] = ["inet", "unix", "unix-dgram", "fifo", "pass"]

    private func service(_ pattern: ServicePattern, _ entry: TOMLTableReader) -> OwnedService {
        var fields: [MasterService.Field: ByteString] = [:]
        let keys: [(String, MasterService.Field)] = [
            ("private", .private), ("unprivileged", .unprivileged), ("chroot", .chroot),
            ("wakeup", .wakeup), ("process_limit", .processLimit),
        ]
        for (key, field) in keys {
            if let value = fieldValue(key, entry) { fields[field] = value }
        }
        var options: [MainCF.Assignment]?
        if entry.has("options") {
            let table = entry.table("options")
            options = table.allKeys.compactMap { key in
                settingValue(key, table).map { MainCF.Assignment(ByteString(key), $0) }
            }
        }
        if let command = entry.string("command") { fields[.command] = ByteString(command) }
        return OwnedService(
            pattern.name, pattern.type, fields: fields, options: options,
            reason: entry.string("reason").map { ByteString($0) })
    }

    /// A field as master.cf has it: y or n, a number, or text.
    private func fieldValue(_ key: String, _ entry: TOMLTableReader) -> ByteString? {
        if case .boolean(let isTrue)? = entry.node(key) { return isTrue ? "y" : "n" }
        guard let value = settingValue(key, entry) else { return nil }
        guard !value.isEmpty, !value.contains(UInt8(ascii: " ")) else {
            entry.complain(key, "\"\(value)\" is no field of master.cf", mend: "write one word")
            return nil
        }
        return value
    }
}
