// Check table-missing: a lookup table that no program can open.

import Bytes
import PostfixFormats

extension Check {
    static let tableMissing = Check(
        id: "table-missing", title: "A lookup table is missing", severity: .error,
        reference: "DATABASE_README",
        why: """
            A daemon that cannot open one of its tables defers all mail that it should decide \
            about, for as long as the table is missing. A type that this Postfix was not built \
            with, or that comes in a package that is not installed, is as good as no table.
            """,
        example: "virtual_alias_maps = hash:/etc/postfix/virtual, and no virtual.db there",
        mend: "postmap hash:/etc/postfix/virtual"
    ) { snapshot in
        snapshot.enabled.flatMap { instance in
            instance.facts.tables.compactMap { table in
                sighting(instance, table, types: snapshot.host.tableTypes.value)
            }
        }
    }

    private static func sighting(
        _ instance: InstanceSnapshot, _ table: TableFact, types: Set<ByteString>?
    ) -> Sighting? {
        let name: ByteString = "\(table.type):\(table.path)"
        let fault: ByteString
        var mend: ByteString?
        if let types, !types.contains(table.type) {
            fault = "has a type that this Postfix does not know"
            mend = "apt-get install postfix-\(table.type)"
        } else if table.isIndexed {
            guard table.databaseChanged == nil else { return nil }
            if table.sourceChanged == nil {
                fault = "is missing"
            } else {
                fault = "has no database yet"
                mend = table.rebuilding
            }
        } else {
            guard table.sourceChanged == nil else { return nil }
            fault = "is missing"
        }
        return Sighting(
            of: [instance], at: instance.place(of: table.parameter),
            "\(name) in \(table.parameter) of \(instance.name) \(fault)",
            mend: mend ?? "ls -l \(table.path.quotedForShell)*")
    }
}

extension TableFact {
    /// True if programs read a database that is made of the source.
    var isIndexed: Bool { ["hash", "btree", "cdb", "lmdb", "dbm", "sdbm"].contains(type) }

    /// The command that makes the database anew.
    var rebuilding: ByteString {
        let isAliases = parameter == "alias_maps" || parameter == "alias_database"
        let table: ByteString = "\(type):\(path)"
        return (isAliases ? "postalias " : "postmap ") + table.quotedForShell
    }
}
