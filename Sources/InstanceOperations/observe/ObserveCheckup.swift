// Everything that the doctor's checks look at, seen once. One broken instance, even a broken
// primary, is a row with a reason: the others are seen all the same.

package import Bytes
package import HostAccess
package import Instances
import PostfixFormats

/// Looks at a host for the checks.
package struct CheckupObserver {
    let host: Host
    let installation: Installation
    /// Each name is looked up once, however many instances have it.
    let accounts: RememberedAccounts
    private let listeners: ListenerReader
    private let hostAddresses: Observed<[ByteString]>
    private let serviceNames: ServiceNames
    /// The primary's parameters, which say what all instances share.
    let primary: ParameterView

    private let primaryFailure: LoadFailure?

    /// - Parameters:
    ///   - host: The host.
    ///   - installation: Its Postfix.
    ///   - primaryDirectory: The configuration directory of the primary.
    package init(_ host: Host, installation: Installation, primaryDirectory: ByteString) {
        self.host = host
        self.installation = installation
        accounts = RememberedAccounts(host.accounts)
        do throws(LoadFailure) {
            primary = try observeParameters(
                primaryDirectory, host.files, installation: installation)
            primaryFailure = nil
        } catch {
            primary = ParameterView(
                mainCF: MainCF(""), configDirectory: primaryDirectory,
                defaults: installation.defaults, hostName: installation.hostName)
            primaryFailure = error
        }
        do {
            hostAddresses = .known(try host.network.hostAddresses())
        } catch {
            hostAddresses = .unknown(reason: error.text)
        }
        // A host without a list of names has numbers only.
        let names = try? host.files.read("/etc/services", limitBytes: 1 << 24)
        serviceNames = ServiceNames(ByteString(names?.bytes ?? []))
        listeners = ListenerReader(
            serviceNames: serviceNames,
            hostAddresses: (hostAddresses.value ?? []).compactMap { IPAddress($0) })
    }

    /// The instances of the host, each known or broken, with all that checks need.
    package func snapshot() -> Snapshot {
        // Without a list that can be expanded there is the primary alone.
        let directories = (try? primary.list(of: "multi_instance_directories")) ?? []
        var instances: [InstanceSnapshot] = []
        if let primaryFailure {
            instances.append(broken(primary.configDirectory, primaryFailure))
        } else {
            instances.append(observe(primary, isPrimary: true, isAlone: directories.isEmpty))
        }
        for directory in directories {
            do throws(LoadFailure) {
                let parameters = try observeParameters(
                    directory, host.files, installation: installation)
                instances.append(observe(parameters, isPrimary: false, isAlone: false))
            } catch {
                instances.append(broken(directory, error))
            }
        }
        var snapshot = Snapshot(
            takenSeconds: host.clock.nowSeconds, hostAddresses: hostAddresses,
            listeningSockets: listeningSockets(), instances: instances)
        snapshot.host = observeHost()
        snapshot.host.serviceNames = serviceNames
        return snapshot
    }

    private func observe(
        _ parameters: ParameterView, isPrimary: Bool, isAlone: Bool
    ) -> InstanceSnapshot {
        do throws(LoadFailure) {
            var instance = try Instance(parameters, isPrimary: isPrimary)
            if isAlone { instance.isEnabled = true }
            return observe(instance, parameters)
        } catch {
            return broken(parameters.configDirectory, error)
        }
    }

    private func observe(_ instance: Instance, _ parameters: ParameterView) -> InstanceSnapshot {
        let services: Observed<MasterCF>
        do {
            let contents = try host.files.read(
                "\(instance.configDirectory)/master.cf", limitBytes: configurationLimitBytes)
            services = .known(MasterCF(ByteString(contents.bytes)))
        } catch {
            services = .unknown(reason: error.sentence)
        }
        var snapshot = InstanceSnapshot(
            member: .instance(instance), parameters: parameters, services: services,
            listeners: services.value.map { listeners.listeners(parameters, $0) } ?? [],
            process: .unknown(reason: "not looked at"), queues: .unknown(reason: "not looked at"),
            lastProblem: .unknown(reason: "not looked at"))
        observeDirectories(of: instance, parameters, &snapshot.facts)
        snapshot.facts.tables = observeTables(of: parameters)
        return snapshot
    }

    private func broken(_ directory: ByteString, _ reason: LoadFailure) -> InstanceSnapshot {
        let words = reason.sentence
        return InstanceSnapshot(
            member: .broken(BrokenInstance(configDirectory: directory, reason: reason)),
            parameters: nil, services: .unknown(reason: words), listeners: [],
            process: .unknown(reason: words), queues: .unknown(reason: words),
            lastProblem: .unknown(reason: words))
    }

    private func listeningSockets() -> Observed<Set<ListeningSocket>> {
        var sockets: Set<ListeningSocket> = []
        for table: ByteString in ["/proc/net/tcp", "/proc/net/tcp6"] {
            do {
                // 64 MiB: a line has 150 bytes, and a host a few hundred thousand connections.
                let contents = try host.files.read(table, limitBytes: 1 << 26)
                sockets.formUnion(ListeningSocket.read(table: ByteString(contents.bytes)))
            } catch  where error.isNotFound && table.hasSuffix("6") {
                continue  // A kernel without IPv6.
            } catch {
                return .unknown(reason: error.sentence)
            }
        }
        return .known(sockets)
    }
}

/// Looks users up once each.
final class RememberedAccounts {
    private let accounts: any Accounts
    private var known: [ByteString: UserAccount?] = [:]

    init(_ accounts: any Accounts) { self.accounts = accounts }

    func user(named name: ByteString) -> UserAccount? {
        if let account = known[name] { return account }
        let account = accounts.user(named: name)
        known[name] = .some(account)
        return account
    }
}
