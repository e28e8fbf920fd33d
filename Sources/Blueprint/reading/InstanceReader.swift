// Reads one [[instance]] of a blueprint, which may stand for a pool of instances.

import Bytes
import Instances
import PostfixFormats
import TOMLReading

/// A reader of one instance's table.
struct InstanceReader {
    let table: TOMLTableReader

    init(_ table: TOMLTableReader) { self.table = table }

    /// The instances that the table asks for: one, or one for each of its addresses.
    func instances() -> [DesiredInstance] {
        let role = readRole()
        var keys = readKeys(role)
        let base = DesiredInstance(
            name: keys.name, role: ByteString(role.name), line: table.line)
        var common = base
        common.group = readGroup()
        common.isEnabled = table.boolean("enabled") ?? true
        common.directories = readDirectories()
        let settings = SettingsReader(table).settings()
        let services = ServicesReader(table).services()
        let tables = TablesReader(table).tables()
        let pool = readPool()
        checkRequired(role, isPool: pool != nil)
        guard let pool else {
            return [finished(common, role, keys, settings, services, tables)]
        }
        return pool.enumerated().map { index, address in
            let fill = Placeholders(number: index + 1, address: address)
            keys = readKeys(role).filled(fill)
            keys.address = keys.address ?? address
            var instance = common
            instance.name = "\(base.name)-\(index + 1)"
            instance.directories = common.directories.mapValues { fill.filled($0) }
            let own = settings.map { entry in
                (setting: entry.setting.filled(fill), line: entry.line)
            }
            return finished(instance, role, keys, own, services, tables)
        }
    }

    private func finished(
        _ base: DesiredInstance, _ role: Role, _ keys: InstanceKeys,
        _ settings: [(setting: OwnedSetting, line: Int)],
        _ services: ServicesReader.Services, _ tables: TablesReader.Tables
    ) -> DesiredInstance {
        var instance = base
        var merged = SettingMerge()
        for setting in role.settings(keys) {
            merged.take(setting, line: keys.line(of: setting.name))
        }
        for setting in keys.settings {
            merged.take(setting, line: keys.line(of: setting.name))
        }
        for (setting, line) in tables.uses { merged.take(setting, line: line) }
        for (setting, line) in settings { merged.take(setting, line: line) }
        instance.settings = merged.settings
        instance.filter = keys.filter
        instance.places.settings = merged.lines
        let listeners = keys.listenerServices.filter { listener in
            !services.wanted.contains { $0.service.pattern == listener.pattern }
        }
        instance.services = listeners + services.wanted.map(\.service)
        for listener in listeners {
            instance.places.services[listener.pattern] = keys.lines["listen"] ?? keys.line
        }
        for (service, line) in services.wanted {
            instance.places.services[service.pattern] = line
        }
        instance.places.listeners = keys.lines["listen"]
        let stock = ServicePattern("smtp", "inet")
        let replacesStock =
            !keys.listen.isEmpty && !instance.services.contains { $0.pattern == stock }
        instance.absentServices = services.unwanted + (replacesStock ? [stock] : [])
        instance.tables = tables.tables
        instance.places.tables = tables.lines
        return instance
    }

    // MARK: the keys

    private func readRole() -> Role {
        guard let word = table.string("role") else { return .plain }
        if let role = Role.all.first(where: { $0.name == word }) { return role }
        let near = nearMisses(of: ByteString(word), among: Role.all.map { ByteString($0.name) })
        let all = Role.all.map(\.name).joined(separator: ", ")
        table.complain(
            "role", "\"\(word)\" is unknown",
            mend: near.first.map { "did you mean \($0)?" } ?? "write one of \(all)")
        return .plain
    }

    private func readName() -> ByteString {
        guard let name = table.string("name") else {
            table.complainMissing("name", example: "\"postfix-out\", or \"-\" for the primary")
            return ""
        }
        if name == "-" { return "-" }
        do throws(NameRefusal) {
            return try InstanceName(assigning: ByteString(name)).text
        } catch {
            table.complain("name", "\"\(name)\" is no name of an instance", mend: error.mend)
            return ByteString(name)
        }
    }

    private func readGroup() -> ByteString? {
        guard let group = table.string("group") else { return nil }
        if group.isEmpty || group == "-" { return "" }
        do throws(NameRefusal) {
            return try GroupName(assigning: ByteString(group)).text
        } catch {
            table.complain("group", "\"\(group)\" is no name of a group", mend: error.mend)
            return nil
        }
    }

    private func readDirectories() -> [ByteString: ByteString] {
        var directories: [ByteString: ByteString] = [:]
        for key in ["config_directory", "queue_directory", "data_directory"] {
            guard let path = table.string(key) else { continue }
            guard path.hasPrefix("/"), path.count > 1 else {
                table.complain(key, "\"\(path)\" is no absolute path", mend: "begin it with /")
                continue
            }
            directories[ByteString(key)] = ByteString(path)
        }
        return directories
    }

    private func readPool() -> [ByteString]? {
        guard let addresses = table.strings("addresses") else { return nil }
        if addresses.isEmpty {
            table.complain("addresses", "is empty", mend: "name an address for each instance")
        }
        for (index, address) in addresses.enumerated() {
            if IPAddress(ByteString(address)) == nil {
                table.complain(
                    "addresses", at: index, "\"\(address)\" is no numeric address",
                    mend: "write it as 192.0.2.1 or 2001:db8::1")
            } else if addresses[..<index].contains(address) {
                table.complain(
                    "addresses", at: index, "\"\(address)\" is there twice", mend: "take one out")
            }
        }
        return addresses.map { ByteString($0) }
    }

    private func readKeys(_ role: Role) -> InstanceKeys {
        var keys = InstanceKeys(line: table.line)
        func note(_ key: String) { keys.lines[key] = table.line(of: key) }
        func text(_ key: String) -> ByteString? {
            note(key)
            return table.string(key).map { ByteString($0) }
        }
        func texts(_ key: String) -> [ByteString]? {
            note(key)
            return table.strings(key)?.map { ByteString($0) }
        }
        keys.name = readName()
        keys.listen = texts("listen") ?? role.listeners.map { ByteString($0) }
        keys.hostname = text("hostname")
        keys.heloName = text("helo_name")
        keys.relay = text("relay")
        keys.relayDomains = texts("relay_domains") ?? []
        keys.networks = texts("networks") ?? []
        keys.filter = text("filter")
        keys.fallback = text("fallback")
        keys.address = text("address")
        keys.certificate = text("tls_certificate")
        keys.certificateKey = text("tls_key")
        keys.queueLifetime = text("queue_lifetime")
        check(keys)
        return keys
    }

    private func checkRequired(_ role: Role, isPool: Bool) {
        for key in role.required where !table.has(key) {
            let examples = [
                "relay": "\"[mailhub.example.com]\"", "hostname": "\"out.example.com\"",
                "relay_domains": "[\"example.com\"]", "listen": "[\"10.0.0.1:25\"]",
                "tls_certificate": "\"/etc/ssl/private/mail.example.com.pem\"",
            ]
            table.complain(
                key, "the role \(role.name) needs it",
                mend: "add \(key) = \(examples[key] ?? "\"\"")")
        }
        if isPool, table.has("address") {
            table.complain("address", "there are addresses, too", mend: "take one of both out")
        }
    }
}

extension NameRefusal {
    fileprivate var mend: String {
        switch self {
        case .instanceNameWithoutPrefix(let name): "write postfix-\(name)"
        case .slashInInstanceName, .unsafeInstanceName, .unsafeGroupName:
            "use letters, digits, - and _"
        }
    }
}
