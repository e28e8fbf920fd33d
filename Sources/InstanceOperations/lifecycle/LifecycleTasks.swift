// The tasks beyond postmulti's actions: move, clone, rename.

import Bytes
import HostAccess
import Instances
import PostfixFormats

extension LifecycleContext {
    // MARK: move

    mutating func move(_ request: MoveRequest) throws(OperationFailure) -> ChangeSet {
        try checkPrimary()
        let changes = try refusing { () throws(LifecycleRefusal) in
            try moving(request, among: instances, registration: registration)
        }
        registration = registration.after(changes.commit)
        return changes
    }

    // MARK: clone

    mutating func clone(_ request: CloneRequest) throws(OperationFailure) -> ChangeSet {
        let first = try initialiseIfNeeded()
        let instance = try usableInstance(request.model)
        let parameters = try parameters(of: instance)
        let new = try refusing { () throws(LifecycleRefusal) in
            try NewInstance(
                LifecycleRequest(
                    action: .create, selection: .unspecified, newName: request.newName,
                    newGroup: request.newGroup),
                among: instances)
        }
        let facts = try facts(
            new, queueDirectory: new.queueDirectory ?? "",
            dataDirectory: new.dataDirectory ?? "", existing: parameters)
        let model = try ModelObserver(files: host.files, installed: installedPaths(facts))
            .model(instance, parameters)
        let decision = AddInstance(
            new, instances: instances, registration: registration,
            occupied: try occupiedDirectories())
        let addition = try refusing { () throws(LifecycleRefusal) in
            try decision.cloning(model, facts: facts)
        }
        return first.followed(by: try take(addition))
    }

    /// The real paths of what postfix-files names in the configuration directory of the primary.
    private func installedPaths(_ facts: NewInstanceFacts) throws(OperationFailure) -> Set<
        ByteString
    > {
        var paths: Set<ByteString> = []
        for (variable, directory): (ByteString, ByteString) in [
            ("$config_directory/", primary.parameters.configDirectory),
            ("$meta_directory/", facts.mould.metaDirectory),
        ] {
            let realPath = try realPath(directory)
            for entry in facts.mould.postfixFiles where entry.path.hasPrefix(variable) {
                paths.insert("\(realPath)/\(entry.path.dropFirst(variable.count))")
            }
        }
        return paths
    }

    // MARK: rename

    mutating func rename(_ request: RenameRequest) throws(OperationFailure) -> ChangeSet {
        try checkPrimary()
        let instance = try usableInstance(request.configDirectory)
        let parameters = try parameters(of: instance)
        let decision = RenameInstance(
            newName: request.newName, instances: instances, registration: registration,
            others: try directories(except: instance.configDirectory))
        var moved: [RenameFacts.Directory] = []
        for found in instance.directoriesToRename(as: request.newName) {
            moved.append(try directory(found.parameter, found.path, found.newPath))
        }
        let facts: RenameFacts
        do throws(FileError) {
            let config = try host.files.realPath(instance.configDirectory)
            let queue = try host.files.realPath(instance.queueDirectory)
            facts = RenameFacts(
                instance: instance, parameters: parameters,
                mainCF: try readConfigFile("\(config)/main.cf", host.files),
                masterCF: try masterCF(in: config),
                isRunning: try host.files.isLocked("\(queue)/pid/master.pid"),
                directories: moved)
        } catch {
            throw .file(error)
        }
        let changes = try refusing { () throws(LifecycleRefusal) in
            try decision.renaming(facts)
        }
        registration = registration.after(changes.commit)
        return changes
    }

    private func masterCF(in directory: ByteString) throws(FileError) -> ConfigFile? {
        let path: ByteString = "\(directory)/master.cf"
        guard try host.files.status(of: path, followingLinks: true) != nil else { return nil }
        return try readConfigFile(path, host.files)
    }

    private func directory(
        _ parameter: ByteString, _ path: ByteString, _ newPath: ByteString
    ) throws(OperationFailure) -> RenameFacts.Directory {
        do throws(FileError) {
            let parent = try host.files.realPath(parentDirectory(of: path))
            let realPath = place(lastComponent(of: path), in: parent)
            let newRealPath = place(lastComponent(of: newPath), in: parent)
            let found = try host.files.status(of: realPath, followingLinks: false)
            let above = try host.files.status(of: parent, followingLinks: false)
            var obstacle: LifecycleRefusal.Immovable?
            if found == nil { obstacle = .missing }
            if found?.kind == .link { obstacle = .link }
            if found?.kind == .directory, found?.device != above?.device { obstacle = .mountPoint }
            return RenameFacts.Directory(
                parameter: parameter, path: path, newPath: newPath, realPath: realPath,
                newRealPath: newRealPath, obstacle: obstacle,
                isTaken: try host.files.status(of: newRealPath, followingLinks: false) != nil)
        } catch {
            throw .file(error)
        }
    }

