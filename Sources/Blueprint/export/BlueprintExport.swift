// A blueprint of instances as they are, as TOML: applying it to them changes nothing.
//
// Roles are not guessed: what an instance has is written out. Lookup tables stay where they are;
// those that a blueprint has made are written out, because they would go with it.

package import Bytes
package import Instances
package import PostfixFormats

/// Writes a blueprint of what there is.
package struct BlueprintExport {
    private let primary: Instance
    /// The services that a new instance has.
    private let stock: MasterCF

    /// - Parameters:
    ///   - primary: The primary, from which directories of others are derived.
    ///   - stock: The installed prototype of master.cf.
    package init(primary: Instance, stock: MasterCF) {
        self.primary = primary
        self.stock = stock
    }

    /// The head of the file.
    package static let head: ByteString = """
        # The instances of this host as they are; the first one starts first.
        # Nothing changes as long as nothing is changed here: postilion plan FILE

        """

    /// The table of one instance.
    ///
    /// - Parameter tables: Files beside its main.cf; those that a blueprint has made are written.
    package func table(
        of instance: Instance, mainCF: MainCF, masterCF: MasterCF,
        tables: [ByteString: ByteString]
    ) -> ByteString {
        var text: ByteString = "\n[[instance]]\nname = \(quoted(instance.displayName))\n"
        if let group = instance.group { text += "group = \(quoted(group.text))\n" }
        if !instance.isEnabled, !instance.isPrimary { text += "enabled = false\n" }
        text += directories(of: instance)
        let settings = settings(mainCF)
        if !settings.isEmpty { text += "[instance.settings]\n" + settings }
        text += services(masterCF)
        for name in tables.keys.sorted() {
            guard let table = tables[name], InstanceFiles.isOwned(table) else { continue }
            let entries = table.dropFirst(InstanceFiles.tableMark.count)
            text += "[instance.tables.\(key(name))]\ntext = \(quoted(entries))\n"
        }
        return text
    }

    private func directories(of instance: Instance) -> ByteString {
        guard !instance.isPrimary, let name = instance.name?.text else { return "" }
        var text: ByteString = ""
        for (key, own, model): (ByteString, ByteString, ByteString) in [
            ("config_directory", instance.configDirectory, primary.configDirectory),
            ("queue_directory", instance.queueDirectory, primary.queueDirectory),
            ("data_directory", instance.dataDirectory, primary.dataDirectory),
        ] {
            let slash = model.bytes.lastIndex(of: 0x2F) ?? 0
            let derived: ByteString = "\(ByteString(model.bytes[..<slash]))/\(name)"
            if own != derived { text += "\(key) = \(quoted(own))\n" }
        }
        return text
    }

    private func settings(_ mainCF: MainCF) -> ByteString {
        var values: [ByteString: ByteString] = [:]
        for entry in mainCF.entries { values[entry.name] = entry.value }
        var text: ByteString = ""
        for name in values.keys.sorted() where !Self.notWritten.contains(name) {
            guard let value = values[name], isText(value) else {
                text += "# \(name) is left out: its value is no text of UTF-8\n"
                continue
            }
            text += "\(key(name)) = \(quoted(value.withBlanksOnly))\n"
        }
        return text
    }

    /// Parameters of the instance manager, and of the installation as a whole.
    private static let notWritten: Set<ByteString> = [
        "multi_instance_name", "multi_instance_group", "multi_instance_enable",
        "multi_instance_directories", "multi_instance_wrapper", "alternate_config_directories",
        "queue_directory", "data_directory", "command_directory", "daemon_directory",
        "meta_directory", "shlib_directory", "mail_owner", "setgid_group", "sendmail_path",
        "mailq_path", "newaliases_path", "html_directory", "manpage_directory",
        "sample_directory", "readme_directory",
    ]

    private func services(_ masterCF: MasterCF) -> ByteString {
        var text: ByteString = ""
        var seen: Set<ByteString> = []
        for entry in masterCF.entries {
            let service = entry.service
            let name = service.label
            // Of two of one name the first one runs.
            guard seen.insert(name).inserted else { continue }
            let model = stock.service(service[.service], service[.type])
            if model?.formatted(folded: true) == service.formatted(folded: true) { continue }
            text += "[instance.services.\(quoted(name))]\n"
            for (key, field) in Self.fields where service[field] != "-" {
                text += "\(key) = \(quoted(service[field]))\n"
            }
            // The whole command: with its arguments nothing else is run.
            text += "command = \(quoted(service.commandLine))\n"
        }
        for entry in stock.entries {
            let name = entry.service.label
            if !seen.contains(name) {
                text += "[instance.services.\(quoted(name))]\nremove = true\n"
            }
        }
        return text
    }

    private static let fields: [(ByteString, MasterService.Field)] = [
        ("private", .private), ("unprivileged", .unprivileged), ("chroot", .chroot),
        ("wakeup", .wakeup), ("process_limit", .processLimit),
    ]

    // MARK: TOML

    private func isText(_ value: ByteString) -> Bool { ByteString(value.text) == value }

    private func key(_ name: ByteString) -> ByteString {
        let isBare = name.bytes.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2D: true
            default: false
            }
        }
        return isBare && !name.isEmpty ? name : quoted(name)
    }

    private func quoted(_ text: ByteString) -> ByteString {
        var result: [UInt8] = [0x22]
        for byte in text.bytes {
            switch byte {
            case 0x22, 0x5C: result += [0x5C, byte]
            case 0x09: result += Array("\\t".utf8)
            case ..<0x20, 0x7F:
                let digits = String(byte, radix: 16)
                result += Array("\\u00\(digits.count < 2 ? "0" : "")\(digits)".utf8)
            default: result.append(byte)
            }
        }
        return ByteString(result + [0x22])
    }
}
