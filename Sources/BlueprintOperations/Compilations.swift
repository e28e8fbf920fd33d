// Which tables have to be compiled once the planned files are in place.

import Blueprint
import Bytes
import HostAccess
import InstanceOperations
import Instances
import PostfixFormats

/// Looks for tables whose database is missing or older than the source.
struct Compilations {
    private let host: Host
    private let builder: PlanBuilder

    /// - Parameters:
    ///   - host: The host with the planned files.
    ///   - builder: What is planned.
    init(_ host: Host, _ builder: PlanBuilder) {
        self.host = host
        self.builder = builder
    }

    /// Those of the instances that are named, each once, in start order.
    func all() -> [TableCompilation] {
        let observer = CheckupObserver(
            host, installation: builder.operation.installation,
            primaryDirectory: builder.operation.installation.configDirectory)
        var found: [TableCompilation] = []
        var paths: Set<ByteString> = []
        for desired in builder.operation.blueprint.instances {
            guard let directory = builder.directories[desired.name] else { continue }
            for table in observer.tables(of: directory) where table.isStale {
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

extension TableFact {
    /// True if it has a source that its database does not hold yet.
    fileprivate var isStale: Bool {
        guard TableReference.databaseSuffixes[type] != nil, let sourceChanged else { return false }
        return databaseChanged.map { $0 < sourceChanged } ?? true
    }
}

extension TableCompilation {
    /// The file that compiling makes.
    var databasePath: ByteString {
        path + (TableReference.databaseSuffixes[type]?.first ?? "")
    }
}