    // MARK: close, and take back

    func close(_ configDirectory: ByteString) throws(OperationFailure) -> ChangeSet {
        try checkPrimary()
        let instance = try usableInstance(configDirectory)
        if instance.isPrimary { throw .refusal(.cannotRemovePrimary) }
        do throws(FileError) {
            let path: ByteString = "\(configDirectory)/main.cf"
            return ExistingInstance(
                instance: instance, mainCF: try readConfigFile(path, host.files)
            ).closing()
        } catch {
            throw .file(error)
        }
    }

    func takeBack(_ changes: ChangeSet) -> ChangeSet {
        guard case .editFile(let path, let old, let new) = changes.commit else {
            return ChangeSet(title: "")
        }
        return ChangeSet(
            title: "take back \(changes.title)", commit: .editFile(path: path, old: new, new: old))
    }

    // MARK: destroy, with an heir

    /// What is known of the instance that is to get the mail of another one.
    func heirFacts(
        _ configDirectory: ByteString, for facts: RemovalFacts, _ parameters: ParameterView?
    ) throws(OperationFailure) -> HeirFacts {
        let heir = try usableInstance(configDirectory)
        let owners = try [parameters, self.parameters(of: heir)].map {
            parameters throws(OperationFailure) in
            try mailOwner(parameters)
        }
        do throws(FileError) {
            let queue = try host.files.realPath(heir.queueDirectory)
            let own = try facts.queueDirectory.map { path throws(FileError) in
                try host.files.status(of: path, followingLinks: true)?.device
            }
            let device = try host.files.status(of: queue, followingLinks: true)?.device
            return HeirFacts(
                displayName: heir.displayName, configDirectory: configDirectory,
                queueDirectory: queue,
                isRunning: try host.files.isLocked("\(queue)/pid/master.pid"),
                isOnSameFileSystem: device != nil && own == device, owners: owners,
                present: try RemovalObserver(host.files, queueNames: try queueNames())
                    .queueContents(queue))
        } catch {
            throw .file(error)
        }
    }

    private func mailOwner(_ parameters: ParameterView?) throws(OperationFailure) -> UInt32? {
        guard let parameters else { return nil }
        do {
            return host.accounts.user(named: try parameters.value(of: "mail_owner"))?.id
        } catch {
            throw .observation(
                .primaryBroken(
                    .badExpansion(
                        path: "\(parameters.configDirectory)/main.cf", parameter: "mail_owner",
                        error: error)))
        }
    }

    // MARK: the rest

    /// The usable instance that is registered at a place.
    private func usableInstance(
        _ configDirectory: ByteString
    ) throws(OperationFailure) -> Instance {
        switch instances.members.first(where: { $0.configDirectory == configDirectory }) {
        case .instance(let instance): return instance
        case .broken(let broken): throw .refusal(.broken(broken))
        case nil: throw .refusal(.noSuchInstance(configDirectory))
        }
    }

    private func parameters(of instance: Instance) throws(OperationFailure) -> ParameterView {
        if instance.isPrimary { return primary.parameters }
        do throws(LoadFailure) {
            return try observeParameters(
                instance.configDirectory, host.files, installation: installation)
        } catch {
            throw .refusal(
                .broken(
                    BrokenInstance(configDirectory: instance.configDirectory, reason: error)))
        }
    }

    private func realPath(_ path: ByteString) throws(OperationFailure) -> ByteString {
        do throws(FileError) {
            return try host.files.realPath(path)
        } catch {
            throw .file(error)
        }
    }
}

/// The last component of a path without a slash at its end.
private func lastComponent(of path: ByteString) -> ByteString {
    path.split { $0 == 0x2F }.last ?? ""
}

/// The path of a name in a directory.
private func place(_ name: ByteString, in directory: ByteString) -> ByteString {
    directory == "/" ? "/\(name)" : "\(directory)/\(name)"
}
