// Puts a plan together: instances first, then their files, each step decided on what the earlier
// ones will leave.

import Blueprint
import Bytes
import HostAccess
import InstanceOperations
import Instances
import PostfixFormats
import TOMLReading

/// A plan that is being made.
struct PlanBuilder {
    let operation: PlanOperation
    let host: Host
    /// What making the new instances takes.
    private var lifecycle = ChangeSet(title: "")
    /// The file steps, in the order in which they are made.
    var steps: [ChangeSet.Step] = []
    /// What removing instances takes.
    var removal = ChangeSet(title: "")
    /// The host's files as all steps so far leave them.
    var planned: PlannedFiles
    private(set) var broken: [BrokenInstance] = []
    /// The names of the instances that are made.
    private(set) var new: [ByteString] = []
    var removed: [InstanceSet.Member] = []
    /// The configuration directories of the instances that are named.
    private(set) var directories: [ByteString: ByteString] = [:]
    /// What changes in the files of instances that are there already.
    private(set) var edits: [(name: ByteString, difference: FileDifference)] = []
    private(set) var instances: InstanceSet
    private(set) var primary: Primary

    init(_ operation: PlanOperation) throws(PlanFailure) {
        self.operation = operation
        host = operation.host
        // Later than any database that was compiled by now.
        planned = PlannedFiles(host.files, nowSeconds: host.clock.nowSeconds + 1)
        (primary, instances) = try Self.observe(operation, host)
        broken = instances.broken
    }

    private static func observe(
        _ operation: PlanOperation, _ host: Host
    ) throws(PlanFailure) -> (Primary, InstanceSet) {
        do throws(ObservationFailure) {
            let scene = try Scene(host, installation: operation.installation)
            return (scene.primary, scene.instances)
        } catch {
            throw .operation(.observation(error))
        }
    }

    // MARK: instances

    /// Makes those that are not there.
    mutating func addInstances() throws(PlanFailure) {
        var tasks: [LifecycleTask] = []
        for desired in operation.blueprint.instances where !desired.isPrimary {
            if let member = member(desired.name) {
                try checkPlace(desired, member)
                continue
            }
            new.append(desired.name)
            let directories = desired.directories.keys.sorted().map { key in
                "\(key)=\(desired.directories[key] ?? "")" as ByteString
            }
            tasks.append(
                .action(
                    LifecycleRequest(
                        action: .create, selection: .unspecified, newName: desired.name,
                        settings: directories, initialises: true)))
        }
        if !tasks.isEmpty {
            do throws(OperationFailure) {
                lifecycle = try LifecycleOperation(
                    host.with(planned), installation: operation.installation
                ).decide(tasks: tasks).changes
            } catch {
                throw .operation(error)
            }
            try lay(lifecycle)
            (primary, instances) = try Self.observe(operation, host.with(planned))
        }
        for desired in operation.blueprint.instances {
            if desired.isPrimary {
                directories["-"] = primary.instance.configDirectory
            } else if let member = member(desired.name) {
                directories[desired.name] = member.configDirectory
            }
        }
    }

    private func member(_ name: ByteString) -> InstanceSet.Member? {
        instances.secondaries.first { member in
            switch member {
            case .instance(let instance): instance.name?.text == name
            // A broken one is known by the directory that its name would have.
            case .broken(let broken): broken.configDirectory.hasSuffix("/\(name)")
            }
        }
    }

    private func checkPlace(
        _ desired: DesiredInstance, _ member: InstanceSet.Member
    ) throws(PlanFailure) {
        switch member {
        case .broken(let broken):
            throw problem(
                desired, "name", "\(desired.name) cannot be read: \(broken.reason.sentence)",
                mend: "mend the file, or see postilion doctor")
        case .instance(let instance):
            let present: [ByteString: ByteString] = [
                "config_directory": instance.configDirectory,
                "queue_directory": instance.queueDirectory,
                "data_directory": instance.dataDirectory,
            ]
            for (key, wanted) in desired.directories where present[key] != wanted {
                throw problem(
                    desired, key.text, "\(desired.name) has \(present[key] ?? ""), not \(wanted)",
                    mend: "write the present one: an instance does not move")
            }
        }
    }

    // MARK: files

