// The mail of an instance that is destroyed goes to another one: queue files change directories.
//
// A queue file's name is made of the time and of its inode, so it is unique within a file system,
// and postsuper(8), which every start of Postfix runs before the mail system, puts each file where
// the heir's own parameters want it. Nothing is copied: each message is always in one place.

package import Bytes

/// What is known of the instance that takes the mail.
package struct HeirFacts: Hashable, Sendable {
    package let displayName: ByteString
    package let configDirectory: ByteString
    /// The real path of its queue directory.
    package let queueDirectory: ByteString
    package let isRunning: Bool
    package let isOnSameFileSystem: Bool
    /// The user whose queue files these are: mail_owner, of the instance and of the heir.
    package let owners: [UInt32?]
    /// The real paths of all that is in its queue directory.
    package let present: Set<ByteString>

    package init(
        displayName: ByteString, configDirectory: ByteString, queueDirectory: ByteString,
        isRunning: Bool, isOnSameFileSystem: Bool, owners: [UInt32?], present: Set<ByteString>
    ) {
        self.displayName = displayName
        self.configDirectory = configDirectory
        self.queueDirectory = queueDirectory
        self.isRunning = isRunning
        self.isOnSameFileSystem = isOnSameFileSystem
        self.owners = owners
        self.present = present
    }
}

/// The steps that hand mail over, and the files that they move away.
struct HandOver {
    private(set) var steps: [ChangeSet.Step] = []
    private(set) var moved: Set<ByteString> = []
    private(set) var messages = 0

    /// What is known of recipients that failed so far; it must not come later than the message.
    private static let logs: [ByteString] = ["bounce", "defer", "trace"]

    /// Moves all that is in the queues of a stopped instance to a stopped heir.
    init(_ facts: RemovalFacts, to heir: HeirFacts) throws(LifecycleRefusal) {
        if heir.isRunning { throw .notStopped(configDirectory: heir.configDirectory) }
        guard heir.isOnSameFileSystem else {
            throw .cannotHandOver(to: heir.displayName, .otherFileSystem)
        }
        guard let owner = heir.owners.first ?? nil, Set(heir.owners).count == 1 else {
            throw .cannotHandOver(to: heir.displayName, .otherOwner)
        }
        guard let queueDirectory = facts.queueDirectory else { return }
        var made: Set<ByteString> = []
        for queue in Self.logs + LifecycleRefusal.QueueCount.queues {
            let place: ByteString = "\(queueDirectory)/\(queue)/"
            for entry in facts.tree where entry.kind == .file && entry.path.hasPrefix(place) {
                let relative = entry.path.dropFirst(queueDirectory.count)
                let newPath = heir.queueDirectory + relative
                if heir.present.contains(newPath) {
                    throw .cannotHandOver(to: heir.displayName, .taken(path: newPath))
                }
                makeDirectories(above: newPath, owner: owner, heir, &made)
                steps.append(.move(path: entry.path, newPath: newPath))
                moved.insert(entry.path)
                if !Self.logs.contains(queue) { messages += 1 }
            }
        }
    }

    /// Makes the directories that the heir's queue lacks on the way to a file.
    private mutating func makeDirectories(
        above path: ByteString, owner: UInt32, _ heir: HeirFacts, _ made: inout Set<ByteString>
    ) {
        let slashes = path.bytes.indices.filter { path.bytes[$0] == 0x2F }
        for slash in slashes where slash > heir.queueDirectory.count {
            let directory = ByteString(path.bytes[..<slash])
            guard !heir.present.contains(directory), made.insert(directory).inserted else {
                continue
            }
            steps += [
                .makeDirectory(path: directory, mode: 0o700),
                .setPermissions(
                    .init(
                        path: directory, mode: 0o700, owner: owner, group: nil,
                        includesContents: false)),
            ]
        }
    }
}
