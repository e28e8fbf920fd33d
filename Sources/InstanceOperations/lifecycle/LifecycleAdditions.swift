// New instances among the life-cycle tasks: what create, import and clone must know of the host,
// read once for as many as there are. What one decision adds the next one finds in use.

import Bytes
import HostAccess
import Instances
import PostfixFormats

extension LifecycleContext {
    /// Decides create or import.
    mutating func add(_ request: LifecycleRequest) throws(OperationFailure) -> Addition {
        let new = try refusing { () throws(LifecycleRefusal) in
            try NewInstance(request, among: instances)
        }
        let decision = AddInstance(
            new, instances: instances, registration: registration,
            occupied: try occupiedDirectories())
        guard let existing = try existingInstance(new) else {
            let facts = try facts(
                new, queueDirectory: new.queueDirectory ?? "",
                dataDirectory: new.dataDirectory ?? "", existing: nil)
            return try refusing { () throws(LifecycleRefusal) in
                try decision.creating(facts)
            }
        }
        let facts = try facts(
            new, queueDirectory: existing.instance.queueDirectory,
            dataDirectory: existing.instance.dataDirectory, existing: existing.parameters)
        return try refusing { () throws(LifecycleRefusal) in
            try decision.importing(existing.instance, facts: facts)
        }
    }

    /// What there is for a new instance, as earlier decisions leave it.
    mutating func facts(
        _ new: NewInstance, queueDirectory: ByteString, dataDirectory: ByteString,
        existing: ParameterView?
    ) throws(OperationFailure) -> NewInstanceFacts {
        let observer = NewInstanceObserver(host, primary: primary)
        let mould = if let mould { mould } else { try observer.mould() }
        self.mould = mould
        var facts = try observer.facts(
            configDirectory: new.configDirectory, queueDirectory: queueDirectory,
            dataDirectory: dataDirectory, mould: mould, existing: existing)
        facts.primary = try primaryState()
        return facts
    }

    /// The instance that is at the new one's place already; nil if create has to make it.
    private func existingInstance(
        _ new: NewInstance
    ) throws(OperationFailure) -> (instance: Instance, parameters: ParameterView)? {
        if new.action == .create {
            guard try isFile("\(new.configDirectory)/main.cf") else { return nil }
            guard try isFile("\(new.configDirectory)/master.cf") else { return nil }
        }
        do throws(LoadFailure) {
            let parameters = try observeParameters(
                new.configDirectory, host.files, installation: installation)
            return (try Instance(parameters, isPrimary: false), parameters)
        } catch {
            throw .refusal(
                .broken(BrokenInstance(configDirectory: new.configDirectory, reason: error)))
        }
    }

    private func isFile(_ path: ByteString) throws(OperationFailure) -> Bool {
        do throws(FileError) {
            return try host.files.status(of: path, followingLinks: true)?.kind == .regular
        } catch {
            throw .file(error)
        }
    }

    /// Has later decisions see a new instance.
    mutating func take(_ addition: Addition) throws(OperationFailure) -> ChangeSet {
        do {
            try instances.insert(addition.instance, at: addition.position)
        } catch {
            throw .refusal(.conflict(error))
        }
        occupied? += addition.occupied
        registration = registration.after(addition.changes.commit)
        return addition.changes
    }

    /// The directories in use, by real path.
    mutating func occupiedDirectories() throws(OperationFailure) -> [OccupiedDirectory] {
        if let occupied { return occupied }
        let found = try NewInstanceObserver(host, primary: primary).occupiedDirectories(instances)
        occupied = found
        return found
    }
}
