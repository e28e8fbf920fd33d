// The instances of a rehearsed system, and the ways of mail between them.

import Bytes
import HostAccess
import InstanceOperations
import Instances

/// What is seen of a system before it is started.
struct Observation {
    let instances: InstanceSet
    let snapshot: Snapshot
    let flow: MailFlow
    /// The directory of postfix(1).
    let commandDirectory: ByteString

    init(_ host: Host) throws(RehearsalFailure) {
        do throws(ObservationFailure) {
            let installation = try Installation.observe(host)
            let parameters = try Primary.read(
                installation.configDirectory, installation: installation, files: host.files)
            let primary = try Primary(parameters)
            let claims = try primary.claimSharedDirectories(host.files)
            var all: [ByteString: ParameterView] = [:]
            instances = try primary.observeInstances(
                host.files, installation: installation, claims: claims
            ) { all[$0.configDirectory] = $0 }
            snapshot = SnapshotObserver(host, installation: installation, known: all)
                .snapshot(of: instances.members, with: [])
            flow = MailFlow(snapshot)
            commandDirectory = try primary.value("command_directory")
        } catch {
            throw .change(error.sentence)
        }
    }
}
