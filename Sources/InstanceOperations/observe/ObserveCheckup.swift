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
    ///
    /// - Parameter tableTypes: The kinds of tables of this Postfix, if they have been looked at.
    package func snapshot(tableTypes: Observed<Set<ByteString>>? = nil) -> Snapshot {
        let (members, parameters) = members()
        let observer = SnapshotObserver(host, installation: installation, known: parameters)
        var snapshot = observer.snapshot(of: members, with: [.queues, .units])
        observeHost(&snapshot.host)
        snapshot.host.tableTypes = tableTypes ?? observeTableTypes(host, primary: primary)
        let looked = lookedUpInJails()
        for index in snapshot.instances.indices {
            let seen = snapshot.instances[index]
            guard let instance = seen.instance, let parameters = seen.parameters else { continue }
            var facts = seen.facts
            observeDirectories(of: instance, parameters, &facts)
            facts.tables = observeTables(of: parameters)
            facts.missingInJail = observeMissingInJail(of: instance, parameters, looked)
            facts.space = observeSpace(of: instance)
            facts.certificates = observeCertificates(of: parameters)
            snapshot.instances[index].facts = facts
        }
        return snapshot
    }

    /// The instances in start order, and the parameters of those that can be read, by
    /// configuration directory.
    ///
    /// Names and directories that two of them have do not make one of them broken here: that is
    /// what checks are to find.
    private func members() -> ([InstanceSet.Member], [ByteString: ParameterView]) {
        // Without a list that can be expanded there is the primary alone.
        let directories = (try? primary.list(of: "multi_instance_directories")) ?? []
        var members: [InstanceSet.Member] = []
        var known: [ByteString: ParameterView] = [:]
        if let primaryFailure {
            members.append(broken(primary.configDirectory, primaryFailure))
        } else {
            do throws(LoadFailure) {
                var instance = try Instance(primary, isPrimary: true)
                if directories.isEmpty { instance.isEnabled = true }
                members.append(.instance(instance))
                known[primary.configDirectory] = primary
            } catch {
                members.append(broken(primary.configDirectory, error))
            }
        }
        for directory in directories {
            do throws(LoadFailure) {
                let parameters = try observeParameters(
                    directory, host.files, installation: installation)
                members.append(.instance(try Instance(parameters, isPrimary: false)))
                known[directory] = parameters
            } catch {
                members.append(broken(directory, error))
            }
        }
        return (members, known)
    }

    private func broken(_ directory: ByteString, _ reason: LoadFailure) -> InstanceSet.Member {
        .broken(BrokenInstance(configDirectory: directory, reason: reason))
    }
}
