// Check table-stale: a table that was edited and not rebuilt.

import Bytes

extension Check {
    static let tableStale = Check(
        id: "table-stale", title: "A lookup table was edited, but not rebuilt", severity: .warning,
        reference: "DATABASE_README",
        why: """
            Programs read the database, not the text that people edit. Until postmap(1) has run, \
            the edit has no effect.
            """,
        example: """
            -rw-r--r-- root root  Nov 20  /etc/postfix/transport
            -rw-r--r-- root root  Nov 11  /etc/postfix/transport.db
            """,
        mend: "postmap hash:/etc/postfix/transport"
    ) { snapshot in
        snapshot.enabled.flatMap { instance in
            instance.facts.tables.compactMap { table in
                guard table.isIndexed, let source = table.sourceChanged,
                    let database = table.databaseChanged, source > database
                else { return nil }
                return Sighting(
                    of: [instance], at: instance.place(of: table.parameter),
                    "\(table.path) was changed after its database, which \(table.parameter) of "
                        + "\(instance.name) reads",
                    mend: table.rebuilding)
            }
        }
    }
}
