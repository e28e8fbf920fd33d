// What deport and destroy find on the host: whether the instance runs, and all that it holds.

package import Bytes
package import HostAccess
package import Instances
import PostfixFormats

extension FileStatus {
    /// Owner and mode as a step of a change set wants them.
    var attributes: ChangeSet.Attributes { .init(mode: mode, owner: owner, group: group) }
}

/// Looks at an instance that is to leave.
package struct RemovalObserver {
    private let files: any FileReading
    /// The names of the directories in a queue directory, from the installed postfix-files.
    private let queueNames: Set<ByteString>

    /// 20 million objects: more than any queue that a person would destroy; stops a loop.
    private static let limitObjects = 20_000_000
    /// Postfix hashes queues at most three levels deep.
    private static let limitDepth = 8

    package init(_ files: any FileReading, queueNames: Set<ByteString>) {
        self.files = files
        self.queueNames = queueNames
    }

    /// The facts about an instance; one that is broken has only its configuration directory.
    ///
    /// - Parameters:
    ///   - others: The directories that others have in use.
    ///   - made: What is known to be made for the instance, beside what Postfix makes.
    ///   - compiled: Where the databases of its tables are, if there are any.
    package func facts(
        configDirectory: ByteString, instance: Instance?, parameters: ParameterView?,
        others: [OccupiedDirectory], made: Set<ByteString> = [],
        compiled: Set<ByteString> = []
    ) throws(FileError) -> RemovalFacts {
        let config = try realDirectory(configDirectory)
        let queue =
            try instance.map { i throws(FileError) in
                try realDirectory(i.queueDirectory)
            } ?? nil
        let data =
            try instance.map { i throws(FileError) in
                try realDirectory(i.dataDirectory)
            } ?? nil
        var found = Found(made: made)
        for directory in [config, queue, data].compactMap({ $0 }) {
            try collect(directory, isQueue: directory == queue, depth: 0, into: &found)
            if let status = try files.status(of: directory, followingLinks: false) {
                found.directories[directory] = status.attributes
            }
        }
        var links: [ByteString] = []
        for path in [configDirectory, instance?.queueDirectory, instance?.dataDirectory] {
            if let path, let link = try link(at: path) { links.append(link) }
        }
        // A main.cf that cannot even be looked at is as good as none.
        let mainCF = try? files.status(of: "\(configDirectory)/main.cf", followingLinks: true)
        var facts = RemovalFacts(
            hasMainCF: mainCF?.kind == .regular,
            isRunning: try queue.map { queue throws(FileError) in
                try files.isLocked("\(queue)/pid/master.pid")
            } ?? false,
            configDirectory: config, queueDirectory: queue, dataDirectory: data,
            queueNames: queueNames, cachePaths: parameters.map(cachePaths) ?? [],
            tree: found.tree, links: links, jailCopies: found.jailCopies, others: others)
        facts.made = made.union(compiled)
        facts.directories = found.directories
        facts.contents = contents(of: found, in: config)
        return facts
    }

    /// What the files hold that destroy removes from a configuration directory.
    private func contents(
        of found: Found, in config: ByteString?
    ) -> [ByteString: ConfigFile] {
        guard let config else { return [:] }
        var contents: [ByteString: ConfigFile] = [:]
        for entry in found.tree where entry.kind == .file && entry.path.hasPrefix("\(config)/") {
            let name = entry.path.dropFirst(config.count + 1)
            guard RemoveInstance.configFiles.contains(name) || found.made.contains(entry.path)
            else { continue }
            // One that cannot be read is removed all the same, and cannot be brought back.
            contents[entry.path] = try? readConfigFile(entry.path, files)
        }
        return contents
    }

    /// The real paths of all that is in a queue directory.
    func queueContents(_ queueDirectory: ByteString) throws(FileError) -> Set<ByteString> {
        var found = Found()
        try collect(queueDirectory, isQueue: true, depth: 0, into: &found)
        return Set(found.tree.map(\.path))
    }

    /// The real place of the link that stands where a directory is named; nil if none does.
    private func link(at path: ByteString) throws(FileError) -> ByteString? {
        guard path.hasPrefix("/"), let name = path.split(where: { $0 == 0x2F }).last else {
            return nil
        }
        // With a slash at its end a path would be that of the directory behind the link.
        var parent = path.bytes
        while parent.last == 0x2F { parent.removeLast() }
        let place = ByteString(parent)
        guard try files.status(of: place, followingLinks: false)?.kind == .link else { return nil }
        let realParent = try files.realPath(ByteString(parent.dropLast(name.count)))
        return realParent == "/" ? "/\(name)" : "\(realParent)/\(name)"
    }

    private func realDirectory(_ path: ByteString) throws(FileError) -> ByteString? {
        guard path.hasPrefix("/"),
            try files.status(of: path, followingLinks: true)?.kind == .directory
        else { return nil }
        return try files.realPath(path)
    }

    /// What there is below an instance's directories.
    private struct Found {
        var made: Set<ByteString> = []
        var tree: [TreeEntry] = []
        var jailCopies: Set<ByteString> = []
        var directories: [ByteString: ChangeSet.Attributes] = [:]
    }

    /// Lists a directory; goes deeper only in the queues that Postfix makes, in a jail, and in what
    /// is known to be made for the instance.
    private func collect(
        _ directory: ByteString, isQueue: Bool, depth: Int, into found: inout Found
    ) throws(FileError) {
        for name in try files.list(directory) {
            let path: ByteString = "\(directory)/\(name)"
            guard let status = try add(path, to: &found) else { continue }
            if !isQueue, status.kind == .directory, found.made.contains(path),
                depth < Self.limitDepth
            {
                try collect(path, isQueue: false, depth: depth + 1, into: &found)
            }
            guard isQueue else { continue }
            if depth > 0 || queueNames.contains(name) {
                if status.kind == .directory, depth < Self.limitDepth {
                    try collect(path, isQueue: true, depth: depth + 1, into: &found)
                }
            } else if JailObserver.names.contains(name) {
                let jail = JailObserver(files: files, queueDirectory: directory)
                try collectCopies(path, status, of: jail, depth: 1, into: &found)
            }
        }
    }

    /// Goes deeper in a jail as far as its directories are copies of the system's.
    private func collectCopies(
        _ path: ByteString, _ status: FileStatus, of jail: JailObserver, depth: Int,
        into found: inout Found
    ) throws(FileError) {
        guard depth < Self.limitDepth, jail.isCopy(path, status) else { return }
        found.jailCopies.insert(path)
        guard status.kind == .directory else { return }
        for name in try files.list(path) {
            let path: ByteString = "\(path)/\(name)"
            guard let status = try add(path, to: &found) else { continue }
            try collectCopies(path, status, of: jail, depth: depth + 1, into: &found)
        }
    }

    /// Adds what is at the path; nil if nothing is.
    private func add(
        _ path: ByteString, to found: inout Found
    ) throws(FileError) -> FileStatus? {
        guard let status = try files.status(of: path, followingLinks: false) else { return nil }
        guard found.tree.count < Self.limitObjects else {
            throw .tooLarge(path: path, limitBytes: Self.limitObjects)
        }
        found.tree.append(TreeEntry(path: path, kind: kind(status.kind)))
        if status.kind == .directory { found.directories[path] = status.attributes }
        return status
    }

    private func kind(_ kind: FileStatus.Kind) -> TreeEntry.Kind {
        switch kind {
        case .regular: .file
        case .directory: .directory
        case .socket: .socket
        case .pipe: .pipe
        case .link, .device: .other
        }
    }

    /// The files of the caches that Postfix's daemons make by themselves.
    private func cachePaths(_ parameters: ParameterView) -> Set<ByteString> {
        let names: [ByteString] = [
            "address_verify_map", "postscreen_cache_map", "smtp_tls_session_cache_database",
            "smtpd_tls_session_cache_database", "lmtp_tls_session_cache_database",
        ]
        var paths: Set<ByteString> = []
        for name in names {
            // A value that cannot be expanded names no file that could be removed.
            guard let value = try? parameters.value(of: name),
                let colon = value.bytes.firstIndex(of: 0x3A)
            else { continue }
            let path = value.dropFirst(colon + 1)
            let realPath = (try? files.realPath(path)) ?? path
            for ending: ByteString in [".db", ".lmdb", ".lmdb-lock", ".cdb", ".dir", ".pag"] {
                paths.insert(realPath + ending)
            }
        }
        return paths
    }
}
