// What an undo finds on the host, and whether all instances can be used after it.

import Bytes
import HostAccess
import Instances
import PostfixFormats

extension LifecycleContext {
    /// What is at the places that a generation changed.
    mutating func undoFacts(of generation: Generation) throws(OperationFailure) -> UndoFacts {
        let recorded = RecordedSteps(generation.record.changes)
        var facts = UndoFacts(registration: registration.path)
        do throws(FileError) {
            for place in recorded.places { facts.objects[place] = try object(at: place) }
            for path in recorded.databases
            where try host.files.status(of: path, followingLinks: false)?.kind == .regular {
                facts.databases.insert(path)
            }
            facts.running = try running(in: recorded)
        } catch {
            throw .file(error)
        }
        for directory in recorded.registrations(in: registration.path).added {
            facts.made[directory] = try made(directory, by: recorded)
        }
        return facts
    }

    private func object(at path: ByteString) throws(FileError) -> UndoFacts.Object? {
        guard let status = try host.files.status(of: path, followingLinks: false) else {
            return nil
        }
        switch status.kind {
        case .directory:
            return .directory(status.attributes, names: try host.files.list(path))
        case .regular, .link:
            do throws(FileError) {
                return .file(try readConfigFile(path, host.files))
            } catch {
                if case .system(_, _, .accessDenied) = error { throw error }
                return .other
            }
        default: return .other
        }
    }

    /// The running instances that have a directory in what the generation moved.
    private func running(in recorded: RecordedSteps) throws(FileError) -> [UndoFacts.Running] {
        let places = recorded.entries.compactMap { entry in
            if case .move = entry.step { entry.place } else { nil }
        }
        if places.isEmpty { return [] }
        var running: [UndoFacts.Running] = []
        for instance in instances.usable {
            var own: [ByteString] = []
            for path in [
                instance.configDirectory, instance.queueDirectory, instance.dataDirectory,
            ] {
                own.append(try host.files.realPath(path))
            }
            let isMoved = own.contains { path in
                places.contains { path == $0 || path.hasPrefix("\($0)/") }
            }
            if isMoved, try host.files.isLocked("\(own[1])/pid/master.pid") {
                running.append(
                    .init(
                        displayName: instance.displayName,
                        configDirectory: instance.configDirectory))
            }
        }
        return running
    }

    /// The instance in a directory, if the generation made it and it is there.
    private mutating func made(
        _ directory: ByteString, by recorded: RecordedSteps
    ) throws(OperationFailure) -> UndoFacts.Made? {
        let instance: Instance
        switch instances.secondaries.first(where: { $0.configDirectory == directory }) {
        case .instance(let usable): instance = usable
        // Nobody knows where its queue is, and whether there is mail in it.
        case .broken(let broken): throw .refusal(.broken(broken))
        case nil: return nil
        }
        let others = try directories(except: directory)
        do throws(FileError) {
            let place = try host.files.realPath(directory)
            let made = recorded.made(in: place)
            guard made.own.contains("\(place)/main.cf") else { return nil }
            let observer = RemovalObserver(host.files, queueNames: try queueNames())
            let removal = try observer.facts(
                configDirectory: directory, instance: instance,
                parameters: try? observeParameters(
                    directory, host.files, installation: installation),
                others: others, made: made.own, compiled: made.compiled)
            return .init(
                displayName: instance.displayName, configDirectory: place, removal: removal)
        } catch {
            throw .file(error)
        }
    }

    // MARK: after it

    /// The main.cf of each configuration directory in which a change makes or edits it.
    private func mainFiles(after steps: RecordedSteps) -> [ByteString: ByteString] {
        var texts: [ByteString: ByteString] = [:]
        for entry in steps.entries where entry.place.hasSuffix("/main.cf") {
            switch entry.step {
            case .createFile(_, let text, _), .editFile(_, _, let text):
                texts[parentDirectory(of: entry.place)] = text
            default: break
            }
        }
        return texts
    }

    /// Makes sure that each instance that the change is about can be used after it.
    func checkInstances(after changes: ChangeSet) throws(UndoRefusal) {
        let steps = RecordedSteps(changes)
        let texts = mainFiles(after: steps)
        let primaryDirectory = primary.parameters.configDirectory
        let primaryText = texts[primaryDirectory].map { MainCF($0) } ?? primary.parameters.mainCF
        let registered = ParameterList.split(
            primaryText.value(of: "multi_instance_directories") ?? "")
        var claims = Claims()
        for directory in [primaryDirectory] + registered {
            let instance: Instance
            do throws(LoadFailure) {
                let text = texts[directory] ?? texts[realPath(directory)]
                // A directory that moves is still at another place.
                let place = steps.pathAfterUndo(directory)
                guard let found = try self.instance(directory, at: place, text) else { continue }
                instance = found
            } catch {
                if case .unreadable = error { throw .noInstance(configDirectory: directory) }
                throw .breaks(configDirectory: directory, error)
            }
            do throws(Claims.Conflict) {
                try claims.claim(instance)
            } catch {
                throw .conflict(error)
            }
        }
    }

    /// An instance with another main.cf, or as it is; nil if it is broken as it is.
    private func instance(
        _ directory: ByteString, at place: ByteString, _ text: ByteString?
    ) throws(LoadFailure) -> Instance? {
        let isPrimary = directory == primary.parameters.configDirectory
        if text == nil, directory == place,
            let member = instances.members.first(where: { $0.configDirectory == directory })
        {
            if case .instance(let instance) = member { return instance }
            return nil
        }
        let mainCF: MainCF
        if let text {
            mainCF = MainCF(text)
        } else {
            mainCF = try observeParameters(place, host.files, installation: installation).mainCF
        }
        let parameters = ParameterView(
            mainCF: mainCF, configDirectory: directory, defaults: installation.defaults,
            hostName: installation.hostName)
        return try Instance(parameters, isPrimary: isPrimary)
    }

    private func realPath(_ path: ByteString) -> ByteString {
        // A directory that cannot be resolved is compared as it is written.
        (try? host.files.realPath(path)) ?? path
    }

    /// The instances whose files change and that stay, with what they need.
    func plans(
        after changes: ChangeSet, removed: [ByteString: UndoFacts.Made]
    ) -> [ConfigPlan.InstancePlan] {
        instances.usable.compactMap { instance in
            let directory = instance.configDirectory
            if removed[directory] != nil { return nil }
            let next = max(
                changes.nextStep(in: directory), changes.nextStep(in: realPath(directory)))
            if next == .nothing { return nil }
            return .init(
                displayName: instance.displayName, configDirectory: directory,
                queueDirectory: instance.queueDirectory, next: next)
        }
    }
}
