// Brings together what a life-cycle action needs to know of the host, and asks for the decision.

import Bytes
import HostAccess
import Instances
import PostfixFormats

/// The host as the life-cycle actions see it; each decision sees what the earlier ones will do.
struct LifecycleContext {
    let host: Host
    let installation: Installation
    let primary: Primary
    var instances: InstanceSet
    var registration: Registration
    /// The primary as an earlier decision makes it; nil as it is on the host.
    private var initialisedPrimary: PrimaryState?
    /// The directories in use, as earlier decisions leave them; nil until one of them asks.
    var occupied: [OccupiedDirectory]?
    /// What new instances are made of; nil until one is to be made.
    var mould: InstanceMould?

    /// Observes the host; with `primaryOnly` nothing is read but the primary.
    init(
        _ host: Host, installation: Installation, primaryOnly: Bool
    ) throws(OperationFailure) {
        var host = host
        host.accounts = RememberedAccounts(host.accounts)
        self.host = host
        self.installation = installation
        do {
            primary = try Primary(
                try Primary.read(
                    installation.configDirectory, installation: installation, files: host.files))
            let claims = try primary.claimSharedDirectories(host.files)
            instances =
                primaryOnly
                ? try InstanceSet(primary: primary.instance, claims: claims, isAlone: true)
                : try primary.observeInstances(
                    host.files, installation: installation, claims: claims)
        } catch let failure as ObservationFailure {
            throw .observation(failure)
        } catch let conflict as Claims.Conflict {
            throw .observation(.primaryConflict(conflict))
        } catch {
            preconditionFailure("observing fails with its own errors only: \(error)")
        }
        registration = Registration(path: primary.path, mainCF: primary.parameters.mainCF)
    }

    /// Decides one task.
    mutating func decide(_ task: LifecycleTask) throws(OperationFailure) -> ChangeSet {
        switch task {
        case .action(let request): try decide(request)
        case .move(let request): try move(request)
        case .clone(let request): try clone(request)
        case .rename(let request): try rename(request)
        case .close(let configDirectory): try close(configDirectory)
        case .takeBack(let changes): takeBack(changes)
        }
    }

    private mutating func decide(_ request: LifecycleRequest) throws(OperationFailure) -> ChangeSet
    {
        switch request.action {
        case .`init`: return initialise()
        case .enable, .disable, .assign: return try change(request)
        case .deport, .destroy:
            let (changes, configDirectory) = try remove(request)
            instances.remove(configDirectory)
            occupied?.removeAll { $0.owner.configDirectory == configDirectory }
            registration = registration.after(changes.commit)
            return changes
        case .create, .import:
            let first = try request.initialises ? initialiseIfNeeded() : ChangeSet(title: "")
            return first.followed(by: try take(try add(request)))
        }
    }

    // MARK: init

    private mutating func initialise() -> ChangeSet {
        let changes = initialising(registration)
        registration = registration.after(changes.commit)
        initialisedPrimary = .initialised
        return changes
    }

    mutating func initialiseIfNeeded() throws(OperationFailure) -> ChangeSet {
        let state = try primaryState()
        do throws(LifecycleRefusal) {
            try state.check()
            return ChangeSet(title: "")
        } catch {
            var changes = initialise()
            changes.notices.append(.initialisedPrimary)
            return changes
        }
    }

    // MARK: enable, disable, assign

    private func change(_ request: LifecycleRequest) throws(OperationFailure) -> ChangeSet {
        switch try selected(request.selection) {
        case .broken(let broken):
            throw .refusal(.broken(broken))
        case .instance(let instance):
            let path: ByteString = "\(instance.configDirectory)/main.cf"
            let file: ConfigFile
            do throws(FileError) {
                file = try readConfigFile(path, host.files)
            } catch {
                throw .file(error)
            }
            let existing = ExistingInstance(instance: instance, mainCF: file)
            let changes = try refusing { () throws(LifecycleRefusal) in
                request.action == .assign
                    ? try existing.assigning(request, claims: instances.claims)
                    : existing.setting(enabled: request.action == .enable)
            }
            if request.action != .assign || !changes.isEmpty { try checkPrimary() }
            return changes
        }
    }

    // MARK: deport, destroy

    private mutating func remove(
        _ request: LifecycleRequest
    ) throws(OperationFailure) -> (changes: ChangeSet, configDirectory: ByteString) {
        let secondary = try selected(request.selection)
        let directory = secondary.configDirectory
        var instance: Instance?
        if case .instance(let usable) = secondary {
            if usable.isPrimary { throw .refusal(.cannotRemovePrimary) }
            if usable.isEnabled {
                throw .refusal(.cannotRemoveEnabled(name: usable.displayName))
            }
            instance = usable
        }
        try checkPrimary()
        // A broken instance has no parameters that could be trusted.
        let parameters =
            instance == nil
            ? nil : try? observeParameters(directory, host.files, installation: installation)
        let others = request.action == .destroy ? try directories(except: directory) : []
        var facts: RemovalFacts
        do throws(FileError) {
            facts = try RemovalObserver(host.files, queueNames: try queueNames()).facts(
                configDirectory: directory, instance: instance, parameters: parameters,
                others: others)
        } catch {
            throw .file(error)
        }
        if let heir = request.heir {
            facts.heir = try heirFacts(heir, for: facts, parameters)
        }
        let decision = RemoveInstance(
            configDirectory: directory, displayName: instance?.name?.text ?? directory,
            registration: registration,
            remaining: instances.registeredDirectories.filter { $0 != directory })
        let changes = try refusing { () throws(LifecycleRefusal) in
            if request.action == .deport { return try decision.deporting(facts) }
            return instance == nil
                ? decision.forgetting(facts) : try decision.destroying(facts)
        }
        return (changes, directory)
    }

    /// The directories in use by others than the instance with this configuration directory.
    mutating func directories(
        except configDirectory: ByteString
    ) throws(OperationFailure) -> [OccupiedDirectory] {
        try occupiedDirectories().filter { $0.owner.configDirectory != configDirectory }
    }

    func queueNames() throws(FileError) -> Set<ByteString> {
        guard let metaDirectory = try? primary.value("meta_directory") else { return [] }
        let entries = try installedPostfixFiles(metaDirectory, host.files)
        return Set(entries.compactMap(\.queueSubdirectory))
    }

    // MARK: the rest

    /// The instance that option -i names.
    private func selected(
        _ selection: Selection
    ) throws(OperationFailure) -> InstanceSet.Member {
        guard case .instance(let said) = selection else {
            throw .refusal(.needsInstanceSelection)
        }
        if selection.matches(instances.primary) { return .instance(instances.primary) }
        let found = instances.secondaries.first { secondary in
            switch secondary {
            case .instance(let instance): selection.matches(instance)
            case .broken(let broken): selection.matches(broken)
            }
        }
        guard let found else { throw .refusal(.noSuchInstance(said)) }
        return found
    }

    func primaryState() throws(OperationFailure) -> PrimaryState {
        if let initialisedPrimary { return initialisedPrimary }
        do {
            return PrimaryState(
                wrapper: try primary.value("multi_instance_wrapper"),
                enable: try primary.value("multi_instance_enable"))
        } catch {
            throw .observation(error)
        }
    }

    func checkPrimary() throws(OperationFailure) {
        let state = try primaryState()
        try refusing { () throws(LifecycleRefusal) in try state.check() }
    }

    func refusing<Result>(
        _ decision: () throws(LifecycleRefusal) -> Result
    ) throws(OperationFailure) -> Result {
        do {
            return try decision()
        } catch {
            throw .refusal(error)
        }
    }
}
