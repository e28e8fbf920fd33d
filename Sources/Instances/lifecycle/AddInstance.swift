// The actions create and import: a new secondary, registered in the primary's main.cf.

import Bytes
import PostfixFormats

/// A decided create or import: the change set, and the instance at its place in the start order.
package struct Addition: Hashable, Sendable {
    package var changes: ChangeSet
    package let instance: Instance
    /// The index in the list of secondaries.
    package let position: Int
    /// The directories that nobody else may have from now on.
    package let occupied: [OccupiedDirectory]
}

/// The decision for create and import.
package struct AddInstance {
    let request: NewInstance
    let instances: InstanceSet
    let registration: Registration
    let occupied: [OccupiedDirectory]

    package init(
        _ request: NewInstance, instances: InstanceSet, registration: Registration,
        occupied: [OccupiedDirectory]
    ) {
        self.request = request
        self.instances = instances
        self.registration = registration
        self.occupied = occupied
    }

    /// Adds an instance whose configuration is there already.
    package func importing(
        _ existing: Instance, facts: NewInstanceFacts
    ) throws(LifecycleRefusal) -> Addition {
        guard let mainCF = facts.mainCF else {
            throw .lacksFile(configDirectory: request.configDirectory, file: "main.cf")
        }
        guard facts.masterCF != nil else {
            throw .lacksFile(configDirectory: request.configDirectory, file: "master.cf")
        }
        let instance = request.instance(
            queueDirectory: existing.queueDirectory, dataDirectory: existing.dataDirectory,
            recordedName: existing.name, recordedGroup: existing.group,
            isEnabled: request.enables || existing.isEnabled)
        let position = try check(instance, facts: facts)
        var addition = try skeleton(instance, position: position, facts: facts)

        let old = MainCF(mainCF.contents)
        // An assignment of what is recorded already leaves the file alone.
        let named = naming(
            old, name: request.newName.flatMap { $0 == existing.name?.text ?? "" ? nil : $0 },
            group: request.newGroup.flatMap { $0 == existing.group?.text ?? "" ? nil : $0 })
        let new = request.enables && !existing.isEnabled ? enabling(named) : named
        if new.text != old.text {
            addition.changes.preparation.append(
                .editFile(path: mainCF.path, old: old.text, new: new.text))
        }
        return addition
    }

    /// Makes an instance from the installed prototypes.
    package func creating(_ facts: NewInstanceFacts) throws(LifecycleRefusal) -> Addition {
        guard let queueDirectory = request.queueDirectory,
            let dataDirectory = request.dataDirectory
        else {
            throw .lacksFile(configDirectory: request.configDirectory, file: "main.cf")
        }
        let instance = request.instance(
            queueDirectory: queueDirectory, dataDirectory: dataDirectory,
            recordedName: nil, recordedGroup: nil, isEnabled: request.enables)
        let position = try check(instance, facts: facts)
        // One of the two files alone is somebody's work: it is not written over.
        if facts.mainCF != nil {
            throw .lacksFile(configDirectory: request.configDirectory, file: "master.cf")
        }
        if facts.masterCF != nil {
            throw .lacksFile(configDirectory: request.configDirectory, file: "main.cf")
        }
        let (main, master) = try prototypes(facts.mould)
        var addition = try skeleton(instance, position: position, facts: facts)
        let disabled = newMainCF(
            prototype: MainCF(main.contents), primary: registration.mainCF,
            queueDirectory: queueDirectory, dataDirectory: dataDirectory,
            name: request.newName.flatMap { $0.isEmpty ? nil : $0 },
            group: request.newGroup.flatMap { $0.isEmpty ? nil : $0 })
        let newMain = request.enables ? enabling(disabled) : disabled
        let directory = facts.config.realPath
        addition.changes.preparation += [
            .createFile(
                path: "\(directory)/main.cf", contents: newMain.text, attributes: main.attributes),
            .createFile(
                path: "\(directory)/master.cf", contents: master.contents,
                attributes: master.attributes),
        ]
        return addition
    }

    private func enabling(_ mainCF: MainCF) -> MainCF {
        mainCF.setting([.init("multi_instance_enable", "yes")])
    }

    private func prototypes(
        _ mould: InstanceMould
    ) throws(LifecycleRefusal) -> (main: ConfigFile, master: ConfigFile) {
        guard let main = mould.mainPrototype else {
            let path: ByteString = "\(mould.metaDirectory)/main.cf.proto"
            throw .missingPrototype(file: "main.cf", path: path)
        }
        guard let master = mould.masterPrototype else {
            let path: ByteString = "\(mould.metaDirectory)/master.cf.proto"
            throw .missingPrototype(file: "master.cf", path: path)
        }
        return (main, master)
    }

    /// Checks names and directories against the other instances; returns the place in the order.
    func check(
        _ instance: Instance, facts: NewInstanceFacts
    ) throws(LifecycleRefusal) -> Int {
        var claims = instances.claims
        do {
            try claims.claim(instance)
        } catch {
            throw .conflict(error)
        }
        let position = try request.position(among: instances)
        try facts.primary.check()
        let directories = [facts.config, facts.queue, facts.data]
        var seen: [OccupiedDirectory] = []
        for (own, directory) in zip(ownDirectories(instance, facts), directories) {
            if let obstacle = directory.obstacle { throw .notDirectory(path: obstacle) }
            let parameter = own.owner.parameter
            if isSystemDirectory(own.realPath) {
                throw .systemDirectory(parameter: parameter, path: own.realPath)
            }
            if let other = firstOverlap(of: own.realPath, with: occupied) {
                throw .overlap(parameter: parameter, path: own.realPath, other: other)
            }
            // Within one another they may lie, as long as they are not the same.
            if let other = seen.first(where: { $0.realPath == own.realPath }) {
                throw .overlap(parameter: parameter, path: own.realPath, other: other)
            }
            seen.append(own)
        }
        return position
    }

    private func ownDirectories(
        _ instance: Instance, _ facts: NewInstanceFacts
    ) -> [OccupiedDirectory] {
        [
            ("config_directory", facts.config), ("queue_directory", facts.queue),
            ("data_directory", facts.data),
        ].map { (parameter: ByteString, directory: DirectoryFacts) in
            OccupiedDirectory(
                owner: Claims.Owner(
                    configDirectory: instance.configDirectory, parameter: parameter),
                realPath: directory.realPath)
        }
    }

    /// Directories, owners, modes and the registration; the configuration files come later.
    func skeleton(
        _ instance: Instance, position: Int, facts: NewInstanceFacts
    ) throws(LifecycleRefusal) -> Addition {
        let own = try PrivatePermissions(facts: facts).steps()
        var directories = instances.registeredDirectories
        directories.insert(instance.configDirectory, at: position)
        let changes = ChangeSet(
            title: "\(request.action.word) \(instance.name?.text ?? instance.configDirectory)",
            preparation: own.new,
            commit: registration.registering(
                directories, alternate: .dropped(instance.configDirectory)),
            completion: own.present)
        return Addition(
            changes: changes, instance: instance, position: position,
            occupied: ownDirectories(instance, facts))
    }
}
