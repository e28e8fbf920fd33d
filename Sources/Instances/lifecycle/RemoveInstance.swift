// The actions deport and destroy: a secondary leaves the list, and with destroy its files go too.
//
// Only what Postfix itself makes is removed. Whatever else is found stays and is named.

package import Bytes

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

    /// The names of the files in a configuration directory that go with the instance.
    package static let configFiles: Set<ByteString> = [
        "main.cf", "master.cf", "main.cf.tmp", "master.cf.tmp",
    ]

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
                    removal(of: entry, facts, isCopy: jail.contains(entry.path)))
            }
        }
        for directory in own {
            if occupied.contains(directory) {
                changes.notices.append(.leftBehind(path: directory))
            } else {
                changes.completion.append(removal(ofDirectory: directory, facts))
            }
        }
        changes.notices += outermost(foreign + facts.links).map { .leftBehind(path: $0) }
        if let heir = facts.heir, let handOver {
            changes.notices.append(
                .handedOver(messages: handOver.messages, to: heir.displayName))
        }
        return changes
    }

    /// The step that removes something; whatever Postfix does not make by itself can be brought
    /// back.
    private func removal(
        of entry: TreeEntry, _ facts: RemovalFacts, isCopy: Bool
    ) -> ChangeSet.Step {
        if entry.kind == .directory {
            return isCopy
                ? .removeDirectory(path: entry.path) : removal(ofDirectory: entry.path, facts)
        }
        guard let file = facts.contents[entry.path] else { return .removeFile(path: entry.path) }
        return .deleteFile(path: entry.path, old: file.contents, attributes: file.attributes)
    }

    private func removal(ofDirectory path: ByteString, _ facts: RemovalFacts) -> ChangeSet.Step {
        facts.directories[path].map { .deleteDirectory(path: path, attributes: $0) }
            ?? .removeDirectory(path: path)
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

    /// True for what Postfix makes by itself in an instance's directories, and what is known to be
    /// made for it.
    private func isPostfixOwn(_ entry: TreeEntry, _ facts: RemovalFacts) -> Bool {
        if facts.made.contains(entry.path) { return true }
        guard let directory = facts.ownDirectories.first(where: { isInside(entry.path, $0) })
        else { return false }
        let name = relative(entry.path, to: directory)
        switch directory {
        case facts.queueDirectory:
            return isQueueOwn(entry, name, facts)
        case facts.configDirectory:
            return entry.kind == .file && Self.configFiles.contains(name)
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
}
