// Which tables have to be compiled once the planned files are in place. Pure.

import Blueprint
import Bytes
import InstanceOperations
import Instances
import PostfixFormats

extension PlanBuilder {
    /// The tables of the instances that are named, whose database is missing or older than the
    /// source; each once, in start order.
    func compilations(in snapshot: Snapshot) -> [TableCompilation] {
        var found: [TableCompilation] = []
        var paths: Set<ByteString> = []
        for desired in operation.blueprint.instances {
            let directory = directories[desired.name]
            let seen = snapshot.instances.first { $0.member.configDirectory == directory }
            guard let directory, let seen else { continue }
            for table in seen.facts.tables where table.isStale {
                guard paths.insert("\(table.type):\(table.path)").inserted else { continue }
                let isAliases =
                    table.parameter == "alias_maps" || table.parameter == "alias_database"
                found.append(
                    TableCompilation(
                        configDirectory: directory, type: table.type, path: table.path,
                        isAliases: isAliases))
            }
        }
        return found
    }
}

extension Snapshot {
    /// Has the databases be as young as their sources, as compiling makes them.
    mutating func take(_ compilations: [TableCompilation]) {
        let made = Set(compilations.map { databasePath($0.type, $0.path) })
        guard !made.isEmpty else { return }
        for index in instances.indices {
            for place in instances[index].facts.tables.indices {
                let table = instances[index].facts.tables[place]
                guard made.contains(databasePath(table.type, table.path)) else { continue }
                instances[index].facts.tables[place].databaseChanged = table.sourceChanged
            }
        }
    }
}

extension TableFact {
    /// True if it has a source that its database does not hold yet.
    fileprivate var isStale: Bool {
        guard TableReference.databaseSuffixes[type] != nil, let sourceChanged else { return false }
        return databaseChanged.map { $0 < sourceChanged } ?? true
    }
}

/// The file that compiling a table makes.
private func databasePath(_ type: ByteString, _ path: ByteString) -> ByteString {
    path + (TableReference.databaseSuffixes[type]?.first ?? "")
}
