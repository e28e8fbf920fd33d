// What create and import find on the host: directories, prototypes, accounts, claims by real path.

package import Bytes
package import HostAccess
package import Instances
import PostfixFormats

/// Looks at the host on behalf of create and import.
package struct NewInstanceObserver {
    private let host: Host
    private let primary: Primary

    package init(_ host: Host, primary: Primary) {
        self.host = host
        self.primary = primary
    }

    /// What new instances are made of; one look does for all of them.
    package func mould() throws(OperationFailure) -> InstanceMould {
        let metaDirectory = try primaryValue("meta_directory")
        return InstanceMould(
            mainPrototype: try configFile("\(metaDirectory)/main.cf.proto"),
            masterPrototype: try configFile("\(metaDirectory)/master.cf.proto"),
            metaDirectory: metaDirectory, postfixFiles: try installedFiles(metaDirectory))
    }

    /// What is there for an instance with these directories.
    ///
    /// - Parameter existing: The instance's own main.cf if it has one already.
    package func facts(
        configDirectory: ByteString, queueDirectory: ByteString, dataDirectory: ByteString,
        mould: InstanceMould, existing: ParameterView?
    ) throws(OperationFailure) -> NewInstanceFacts {
        let config = try directoryFacts(configDirectory)
        var facts = NewInstanceFacts(
            mainCF: try configFile("\(config.realPath)/main.cf"),
            masterCF: try configFile("\(config.realPath)/master.cf"),
            config: config, queue: try directoryFacts(queueDirectory),
            data: try directoryFacts(dataDirectory), mould: mould,
            accounts: try accounts(existing ?? primary.parameters), present: [],
            primary: PrimaryState(
                wrapper: try primaryValue("multi_instance_wrapper"),
                enable: try primaryValue("multi_instance_enable")))
        // Below directories that are all to be made there is nothing yet.
        guard facts.config.exists || facts.queue.exists || facts.data.exists else { return facts }
        for entry in mould.postfixFiles {
            if let path = ownPath(entry.path, facts: facts),
                try status(path, followingLinks: false) != nil
            {
                facts.present.insert(path)
            }
        }
        return facts
    }

    /// The directories in use, by real path: shared ones and those of these instances.
    package func occupiedDirectories(
        _ instances: InstanceSet
    ) throws(OperationFailure) -> [OccupiedDirectory] {
        var named: [(Claims.Owner, ByteString)] = []
        for instance in instances.usable {
            let directory = instance.configDirectory
            named += [
                (owner(directory, "config_directory"), directory),
                (owner(directory, "queue_directory"), instance.queueDirectory),
                (owner(directory, "data_directory"), instance.dataDirectory),
            ]
        }
        for broken in instances.broken {
            let directory = broken.configDirectory
            named.append((owner(directory, "config_directory"), directory))
        }
        do {
            // One of them may be the primary's own, which then has been named by that already.
            named += try primary.sharedDirectories().map { parameter, path in
                (owner(primary.parameters.configDirectory, parameter), path)
            }
        } catch {
            throw .observation(error)
        }
        var occupied: [OccupiedDirectory] = []
        for (owner, path) in named where path.hasPrefix("/") {
            // A directory that cannot be resolved is compared as it is written.
            let realPath = (try? host.files.realPath(path)) ?? path
            occupied.append(OccupiedDirectory(owner: owner, realPath: realPath))
        }
        return occupied
    }

    private func owner(_ directory: ByteString, _ parameter: ByteString) -> Claims.Owner {
        Claims.Owner(configDirectory: directory, parameter: parameter)
    }

    private func primaryValue(_ name: ByteString) throws(OperationFailure) -> ByteString {
        do {
            return try primary.value(name)
        } catch {
            throw .observation(error)
        }
    }

    private func status(
        _ path: ByteString, followingLinks: Bool
    ) throws(OperationFailure) -> FileStatus? {
        do {
            return try host.files.status(of: path, followingLinks: followingLinks)
        } catch {
            throw .file(error)
        }
    }

    private func directoryFacts(_ path: ByteString) throws(OperationFailure) -> DirectoryFacts {
        let realPath: ByteString
        do {
            realPath = try host.files.realPath(path)
        } catch {
            guard case .system(_, _, .notDirectory) = error else { throw .file(error) }
            // Something on the way is no directory; the walk below finds it.
            realPath = path
        }
        var missing: [ByteString] = []
        var place: ByteString = ""
        for component in realPath.split(where: { $0 == 0x2F }) {
            place += "/\(component)"
            if let parent = missing.last {
                // What does not exist has no way back up; where one exists it is resolved already.
                if component == ".." {
                    return DirectoryFacts(realPath: realPath, missing: [], obstacle: parent)
                }
                missing.append(place)
            } else if let found = try status(place, followingLinks: true) {
                if found.kind != .directory {
                    return DirectoryFacts(realPath: realPath, missing: [], obstacle: place)
                }
            } else {
                missing.append(place)
            }
        }
        return DirectoryFacts(realPath: realPath, missing: missing, obstacle: nil)
    }

    private func configFile(_ path: ByteString) throws(OperationFailure) -> ConfigFile? {
        do throws(FileError) {
            return try readConfigFile(path, host.files)
        } catch {
            switch error {
            // What stands in the directory's place is reported as such.
            case .system(_, _, .notFound), .system(_, _, .notDirectory): return nil
            default: throw .file(error)
            }
        }
    }

    private func installedFiles(
        _ metaDirectory: ByteString
    ) throws(OperationFailure) -> [PostfixFiles.Entry] {
        do throws(FileError) {
            return try installedPostfixFiles(metaDirectory, host.files)
        } catch {
            throw .file(error)
        }
    }

    private func accounts(_ parameters: ParameterView) throws(OperationFailure) -> MailAccounts {
        func value(_ name: ByteString) throws(OperationFailure) -> ByteString {
            do {
                return try parameters.value(of: name)
            } catch {
                let path: ByteString = "\(parameters.configDirectory)/main.cf"
                throw .observation(
                    .primaryBroken(.badExpansion(path: path, parameter: name, error: error)))
            }
        }
        let owner = try value("mail_owner")
        let group = try value("setgid_group")
        return MailAccounts(
            ownerName: owner, owner: host.accounts.user(named: owner)?.id,
            groupName: group, group: host.accounts.group(named: group))
    }
}

/// Reads a configuration file with its attributes.
func readConfigFile(
    _ path: ByteString, _ files: any FileReading
) throws(FileError) -> ConfigFile {
    let file = try files.read(path, limitBytes: configurationLimitBytes)
    return ConfigFile(
        path: path, contents: ByteString(file.bytes),
        attributes: .init(
            mode: file.status.mode, owner: file.status.owner, group: file.status.group))
}

/// The entries of postfix-files and of the files in postfix-files.d, in the order of their names.
func installedPostfixFiles(
    _ metaDirectory: ByteString, _ files: any FileReading
) throws(FileError) -> [PostfixFiles.Entry] {
    let main: ByteString = "\(metaDirectory)/postfix-files"
    let more: ByteString = "\(main).d"
    var paths = [main]
    if try files.status(of: more, followingLinks: true)?.kind == .directory {
        for name in try files.list(more) {
            let path: ByteString = "\(more)/\(name)"
            if try files.status(of: path, followingLinks: false)?.kind == .regular {
                paths.append(path)
            }
        }
    }
    var entries: [PostfixFiles.Entry] = []
    for path in paths {
        let file = try files.read(path, limitBytes: configurationLimitBytes)
        entries += PostfixFiles(ByteString(file.bytes)).entries
    }
    return entries
}
