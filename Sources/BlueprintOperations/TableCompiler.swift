// Has Postfix compile lookup tables: postmap(1), and postalias(1) for aliases.

package import Blueprint
package import Bytes
package import HostAccess
package import InstanceOperations
package import Instances

/// Compiles lookup tables.
package struct TableCompiler {
    private let host: Host
    private let commandDirectory: ByteString

    /// - Parameter commandDirectory: Where postmap(1) is.
    package init(_ host: Host, commandDirectory: ByteString) {
        self.host = host
        self.commandDirectory = commandDirectory
    }

    /// The tables of these instances whose source a change has just made another one.
    ///
    /// The database may be younger than the source all the same, if that was put back.
    package func tables(
        editedBy changes: ChangeSet, in directories: [ByteString], installation: Installation
    ) -> [TableCompilation] {
        let edited = Set(
            changes.stepsToCommit.compactMap { step -> ByteString? in
                if case .editFile(let path, _, _) = step { path } else { nil }
            })
        let observer = CheckupObserver(
            host, installation: installation, primaryDirectory: installation.configDirectory)
        var found: [TableCompilation] = []
        for directory in directories {
            for table in observer.tables(of: directory)
            where edited.contains(table.path) && table.databaseChanged != nil {
                let compilation = TableCompilation(
                    configDirectory: directory, type: table.type, path: table.path,
                    isAliases: false)
                if !found.contains(compilation) { found.append(compilation) }
            }
        }
        return found
    }

    /// Compiles tables; tells of each that could not be.
    package func compile(
        _ tables: [TableCompilation], atOnce: Int
    ) -> [(table: TableCompilation, said: ByteString)] {
        var said = tables.map { _ in "" as ByteString }
        var failed = tables.map { _ in false }
        let commands = tables.map { table in
            let name: ByteString = table.isAliases ? "postalias" : "postmap"
            return ChildCommand(
                program: "\(commandDirectory)/\(name)",
                arguments: [name, "-c", table.configDirectory, "\(table.type):\(table.path)"],
                environment: host.environment.filter { !$0.hasPrefix("MAIL_CONFIG=") })
        }
        host.processes.runSideBySide(
            commands, atOnce: atOnce, limitSeconds: Self.limitSeconds
        ) { index, event in
            switch event {
            case .output: break
            case .errors(let text): if said[index].count < 1 << 16 { said[index] += text }
            case .ended(let status): failed[index] = !status.isSuccess
            case .failed(let error):
                failed[index] = true
                said[index] += error.sentence
            }
        }
        return tables.indices.filter { failed[$0] }.map { (tables[$0], said[$0]) }
    }

    /// A table of millions of entries takes minutes.
    private static let limitSeconds = 600
}
