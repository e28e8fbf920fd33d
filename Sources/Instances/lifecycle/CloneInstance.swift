// The action clone: a new instance with the configuration and the tables of another one.
//
// It must not answer where its model does: it gets names and directories of its own, is disabled,
// and its network services are off.

package import Bytes
import PostfixFormats

/// The configuration that a clone is made of.
package struct CloneModel: Sendable {
    package let instance: Instance
    package let parameters: ParameterView
    package let mainCF: ConfigFile
    package let masterCF: ConfigFile
    /// The other files below its configuration directory, with paths that begin there.
    package let files: [ConfigFile]
    /// The directories that those files need, outermost first.
    package let directories: [Directory]
    /// What is there and no file: links and the like.
    package let leftOut: [ByteString]

    /// A directory below the configuration directory, with a path that begins there.
    package struct Directory: Hashable, Sendable {
        package let path: ByteString
        package let attributes: ChangeSet.Attributes

        package init(path: ByteString, attributes: ChangeSet.Attributes) {
            self.path = path
            self.attributes = attributes
        }
    }

    package init(
        instance: Instance, parameters: ParameterView, mainCF: ConfigFile, masterCF: ConfigFile,
        files: [ConfigFile], directories: [Directory], leftOut: [ByteString]
    ) {
        self.instance = instance
        self.parameters = parameters
        self.mainCF = mainCF
        self.masterCF = masterCF
        self.files = files
        self.directories = directories
        self.leftOut = leftOut
    }
}

extension AddInstance {
    /// Makes an instance after a model.
    package func cloning(
        _ model: CloneModel, facts: NewInstanceFacts
    ) throws(LifecycleRefusal) -> Addition {
        guard let queueDirectory = request.queueDirectory,
            let dataDirectory = request.dataDirectory
        else {
            throw .lacksFile(configDirectory: request.configDirectory, file: "main.cf")
        }
        if facts.config.exists { throw .alreadyThere(path: facts.config.realPath) }
        let instance = request.instance(
            queueDirectory: queueDirectory, dataDirectory: dataDirectory, recordedName: nil,
            recordedGroup: model.instance.group, isEnabled: false)
        let position = try check(instance, facts: facts)
        var addition = try skeleton(instance, position: position, facts: facts)
        let relocation = Relocation([
            .init(old: model.instance.configDirectory, new: instance.configDirectory),
            .init(old: model.instance.queueDirectory, new: queueDirectory),
            .init(old: model.instance.dataDirectory, new: dataDirectory),
        ])
        let mainCF = clonedMainCF(model, instance, relocation)
        let directory = facts.config.realPath
        addition.changes.title =
            "clone \(instance.displayName) from \(model.instance.displayName)"
        for made in model.directories {
            let path: ByteString = "\(directory)/\(made.path)"
            addition.changes.preparation += [
                .makeDirectory(path: path, mode: made.attributes.mode),
                .setPermissions(
                    .init(
                        path: path, mode: made.attributes.mode, owner: made.attributes.owner,
                        group: made.attributes.group, includesContents: false)),
            ]
        }
        addition.changes.preparation += [
            .createFile(
                path: "\(directory)/main.cf", contents: mainCF,
                attributes: model.mainCF.attributes),
            .createFile(
                path: "\(directory)/master.cf", contents: relocation.text(model.masterCF.contents),
                attributes: model.masterCF.attributes),
        ]
        addition.changes.preparation += model.files.map { file in
            .createFile(
                path: "\(directory)/\(file.path)", contents: file.contents,
                attributes: file.attributes)
        }
        addition.changes.notices += model.leftOut.map {
            .notCopied(path: "\(model.instance.configDirectory)/\($0)")
        }
        return addition
    }

    private func clonedMainCF(
        _ model: CloneModel, _ instance: Instance, _ relocation: Relocation
    ) -> ByteString {
        let old = MainCF(model.mainCF.contents)
        var new = MainCF(relocation.text(old.text))
        var own: [MainCF.Assignment] = [
            .init("queue_directory", instance.queueDirectory),
            .init("data_directory", instance.dataDirectory),
            .init("multi_instance_name", instance.name?.text ?? ""),
            .init("multi_instance_enable", "no"), .init("master_service_disable", "inet"),
        ]
        if instance.group != model.instance.group {
            own.append(.init("multi_instance_group", instance.group?.text ?? ""))
        }
        // Installed files are the same for all; the primary's happen to be in its own directory.
        own += sharedParameters.compactMap { name in
            old.value(of: name).map { .init(name, $0) }
        }
        // A log name that is written out would be the same for both.
        if let logName = old.value(of: "syslog_name"), !logName.contains(0x24) {
            own.append(.init("syslog_name", instance.name?.text ?? ""))
        }
        if model.instance.isPrimary {
            new = new.removing([
                "multi_instance_wrapper", "multi_instance_directories",
                "alternate_config_directories",
            ])
            // Local mail stays with the primary.
            own.append(.init("authorized_submit_users", ""))
        }
        return new.setting(own).text
    }
}
