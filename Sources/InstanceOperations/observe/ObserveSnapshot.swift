// Everything that views and checks want to know of the host and its instances, read once.
//
// No child process: what is not in files or the kernel's tables is not asked for. A fact that
// cannot be seen is unknown with a reason, and never keeps the others from being seen.

package import Bytes
package import HostAccess
package import Instances
import PostfixFormats

/// What a snapshot may tell beside configuration, processes and sockets, which everyone needs.
package struct SnapshotDetails: OptionSet, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }

    /// What the queues hold: thousands of directories and files on a large host.
    package static let queues = SnapshotDetails(rawValue: 1 << 0)
    /// With the queues: the age of the oldest message for certain, however many files that takes.
    package static let exactAges = SnapshotDetails(rawValue: 1 << 3)
    /// The last trouble that each instance logged.
    package static let logs = SnapshotDetails(rawValue: 1 << 1)
    /// The systemd units that are for the instances, and those that they run in.
    package static let units = SnapshotDetails(rawValue: 1 << 2)
}

/// Takes snapshots of a host.
package struct SnapshotObserver {
    private let host: Host
    private let installation: Installation
    private let known: [ByteString: ParameterView]

    /// - Parameter known: Parameters that were just read, by configuration directory; those of
    ///   other instances are read.
    package init(
        _ host: Host, installation: Installation, known: [ByteString: ParameterView] = [:]
    ) {
        self.host = host
        self.installation = installation
        self.known = known
    }

    /// What there is to see of the members now; details that are not asked for are unknown.
    package func snapshot(
        of members: [InstanceSet.Member], with details: SnapshotDetails
    ) -> Snapshot {
        let network = NetworkObserver(host)
        let addresses = network.hostAddresses()
        let processes = ProcessObserver(host.files)
        let limitOpened = details.contains(.exactAges) ? Int.max : QueueObserver.limitOpened
        let queues =
            details.contains(.queues) ? QueueObserver(host, limitOpened: limitOpened) : nil
        var read: MasterCF?
        let serviceNames = network.serviceNames()
        let listeners = ListenerReader(
            serviceNames: serviceNames,
            hostAddresses: (addresses.value ?? []).compactMap { IPAddress($0) })
        var snapshot = Snapshot(
            takenSeconds: host.clock.nowSeconds, hostAddresses: addresses,
            listeningSockets: network.listeningSockets(),
            instances: members.map { member in
                guard case .instance(let instance) = member else { return unseen(member, &read) }
                let parameters: ParameterView
                do throws(LoadFailure) {
                    parameters = try self.parameters(instance.configDirectory)
                } catch {
                    let broken = BrokenInstance(
                        configDirectory: instance.configDirectory, reason: error)
                    return unseen(.broken(broken), &read)
                }
                let services = services(instance.configDirectory, &read)
                return InstanceSnapshot(
                    member: member, parameters: parameters, services: services,
                    listeners: services.value.map { listeners.listeners(parameters, $0) } ?? [],
                    process: processes.state(queueDirectory: instance.queueDirectory),
                    queues: queues?.queues(in: instance.queueDirectory) ?? .notLookedAt,
                    lastProblem: .notLookedAt)
            })
        snapshot.host.serviceNames = serviceNames
        if details.contains(.units) { observeUnits(&snapshot, processes) }
        if details.contains(.logs) { observeLogs(&snapshot, &read) }
        return snapshot
    }

    private func observeLogs(_ snapshot: inout Snapshot, _ read: inout MasterCF?) {
        var names = LogNames()
        var rest = known
        for instance in snapshot.instances {
            guard let parameters = instance.parameters else { continue }
            names.add(parameters, instance.services.value)
            rest[parameters.configDirectory] = nil
        }
        // Those that nobody asks for may have a name that a line fits better.
        for parameters in rest.values {
            names.add(parameters, services(parameters.configDirectory, &read).value)
        }
        var log = LogObserver(host.files, names: names)
        for index in snapshot.instances.indices {
            let instance = snapshot.instances[index]
            snapshot.instances[index].lastProblem =
                instance.parameters.map { log.lastProblem($0) } ?? instance.lastProblem
        }
    }

    private func observeUnits(_ snapshot: inout Snapshot, _ processes: ProcessObserver) {
        guard let units = ServiceUnits(host.files) else { return }
        for index in snapshot.instances.indices {
            let instance = snapshot.instances[index]
            snapshot.instances[index].facts.ownUnit = units.unit(of: instance.member)
            if case .running(let process, _) = instance.process.value {
                snapshot.instances[index].facts.unit = processes.unit(of: process)
            }
        }
    }

    private func parameters(
        _ configDirectory: ByteString
    ) throws(LoadFailure) -> ParameterView {
        if let parameters = known[configDirectory] { return parameters }
        return try observeParameters(configDirectory, host.files, installation: installation)
    }

    /// A broken instance: its main.cf would say where everything else is.
    private func unseen(
        _ member: InstanceSet.Member, _ read: inout MasterCF?
    ) -> InstanceSnapshot {
        let reason: ByteString = "main.cf cannot be used"
        return InstanceSnapshot(
            member: member, parameters: nil, services: services(member.configDirectory, &read),
            listeners: [], process: .unknown(reason: reason), queues: .unknown(reason: reason),
            lastProblem: .unknown(reason: reason))
    }

    /// The services of an instance; a text that is the last one again, as that of many instances
    /// made from one mould, is not taken apart again.
    private func services(
        _ configDirectory: ByteString, _ read: inout MasterCF?
    ) -> Observed<MasterCF> {
        do throws(FileError) {
            let contents = try host.files.read(
                "\(configDirectory)/master.cf", limitBytes: configurationLimitBytes)
            let text = ByteString(contents.bytes)
            if let read, read.text == text { return .known(read) }
            let services = MasterCF(text)
            read = services
            return .known(services)
        } catch {
            return .unknown(reason: error.sentence)
        }
    }
}
