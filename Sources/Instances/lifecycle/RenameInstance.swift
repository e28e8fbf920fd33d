// The action rename: an instance and its directories get another name, wherever they are named.

package import Bytes
import PostfixFormats

/// What rename must know of the instance on the host.
package struct RenameFacts: Sendable {
    package let instance: Instance
    package let parameters: ParameterView
    package let mainCF: ConfigFile
    /// master.cf, if there is one.
    package let masterCF: ConfigFile?
    package let isRunning: Bool
    /// The directories that have the instance's name, before and after.
    package let directories: [Directory]

    /// One of the instance's directories that is to be renamed.
    package struct Directory: Hashable, Sendable {
        package let parameter: ByteString
        /// The path as it is configured.
        package let path: ByteString
        package let newPath: ByteString
        package let realPath: ByteString
        package let newRealPath: ByteString
        /// Why it cannot be renamed, if so.
        package let obstacle: LifecycleRefusal.Immovable?
        /// Something has the new path.
        package let isTaken: Bool

        package init(
            parameter: ByteString, path: ByteString, newPath: ByteString, realPath: ByteString,
            newRealPath: ByteString, obstacle: LifecycleRefusal.Immovable?, isTaken: Bool
        ) {
            self.parameter = parameter
            self.path = path
            self.newPath = newPath
            self.realPath = realPath
            self.newRealPath = newRealPath
            self.obstacle = obstacle
            self.isTaken = isTaken
        }
    }

    package init(
        instance: Instance, parameters: ParameterView, mainCF: ConfigFile, masterCF: ConfigFile?,
        isRunning: Bool, directories: [Directory]
    ) {
        self.instance = instance
        self.parameters = parameters
        self.mainCF = mainCF
        self.masterCF = masterCF
        self.isRunning = isRunning
        self.directories = directories
    }
}

extension Instance {
    /// The configured directories whose last component is the instance's name, with the path that
    /// they have under a new name.
    ///
    /// One that lies in another one of them moves with that, and keeps its last component.
    package func directoriesToRename(
        as newName: ByteString
    ) -> [(parameter: ByteString, path: ByteString, newPath: ByteString)] {
        let all: [(ByteString, ByteString)] = [
            ("queue_directory", queueDirectory), ("data_directory", dataDirectory),
            ("config_directory", configDirectory),
        ].map { ($0.0, withoutSlashesAtEnd($0.1)) }
        let oldName = name?.text ?? lastComponent(of: configDirectory)
        let named = all.filter { lastComponent(of: $0.1) == oldName }
        return named.filter { inner in
            !named.contains { inner.1.hasPrefix("\($0.1)/") }
        }.map { parameter, path in
            (parameter, path, ByteString(path.bytes.dropLast(oldName.count)) + newName)
        }
    }
}

/// The decision for rename.
package struct RenameInstance {
    let newName: ByteString
    let instances: InstanceSet
    let registration: Registration
    /// The directories that others have in use.
    let others: [OccupiedDirectory]

    package init(
        newName: ByteString, instances: InstanceSet, registration: Registration,
        others: [OccupiedDirectory]
    ) {
        self.newName = newName
        self.instances = instances
        self.registration = registration
        self.others = others
    }

    /// The change set: directories first, then what names them, the registration last.
    package func renaming(_ facts: RenameFacts) throws(LifecycleRefusal) -> ChangeSet {
        try check(facts)
        let old = facts.instance
        let moves = facts.directories
        let configured = Relocation(moves.map { .init(old: $0.path, new: $0.newPath) })
        let real = Relocation(moves.map { .init(old: $0.realPath, new: $0.newRealPath) })
        var changes = ChangeSet(title: "rename \(old.displayName) to \(newName)")
        changes.preparation = moves.map {
            .move(path: $0.realPath, newPath: $0.newRealPath)
        }
        if let masterCF = facts.masterCF {
            let new = configured.text(masterCF.contents)
            if new != masterCF.contents {
                changes.preparation.append(
                    .editFile(path: real.path(masterCF.path), old: masterCF.contents, new: new))
            }
        }
        let newMain = try renamedMainCF(facts, configured)
        changes.preparation.append(
            .editFile(
                path: real.path(facts.mainCF.path), old: facts.mainCF.contents, new: newMain.text))
        let newConfig = configured.path(old.configDirectory)
        if newConfig == old.configDirectory {
            // Its place stays; then its own main.cf decides.
            changes.commit = changes.preparation.popLast()
        } else {
            changes.commit = registration.replacing(
                old.configDirectory, by: newConfig, in: instances.registeredDirectories)
        }
        return changes
    }

    private func check(_ facts: RenameFacts) throws(LifecycleRefusal) {
        let configDirectory = facts.instance.configDirectory
        if facts.instance.isPrimary { throw .cannotMovePrimary }
        do throws(NameRefusal) {
            _ = try InstanceName(assigning: newName)
        } catch {
            throw .name(error)
        }
        if facts.isRunning { throw .notStopped(configDirectory: configDirectory) }
        var claims = instances.claims
        do throws(Claims.Conflict) {
            try claims.claim(
                newName, parameter: "multi_instance_name", configDirectory: configDirectory)
            for directory in facts.directories {
                try claims.claim(
                    directory.newPath, parameter: directory.parameter,
                    configDirectory: configDirectory)
            }
        } catch {
            throw .conflict(error)
        }
        for directory in facts.directories {
            if let obstacle = directory.obstacle {
                throw .notMovable(
                    parameter: directory.parameter, path: directory.path, reason: obstacle)
            }
            if directory.isTaken { throw .alreadyThere(path: directory.newRealPath) }
            if let other = firstOverlap(of: directory.realPath, with: others) {
                throw .overlap(
                    parameter: directory.parameter, path: directory.realPath, other: other)
            }
        }
    }

    private func renamedMainCF(
        _ facts: RenameFacts, _ relocation: Relocation
    ) throws(LifecycleRefusal) -> MainCF {
        let old = facts.instance
        var new = MainCF(relocation.text(facts.mainCF.contents))
            .setting([.init("multi_instance_name", newName)])
        if let logName = new.value(of: "syslog_name"), logName == old.name?.text {
            new = new.setting([.init("syslog_name", newName)])
        }
        // A value such as /var/spool/$multi_instance_name has followed the name already.
        let wanted: [(ByteString, ByteString)] = [
            ("queue_directory", relocation.path(old.queueDirectory)),
            ("data_directory", relocation.path(old.dataDirectory)),
        ]
        for (parameter, path) in wanted {
            let value: ByteString
            do {
                value = try facts.parameters.with(new).value(of: parameter)
            } catch {
                throw .broken(
                    BrokenInstance(
                        configDirectory: old.configDirectory,
                        reason: .badExpansion(
                            path: facts.mainCF.path, parameter: parameter, error: error)))
            }
            if value != path { new = new.setting([.init(parameter, path)]) }
        }
        return new
    }
}

private func withoutSlashesAtEnd(_ path: ByteString) -> ByteString {
    var bytes = path.bytes
    while bytes.count > 1, bytes.last == 0x2F { bytes.removeLast() }
    return ByteString(bytes)
}

private func lastComponent(of path: ByteString) -> ByteString {
    path.split { $0 == 0x2F }.last ?? ""
}
