// The actions deport and destroy: a secondary leaves the list, and with destroy its files go too.
//
// Only what Postfix itself makes is removed. Whatever else is found stays and is named.

package import Bytes

/// A file system object below one of an instance's directories.
package struct TreeEntry: Hashable, Sendable {
    /// What kind of object it is.
    package enum Kind: Hashable, Sendable { case file, directory, socket, pipe, other }

    /// The real path.
    package let path: ByteString
    package let kind: Kind

    package init(path: ByteString, kind: Kind) {
        self.path = path
        self.kind = kind
    }
}

/// What deport and destroy must know of the instance on the host.
package struct RemovalFacts: Sendable {
    package var hasMainCF: Bool
    package var isRunning: Bool
    /// Real paths; nil when the directory is unknown or does not exist.
    package var configDirectory: ByteString?
    package var queueDirectory: ByteString?
    package var dataDirectory: ByteString?
    /// The links by which the three directories are reached: somebody has made them.
    package var links: [ByteString]
    /// The names of the directories that Postfix makes in a queue directory.
    package var queueNames: Set<ByteString>
    /// The real paths of the cache databases that the instance's parameters name.
    package var cachePaths: Set<ByteString>
    /// What is in a chroot jail in the queue directory, and the system has as well: files with
    /// the same content, and directories.
    package var jailCopies: Set<ByteString>
    /// The directories that others have in use.
    package var others: [OccupiedDirectory]
    /// All below the queue directories of Postfix and in a jail, and what lies directly in the
    /// three private directories; a directory comes before what it holds.
    package var tree: [TreeEntry]
    /// Who gets the mail that is queued, if anybody.
    package var heir: HeirFacts?

    package init(
        hasMainCF: Bool, isRunning: Bool, configDirectory: ByteString?,
        queueDirectory: ByteString?, dataDirectory: ByteString?, queueNames: Set<ByteString>,
        cachePaths: Set<ByteString>, tree: [TreeEntry], links: [ByteString] = [],
        jailCopies: Set<ByteString> = [], others: [OccupiedDirectory] = []
    ) {
        self.hasMainCF = hasMainCF
        self.isRunning = isRunning
        self.configDirectory = configDirectory
        self.queueDirectory = queueDirectory
        self.dataDirectory = dataDirectory
        self.links = links
        self.jailCopies = jailCopies
        self.queueNames = queueNames
        self.cachePaths = cachePaths
        self.tree = tree
        self.others = others
    }
}

extension RemovalFacts {
    /// The instance's directories, one that lies within another before that other.
    fileprivate var ownDirectories: [ByteString] {
        [dataDirectory, queueDirectory, configDirectory].compactMap { $0 }
            .sorted { $0.count > $1.count }
    }
}

