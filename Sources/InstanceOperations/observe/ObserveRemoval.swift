// What deport and destroy find on the host: whether the instance runs, and all that it holds.

package import Bytes
package import HostAccess
package import Instances
import PostfixFormats

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
    /// - Parameter others: The directories that others have in use.
    package func facts(
        configDirectory: ByteString, instance: Instance?, parameters: ParameterView?,
        others: [OccupiedDirectory]
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
        var tree: [TreeEntry] = []
        for directory in [config, queue, data].compactMap({ $0 }) {
            try collect(directory, isQueue: directory == queue, depth: 0, into: &tree)
        }
        var links: [ByteString] = []
        for path in [configDirectory, instance?.queueDirectory, instance?.dataDirectory] {
            if let path, let link = try link(at: path) { links.append(link) }
        }
        // A main.cf that cannot even be looked at is as good as none.
        let mainCF = try? files.status(of: "\(configDirectory)/main.cf", followingLinks: true)
        return RemovalFacts(
            hasMainCF: mainCF?.kind == .regular,
            isRunning: try queue.map { queue throws(FileError) in
                try files.isLocked("\(queue)/pid/master.pid")
            } ?? false,
            configDirectory: config, queueDirectory: queue, dataDirectory: data,
            queueNames: queueNames, cachePaths: parameters.map(cachePaths) ?? [], tree: tree,
            links: links, others: others)
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

    /// Lists a directory; goes deeper only in the queues that Postfix makes.
    private func collect(
        _ directory: ByteString, isQueue: Bool, depth: Int, into tree: inout [TreeEntry]
    ) throws(FileError) {
        for name in try files.list(directory) {
            let path: ByteString = "\(directory)/\(name)"
            guard let status = try files.status(of: path, followingLinks: false) else { continue }
            guard tree.count < Self.limitObjects else {
                throw .tooLarge(path: directory, limitBytes: Self.limitObjects)
            }
            tree.append(TreeEntry(path: path, kind: kind(status.kind)))
            let isOurs = depth > 0 || queueNames.contains(name)
            if isQueue, isOurs, status.kind == .directory, depth < Self.limitDepth {
                try collect(path, isQueue: true, depth: depth + 1, into: &tree)
            }
        }
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
