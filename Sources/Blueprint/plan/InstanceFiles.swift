// The files of one instance, and what a blueprint makes of them. Pure: texts in, texts out.

package import Bytes
package import PostfixFormats

/// The files of an instance's configuration directory that a blueprint may own.
package struct InstanceFiles: Hashable, Sendable {
    package var main: ByteString
    package var master: ByteString
    /// The tables that are wanted or have been owned, by name.
    package var tables: [ByteString: ByteString]

    package init(main: ByteString, master: ByteString, tables: [ByteString: ByteString] = [:]) {
        self.main = main
        self.master = master
        self.tables = tables
    }

    /// The head of a table that a blueprint owns.
    package static let tableMark: ByteString =
        "# blueprint: edit it there; what is written here is lost\n"

    /// True for a table that a blueprint has made.
    package static func isOwned(_ table: ByteString) -> Bool { table.hasPrefix(tableMark) }
}

extension DesiredInstance {
    /// The files as they are to be.
    ///
    /// - Parameters:
    ///   - files: The files as they are.
    ///   - contents: The content of each table that is wanted.
    package func files(
        from files: InstanceFiles, tables contents: [ByteString: ByteString]
    ) throws(MasterCF.EditFault) -> InstanceFiles {
        var result = files
        result.main = try mainCF(from: MainCF(files.main)).text
        let master = MasterCF(files.master)
        result.master =
            try master.owning(services + logNames(in: master), without: absentServices).text
        for (name, table) in files.tables where InstanceFiles.isOwned(table) {
            if contents[name] == nil { result.tables[name] = nil }
        }
        for (name, table) in contents {
            let new = InstanceFiles.tableMark + table
            // A table of the operator's own with the same entries is left alone.
            if files.tables[name] != table { result.tables[name] = new }
        }
        return result
    }

    /// The services that distributions let log by the primary's name, with their instance's own.
    private func logNames(in masterCF: MasterCF) -> [OwnedService] {
        guard !isPrimary, role != "plain" else { return [] }
        return masterCF.entries.map(\.service).compactMap { service in
            let name = service.parameters.last { $0.name == "syslog_name" }?.value
            let isWanted = services.contains {
                $0.name == service[.service] && $0.type == service[.type]
            }
            guard name == "postfix/$service_name", !isWanted else { return nil }
            let options = service.parameters.map { parameter in
                MainCF.Assignment(
                    parameter.name,
                    parameter.name == "syslog_name"
                        ? "${multi_instance_name?{$multi_instance_name}:{postfix}}/$service_name"
                        : parameter.value)
            }
            return OwnedService(
                service[.service], service[.type], fields: [:], options: options)
        }
    }

    /// main.cf with the settings, and with what instance managers read in it.
    private func mainCF(from old: MainCF) throws(MasterCF.EditFault) -> MainCF {
        var registry: [MainCF.Assignment] = []
        func want(_ name: ByteString, _ value: ByteString) {
            if old.value(of: name) ?? "" != value { registry.append(.init(name, value)) }
        }
        if let group { want("multi_instance_group", group) }
        if !isPrimary { want("multi_instance_enable", isEnabled ? "yes" : "no") }
        let registered = registry.isEmpty ? old : old.setting(registry)
        return registered.owning(settings)
    }
}

/// What differs between the files of an instance before and after.
package struct FileDifference: Hashable, Sendable {
    /// The parameters with another value.
    package let parameters: [ByteString]
    /// The services that are new, gone or other ones, as name/type.
    package let services: [ByteString]
    /// The tables with another content.
    package let tables: [ByteString]
    /// Something else is written there, such as a comment.
    package let isOnlyText: Bool

    /// - Parameters:
    ///   - old: The files before; nil if the instance is new.
    ///   - new: The files after.
    package init(from old: InstanceFiles, to new: InstanceFiles) {
        let (main, newMain) = (MainCF(old.main), MainCF(new.main))
        let names = Set((main.entries + newMain.entries).map(\.name))
        parameters = names.filter { main.value(of: $0) != newMain.value(of: $0) }.sorted()
        services = Self.services(MasterCF(old.master), MasterCF(new.master))
        tables = Set(old.tables.keys).union(new.tables.keys)
            .filter { old.tables[$0] != new.tables[$0] }.sorted()
        isOnlyText = parameters.isEmpty && services.isEmpty && tables.isEmpty && old != new
    }

    private static func services(_ old: MasterCF, _ new: MasterCF) -> [ByteString] {
        func all(_ file: MasterCF) -> [ByteString: [MasterService]] {
            Dictionary(grouping: file.entries.map(\.service), by: \.label)
        }
        let (before, after) = (all(old), all(new))
        return Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }.sorted()
    }

    /// True if nothing that Postfix reads differs.
    package var isEmpty: Bool { parameters.isEmpty && services.isEmpty && tables.isEmpty }
}