/// The decision for deport and destroy.
package struct RemoveInstance {
    let configDirectory: ByteString
    let displayName: ByteString
    let registration: Registration
    /// The registered directories that stay.
    let remaining: [ByteString]

    package init(
        configDirectory: ByteString, displayName: ByteString, registration: Registration,
        remaining: [ByteString]
    ) {
        self.configDirectory = configDirectory
        self.displayName = displayName
        self.registration = registration
        self.remaining = remaining
    }

    /// The change set of deport: the instance becomes independent, or is forgotten if it is gone.
    package func deporting(_ facts: RemovalFacts) throws(LifecycleRefusal) -> ChangeSet {
        if facts.isRunning { throw .notStopped(configDirectory: configDirectory) }
        return ChangeSet(
            title: "deport \(displayName)",
            commit: registration.registering(
                remaining,
                alternate: facts.hasMainCF ? .kept(configDirectory) : .dropped(configDirectory)))
    }

    /// The change set of destroy for a broken instance: it is taken off the list, no more.
    ///
    /// Nobody knows where its queue is and whether there is mail in it, so its files stay.
    package func forgetting(_ facts: RemovalFacts) -> ChangeSet {
        ChangeSet(
            title: "destroy \(displayName)",
            commit: registration.registering(remaining, alternate: .dropped(configDirectory)),
            notices: facts.configDirectory.map { [.leftBehind(path: $0)] } ?? [])
    }

    /// The change set of destroy.
    package func destroying(_ facts: RemovalFacts) throws(LifecycleRefusal) -> ChangeSet {
        if facts.isRunning { throw .notStopped(configDirectory: configDirectory) }
        try checkDirectories(facts)
        var handOver: HandOver?
        if let heir = facts.heir {
            if heir.configDirectory == configDirectory {
                throw .cannotHandOver(to: heir.displayName, .itself)
            }
            handOver = try HandOver(facts, to: heir)
        }
        let counts = queuedMail(facts)
        if handOver == nil, !counts.isEmpty {
            throw .hasQueuedMail(configDirectory: configDirectory, counts: counts)
        }
        var changes = ChangeSet(
            title: "destroy \(displayName)", preparation: handOver?.steps ?? [],
            commit: registration.registering(remaining, alternate: .dropped(configDirectory)))
        // What a directory holds comes after it in the tree, so the reverse order empties it first.
        let own = facts.ownDirectories
        let jail = facts.removableJail
        var foreign: [ByteString] = []
        // All directories on the way to what is kept: a search among that would be quadratic.
        var occupied: Set<ByteString> = []
        for entry in facts.tree.reversed() where !own.contains(entry.path) {
            if handOver?.moved.contains(entry.path) == true { continue }
            if !jail.contains(entry.path), !isPostfixOwn(entry, facts) {
                foreign.append(entry.path)
                occupied.formUnion(directories(above: entry.path))
            } else if !occupied.contains(entry.path) {
                changes.completion.append(
                    entry.kind == .directory
                        ? .removeDirectory(path: entry.path) : .removeFile(path: entry.path))
            }
        }
        for directory in own {
            if occupied.contains(directory) {
                changes.notices.append(.leftBehind(path: directory))
            } else {
                changes.completion.append(.removeDirectory(path: directory))
            }
        }
        changes.notices += outermost(foreign + facts.links).map { .leftBehind(path: $0) }
        if let heir = facts.heir, let handOver {
            changes.notices.append(
                .handedOver(messages: handOver.messages, to: heir.displayName))
        }
        return changes
    }

    /// Refuses to clear a directory that is not the instance's alone.
    private func checkDirectories(_ facts: RemovalFacts) throws(LifecycleRefusal) {
        let own: [(ByteString, ByteString?)] = [
            ("config_directory", facts.configDirectory), ("queue_directory", facts.queueDirectory),
            ("data_directory", facts.dataDirectory),
        ]
        for case (let parameter, let path?) in own {
            if isSystemDirectory(path) {
                throw .cannotRemoveSystemDirectory(parameter: parameter, path: path)
            }
            if let other = firstOverlap(of: path, with: facts.others) {
                throw .cannotRemoveShared(parameter: parameter, path: path, other: other)
            }
        }
    }

    /// The number of messages in each queue that has any.
    private func queuedMail(_ facts: RemovalFacts) -> [LifecycleRefusal.QueueCount] {
        guard let queueDirectory = facts.queueDirectory else { return [] }
        return LifecycleRefusal.QueueCount.queues.compactMap { queue in
            let place: ByteString = "\(queueDirectory)/\(queue)/"
            let messages = facts.tree.count { $0.kind == .file && $0.path.hasPrefix(place) }
            return messages == 0 ? nil : .init(queue: queue, messages: messages)
        }
    }

    /// True for what Postfix makes by itself in an instance's directories.
    private func isPostfixOwn(_ entry: TreeEntry, _ facts: RemovalFacts) -> Bool {
        guard let directory = facts.ownDirectories.first(where: { isInside(entry.path, $0) })
        else { return false }
        let name = relative(entry.path, to: directory)
        switch directory {
        case facts.queueDirectory:
            return isQueueOwn(entry, name, facts)
        case facts.configDirectory:
            let files: Set<ByteString> = [
                "main.cf", "master.cf", "main.cf.tmp", "master.cf.tmp",
            ]
            return entry.kind == .file && files.contains(name)
        default:
            return entry.kind == .file
                && (name == "prng_exch" || name == "master.lock"
                    || facts.cachePaths.contains(entry.path))
        }
    }

    private func isQueueOwn(
        _ entry: TreeEntry, _ name: ByteString, _ facts: RemovalFacts
    ) -> Bool {
        let parts = name.split { $0 == 0x2F }
        guard let queue = parts.first, facts.queueNames.contains(queue) else { return false }
        if parts.count == 1 { return entry.kind == .directory }
        // Queues are hashed into sub-directories with names of one character.
        if entry.kind == .directory { return parts.dropFirst().allSatisfy { $0.count == 1 } }
        switch queue {
        case "private", "public":
            return entry.kind == .socket || entry.kind == .pipe
        case "pid":
            let prefixes: [ByteString] = ["inet.", "unix.", "fifo.", "pass.", "unix-dgram."]
            let file = parts[1]
            return entry.kind == .file
                && (file == "master.pid" || prefixes.contains { file.hasPrefix($0) })
        case "bounce", "defer", "trace", "tlstrace", "flush":
            return entry.kind == .file
        default:
            return false
        }
    }

    private func isInside(_ path: ByteString, _ directory: ByteString) -> Bool {
        path.hasPrefix("\(directory)/")
    }

    private func relative(_ path: ByteString, to directory: ByteString) -> ByteString {
        path.dropFirst(directory.count + 1)
    }

    /// The paths that lie in no other one of them, each once, sorted.
    private func outermost(_ paths: [ByteString]) -> [ByteString] {
        let all = Set(paths)
        return all.filter { !directories(above: $0).contains(where: all.contains) }.sorted()
    }

    /// The paths of the directories that a path leads through.
    private func directories(above path: ByteString) -> [ByteString] {
        path.bytes.indices.dropFirst().filter { path.bytes[$0] == 0x2F }
            .map { ByteString(path.bytes[..<$0]) }
    }
}
