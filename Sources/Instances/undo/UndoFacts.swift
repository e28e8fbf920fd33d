// What an undo must know of the host: what is now at the places that the generation changed.

package import Bytes

/// The host as far as an undo is concerned.
package struct UndoFacts: Sendable {
    /// What is at a path.
    package enum Object: Hashable, Sendable {
        case file(ConfigFile)
        case directory(ChangeSet.Attributes, names: [ByteString])
        /// A link, socket or the like, or a file that cannot be read.
        case other
    }

    /// An instance that the generation made.
    package struct Made: Sendable {
        package let displayName: ByteString
        /// The real path of its configuration directory.
        package let configDirectory: ByteString
        package let removal: RemovalFacts

        package init(
            displayName: ByteString, configDirectory: ByteString, removal: RemovalFacts
        ) {
            self.displayName = displayName
            self.configDirectory = configDirectory
            self.removal = removal
        }
    }

    /// The primary's main.cf, in which all instances are registered.
    package var registration: ByteString
    /// By path; nothing is at the paths that are missing.
    package var objects: [ByteString: Object]
    /// The compiled databases that lie beside tables.
    package var databases: Set<ByteString>
    /// The instances that the generation made and that are there, by registered directory.
    package var made: [ByteString: Made]
    /// The running instances that have a directory in what the generation moved.
    package var running: [Running]

    /// A running instance.
    package struct Running: Hashable, Sendable {
        package let displayName: ByteString
        package let configDirectory: ByteString

        package init(displayName: ByteString, configDirectory: ByteString) {
            self.displayName = displayName
            self.configDirectory = configDirectory
        }
    }

    package init(
        registration: ByteString, objects: [ByteString: Object] = [:],
        databases: Set<ByteString> = [], made: [ByteString: Made] = [:], running: [Running] = []
    ) {
        self.registration = registration
        self.objects = objects
        self.databases = databases
        self.made = made
        self.running = running
    }
}

extension RecordedSteps {
    /// The paths at which an undo has to look.
    package var places: Set<ByteString> {
        var places: Set<ByteString> = []
        for entry in entries {
            switch entry.step {
            case .setPermissions, .removeFile, .removeDirectory: continue
            case .move(let path, _): places.insert(path)
            default: break
            }
            places.insert(entry.place)
        }
        return places
    }

    /// The paths at which compiled databases of the generation's tables can be.
    package var databases: Set<ByteString> {
        var paths: Set<ByteString> = []
        for entry in entries {
            switch entry.step {
            case .createFile, .editFile, .deleteFile:
                if ConfigFileKind(entry.place) == .table {
                    paths.formUnion(compiledDatabases(of: entry.place))
                }
            default: break
            }
        }
        return paths
    }

    /// The places of the files and directories that the generation made below a directory, and
    /// where Postfix's tools put what they make of the tables among them.
    package func made(
        in directory: ByteString
    ) -> (own: Set<ByteString>, compiled: Set<ByteString>) {
        var own: Set<ByteString> = []
        var compiled: Set<ByteString> = []
        for entry in entries where entry.place.hasPrefix("\(directory)/") {
            switch entry.step {
            case .makeDirectory: own.insert(entry.place)
            case .createFile:
                own.insert(entry.place)
                compiled.formUnion(compiledDatabases(of: entry.place))
            default: break
            }
        }
        return (own, compiled)
    }
}

/// The names that postmap(1) gives to what it makes of a table, for all kinds of tables.
func compiledDatabases(of path: ByteString) -> [ByteString] {
    [".db", ".cdb", ".lmdb", ".dir", ".pag"].map { path + $0 }
}
