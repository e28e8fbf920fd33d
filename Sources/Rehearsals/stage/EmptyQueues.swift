// Puts the queues of the rehearsed instances aside and makes empty ones: no message of the host may
// go anywhere in a rehearsal. What else is in a queue directory, as a jail, stays.

import Bytes
package import HostAccess
package import Instances

/// The queues of a rehearsal.
///
/// Inside the copy-on-write tree only.
package struct EmptyQueues {
    private let files: any FileSystem

    /// All that Postfix keeps of messages, and the sockets of what runs on the host.
    private static let names: [ByteString] = [
        "active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming",
        "maildrop", "pid", "private", "public", "saved", "trace",
    ]
    private static let aside: ByteString = ".not-rehearsed"

    package init(_ files: any FileSystem) { self.files = files }

    /// Empties the queues of an instance, once; one that has none yet is left alone.
    package func make(of instance: Instance) throws(RehearsalFailure) {
        do throws(FileError) {
            let directory = try files.realPath(instance.queueDirectory)
            guard try files.status(of: directory, followingLinks: false) != nil else { return }
            let aside: ByteString = "\(directory)/\(Self.aside)"
            if try files.status(of: aside, followingLinks: false) != nil { return }
            try files.makeDirectory(aside, mode: 0o700)
            for name in Self.names {
                let path: ByteString = "\(directory)/\(name)"
                guard let old = try files.status(of: path, followingLinks: false),
                    old.kind == .directory
                else { continue }
                try files.move(path, to: "\(aside)/\(name)")
                try files.makeDirectory(path, mode: old.mode)
                try files.setPermissions(
                    path, mode: old.mode, owner: old.owner, group: old.group,
                    includingContents: false)
            }
        } catch {
            throw .stage(error.sentence)
        }
    }
}
