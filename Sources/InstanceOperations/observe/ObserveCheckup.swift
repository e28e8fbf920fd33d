// Everything that the doctor's checks look at, seen once: the snapshot, and the facts that checks
// alone ask for. One broken instance, even a broken primary, is a row with a reason: the others
// are seen all the same.

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
    /// The primary's parameters, which say what all instances share; defaults if they cannot be
    /// read.
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
    }

    /// The instances of the host, each known or broken, with all that checks need.
    package func snapshot() -> Snapshot {
        let observer = SnapshotObserver(host, installation: installation)
        var snapshot = observer.snapshot(of: members(), with: [.queues, .units])
        observeHost(&snapshot.host)
        for index in snapshot.instances.indices {
            let seen = snapshot.instances[index]
            guard let instance = seen.instance, let parameters = seen.parameters else { continue }
            var facts = seen.facts
            observeDirectories(of: instance, parameters, &facts)
            facts.tables = observeTables(of: parameters)
            facts.missingInJail = observeMissingInJail(of: instance, parameters)
            facts.space = observeSpace(of: instance)
            facts.certificates = observeCertificates(of: parameters)
            snapshot.instances[index].facts = facts
        }
        return snapshot
    }

    /// The instances in start order.
    ///
    /// Names and directories that two of them have do not make one of them broken here: that is
    /// what checks are to find.
    private func members() -> [InstanceSet.Member] {
        // Without a list that can be expanded there is the primary alone.
        let directories = (try? primary.list(of: "multi_instance_directories")) ?? []
        var members: [InstanceSet.Member] = []
        if let primaryFailure {
            members.append(broken(primary.configDirectory, primaryFailure))
        } else {
            do throws(LoadFailure) {
                var instance = try Instance(primary, isPrimary: true)
                if directories.isEmpty { instance.isEnabled = true }
                members.append(.instance(instance))
            } catch {
                members.append(broken(primary.configDirectory, error))
            }
        }
        for directory in directories {
            do throws(LoadFailure) {
                members.append(
                    .instance(
                        try observeInstance(directory, host.files, installation: installation)))
            } catch {
                members.append(broken(directory, error))
            }
        }
        return members
    }

    private func broken(_ directory: ByteString, _ reason: LoadFailure) -> InstanceSet.Member {
        .broken(BrokenInstance(configDirectory: directory, reason: reason))
    }
}