    /// Makes the files of an instance what they are to be.
    mutating func addFiles(of index: Int) throws(PlanFailure) {
        let desired = operation.blueprint.instances[index]
        guard let directory = directories[desired.name] else { return }
        let old: InstanceFiles
        let wanted: InstanceFiles
        do throws(FileError) {
            old = try read(desired, directory)
        } catch {
            throw .operation(.file(error))
        }
        let contents = try contents(desired)
        do throws(MasterCF.EditFault) {
            wanted = try desired.files(from: old, tables: contents)
        } catch {
            throw problem(
                desired, "services", "of \(desired.name): \(error.sentence)",
                mend: "mend \(directory)/master.cf, or the services of the blueprint")
        }
        guard old != wanted else { return }
        let isNew = new.contains(desired.name)
        if !isNew { edits.append((desired.name, FileDifference(from: old, to: wanted))) }
        let place: ByteString
        do throws(FileError) {
            // New files are made at real paths; those that are there are named as they are found.
            place = isNew ? try host.files.realPath(directory) : directory
        } catch {
            throw .operation(.file(error))
        }
        for step in steps(in: place, old, wanted) {
            do throws(FileError) { try planned.take(step) } catch {
                throw .operation(.file(error))
            }
            steps.append(step)
        }
    }

    private func read(
        _ desired: DesiredInstance, _ directory: ByteString
    ) throws(FileError) -> InstanceFiles {
        func text(_ name: ByteString) throws(FileError) -> ByteString {
            let contents = try planned.read("\(directory)/\(name)", limitBytes: Self.limitBytes)
            return ByteString(contents.bytes)
        }
        var files = InstanceFiles(main: try text("main.cf"), master: try text("master.cf"))
        let wanted = Set(desired.tables.map(\.name))
        for name in try planned.list(directory) where !name.hasSuffix(".cf") {
            let path: ByteString = "\(directory)/\(name)"
            guard try planned.status(of: path, followingLinks: false)?.kind == .regular
            else { continue }
            let head = try planned.read(.first(bytes: InstanceFiles.tableMark.count), of: path)
            if wanted.contains(name) || InstanceFiles.isOwned(ByteString(head)) {
                files.tables[name] = try text(name)
            }
        }
        return files
    }

    /// Far above any table that somebody writes into a blueprint: 64 MiB.
    static let limitBytes = 1 << 26

    private func contents(
        _ desired: DesiredInstance
    ) throws(PlanFailure) -> [ByteString: ByteString] {
        var contents: [ByteString: ByteString] = [:]
        for table in desired.tables {
            switch table.source {
            case .text(let text): contents[table.name] = text
            case .file(let path):
                do throws(FileError) {
                    let file = try host.files.read(path, limitBytes: Self.limitBytes)
                    contents[table.name] = ByteString(file.bytes)
                } catch {
                    throw problem(
                        desired, "tables.\(table.name.text).file", error.sentence,
                        line: desired.places.tables[table.name],
                        mend: "make the file, or name another one")
                }
            }
        }
        return contents
    }

    private func steps(
        in directory: ByteString, _ old: InstanceFiles, _ new: InstanceFiles
    ) -> [ChangeSet.Step] {
        var steps: [ChangeSet.Step] = []
        func edit(_ name: ByteString, _ before: ByteString, _ after: ByteString) {
            guard before != after else { return }
            steps.append(.editFile(path: "\(directory)/\(name)", old: before, new: after))
        }
        let attributes = ChangeSet.Attributes(mode: 0o644, owner: 0, group: 0)
        for name in Set(old.tables.keys).union(new.tables.keys).sorted() {
            let path: ByteString = "\(directory)/\(name)"
            switch (old.tables[name], new.tables[name]) {
            case (let before?, let after?): edit(name, before, after)
            case (nil, let after?):
                steps.append(.createFile(path: path, contents: after, attributes: attributes))
            case (let before?, nil):
                steps.append(.deleteFile(path: path, old: before, attributes: attributes))
            case (nil, nil): break
            }
        }
        edit("master.cf", old.master, new.master)
        edit("main.cf", old.main, new.main)
        return steps
    }

    mutating func lay(_ changes: ChangeSet) throws(PlanFailure) {
        do throws(FileError) { try planned.take(changes) } catch {
            throw .operation(.file(error))
        }
    }

    // MARK: all together

    /// Everything as one change set, whose last step is the registry's file if that is edited.
    func changes(title: ByteString) -> ChangeSet {
        var changes = ChangeSet(title: title)
        changes.preparation =
            lifecycle.stepsToCommit + steps + removal.stepsToCommit
        changes.completion = lifecycle.completion + removal.completion
        changes.notices = lifecycle.notices + removal.notices
        return changes.coalesced(committing: primary.path)
    }

    /// The refusal of a key of the blueprint, with its line.
    private func problem(
        _ desired: DesiredInstance, _ key: String, _ fault: ByteString, line: Int? = nil,
        mend: String
    ) -> PlanFailure {
        .problems(
            BlueprintProblems([
                TOMLProblem(
                    file: operation.blueprint.file.text, line: line ?? desired.places.instance,
                    key: key, fault: fault.text, mend: mend)
            ]))
    }
}
