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
            let scene = try Scene(host, installation: try Installation.observe(host))
            instances = scene.instances
            snapshot = SnapshotObserver(
                host, installation: scene.installation, known: scene.parameters
            ).snapshot(of: instances.members, with: [])
            flow = MailFlow(snapshot)
            commandDirectory = try scene.primary.value("command_directory")
        } catch {
            throw .change(error.sentence)
        }
    }
}
