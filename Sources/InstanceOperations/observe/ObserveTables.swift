// The lookup tables that a main.cf names by path, with the files that they lie in.

package import Bytes
import HostAccess
package import Instances
import PostfixFormats

extension CheckupObserver {
    /// The tables of the instance with this configuration directory; none if it is broken.
    package func tables(of configDirectory: ByteString) -> [TableFact] {
        guard
            let parameters = try? observeParameters(
                configDirectory, host.files, installation: installation)
        else { return [] }
        return observeTables(of: parameters)
    }

    /// The tables of main.cf, each parameter's once.
    func observeTables(of parameters: ParameterView) -> [TableFact] {
        var tables: [TableFact] = []
        var seen: Set<[ByteString]> = []
        // What the host's own names stand for, such as the start of a path, is not a table yet.
        let classes = Set((try? parameters.list(of: "smtpd_restriction_classes")) ?? [])
        for entry in parameters.mainCF.entries where !isMadeByPostfix(entry.name) {
            guard parameters.hasDefault(entry.name) || classes.contains(entry.name)
            else { continue }
            // What cannot be expanded has a check of its own. A later setting takes the place of
            // this one.
            guard let value = try? parameters.value(of: entry.name), value.contains(0x3A)
            else { continue }
            for (type, path) in TableReference.all(in: value)
            where seen.insert([entry.name, type, path]).inserted {
                // What cannot be looked at is not known to be missing.
                if let table = try? table(type, at: path, in: entry.name) { tables.append(table) }
            }
        }
        return tables
    }

    private func table(
        _ type: ByteString, at path: ByteString, in parameter: ByteString
    ) throws(FileError) -> TableFact {
        var table = TableFact(
            parameter: parameter, type: type, path: path, sourceChanged: try changed(path),
            databaseChanged: nil)
        for suffix in TableReference.databaseSuffixes[type] ?? [] where table.databaseChanged == nil
        {
            table.databaseChanged = try changed(path + suffix)
        }
        return table
    }

    /// True for databases that daemons make and fill themselves.
    private func isMadeByPostfix(_ parameter: ByteString) -> Bool {
        parameter.text.contains("_cache") || parameter == "address_verify_map"
    }

    /// When the file was changed, in nanoseconds since 1970; nil if there is none.
    private func changed(_ path: ByteString) throws(FileError) -> Int? {
        guard let status = try host.files.status(of: path, followingLinks: true),
            status.kind == .regular
        else { return nil }
        return status.modified.seconds * 1_000_000_000 + status.modified.nanoseconds
    }
}

/// A table that is written as "type:/path".
package enum TableReference {
    /// The kinds whose database is a file beside the source, and what that one's name ends in.
    package static let databaseSuffixes: [ByteString: [ByteString]] = [
        "hash": [".db"], "btree": [".db"], "cdb": [".cdb"], "lmdb": [".lmdb"],
        "dbm": [".dir", ".pag"], "sdbm": [".dir", ".pag"],
    ]

    /// The tables with a path in a value, those within others and behind proxies too.
    static func all(in value: ByteString) -> [(type: ByteString, path: ByteString)] {
        value.split { [0x20, 0x09, 0x0A, 0x0D, 0x2C, 0x7B, 0x7D].contains($0) }
            .compactMap { word in
                let parts = word.bytes.split(
                    separator: 0x3A, omittingEmptySubsequences: false)
                // "proxy:hash:/path" is the table "hash:/path".
                guard let slash = parts.firstIndex(where: { $0.first == 0x2F }), slash > 0
                else { return nil }
                let path = ByteString(Array(parts[slash...].joined(separator: [0x3A])))
                let type = ByteString(parts[slash - 1])
                return fileTypes.contains(type) ? (type, path) : nil
            }
    }

    /// The kinds that lie in files with the path as it is written.
    private static let fileTypes = Set(databaseSuffixes.keys).union([
        "texthash", "regexp", "pcre", "cidr",
    ])
}
