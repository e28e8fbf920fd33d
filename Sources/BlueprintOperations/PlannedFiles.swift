// The file system as a change set would leave it: what is asked of the planned system is answered
// from here, and nothing is written.

package import Bytes
package import HostAccess
package import Instances

/// A file system with a change set laid over it, for reading.
package struct PlannedFiles: FileReading {
    private let base: any FileReading
    private let nowSeconds: Int
    /// By real path.
    private var entries: [ByteString: Entry] = [:]
    /// The names of the entries in each directory.
    private var names: [ByteString: Set<ByteString>] = [:]
    private var permissions: [ByteString: ChangeSet.Permissions] = [:]
    /// Locks that will have been let go.
    private var freed: Set<ByteString> = []

    /// What is at a path, other than in the file system below.
    private enum Entry {
        case file(ByteString, ChangeSet.Attributes)
        case directory(mode: UInt32)
        case nothing
    }

    /// Lays nothing over it yet.
    package init(_ base: any FileReading, nowSeconds: Int) {
        self.base = base
        self.nowSeconds = nowSeconds
    }

    // MARK: laying over

    /// Lays a change set over what there is.
    package mutating func take(_ changes: ChangeSet) throws(FileError) {
        for step in changes.preparation { try take(step) }
        if let commit = changes.commit { try take(commit) }
        for step in changes.completion { try take(step) }
    }

    /// Lays one step over what there is.
    package mutating func take(_ step: ChangeSet.Step) throws(FileError) {
        switch step {
        case .makeDirectory(let path, let mode):
            lay(.directory(mode: mode), at: try realPath(path))
        case .createFile(let path, let contents, let attributes):
            lay(.file(contents, attributes), at: try realPath(path))
        case .editFile(let path, _, let new):
            let key = try realPath(path)
            let status = try status(of: key, followingLinks: true)
            let attributes = ChangeSet.Attributes(
                mode: status?.mode ?? 0o644, owner: status?.owner ?? 0, group: status?.group ?? 0)
            lay(.file(new, attributes), at: key)
        case .setPermissions(let given): permissions[try realPath(given.path)] = given
        case .deleteFile(let path, _, _), .deleteDirectory(let path, _), .removeFile(let path),
            .removeDirectory(let path):
            lay(.nothing, at: try realPath(path))
        case .move: break
        }
    }

    /// Takes the lock on a file for one that has been let go.
    package mutating func free(_ path: ByteString) { freed.insert(path) }

    private mutating func lay(_ entry: Entry, at key: ByteString) {
        entries[key] = entry
        let directory = parentDirectory(of: key)
        names[directory, default: []].insert(name(of: key, in: directory))
    }

    private func name(of path: ByteString, in directory: ByteString) -> ByteString {
        path.dropFirst(directory == "/" ? 1 : directory.count + 1)
    }

    // MARK: reading

    package func realPath(_ path: ByteString) throws(FileError) -> ByteString {
        // What is laid over is known by its real path, and no links come with it. A plan makes
        // thousands of files, so that asking the system for each would take most of its time.
        if entries[path] != nil { return path }
        let directory = parentDirectory(of: path)
        if case .directory? = entries[directory],
            !Self.ownOrParent.contains(name(of: path, in: directory))
        {
            return path
        }
        return try base.realPath(path)
    }

    /// The names that stand for a directory itself and the one above it.
    private static let ownOrParent: Set<ByteString> = ["", ".", ".."]

    /// By what an entry for the path would be known.
    private func key(_ path: ByteString) throws(FileError) -> ByteString {
        entries.isEmpty && permissions.isEmpty ? path : try realPath(path)
    }

    package func read(_ path: ByteString, limitBytes: Int) throws(FileError) -> FileContents {
        switch entries[try key(path)] {
        case .file(let contents, _)?:
            guard let status = try status(of: path, followingLinks: true) else {
                throw .system(operation: .read, path: path, error: .notFound)
            }
            return FileContents(bytes: contents.bytes, status: status)
        case .directory?, .nothing?:
            throw .system(operation: .open, path: path, error: .notFound)
        case nil: return try base.read(path, limitBytes: limitBytes)
        }
    }

    package func read(_ part: FilePart, of path: ByteString) throws(FileError) -> [UInt8] {
        guard case .file(let contents, _)? = entries[try key(path)] else {
            return try base.read(part, of: path)
        }
        return switch part {
        case .first(let bytes): Array(contents.bytes.prefix(bytes))
        case .last(let bytes): Array(contents.bytes.suffix(bytes))
        }
    }

    package func status(
        of path: ByteString, followingLinks: Bool
    ) throws(FileError) -> FileStatus? {
        let key = try key(path)
        var status: FileStatus?
        switch entries[key] {
        case .file(let contents, let attributes)?:
            status = planned(
                .regular, attributes.mode, attributes.owner, attributes.group, contents.count)
        case .directory(let mode)?: status = planned(.directory, mode, 0, 0, 0)
        case .nothing?: return nil
        case nil: status = try base.status(of: path, followingLinks: followingLinks)
        }
        if let given = permissions[key], status?.kind != .link {
            status?.mode = given.mode
            status?.owner = given.owner
            if let group = given.group { status?.group = group }
        }
        return status
    }

    private func planned(
        _ kind: FileStatus.Kind, _ mode: UInt32, _ owner: UInt32, _ group: UInt32, _ size: Int
    ) -> FileStatus {
        let time = Timestamp(seconds: nowSeconds)
        return FileStatus(
            kind: kind, mode: mode, owner: owner, group: group, sizeBytes: size, device: 0,
            inode: 0, links: 1, modified: time, changed: time)
    }

    package func list(_ path: ByteString) throws(FileError) -> [ByteString] {
        let directory = try key(path)
        var names: Set<ByteString> = []
        switch entries[directory] {
        case .directory?: break
        case .file?, .nothing?:
            throw .system(operation: .list, path: path, error: .notFound)
        case nil: names = Set(try base.list(path))
        }
        for name in self.names[directory] ?? [] {
            let path: ByteString = directory == "/" ? "/\(name)" : "\(directory)/\(name)"
            if case .nothing? = entries[path] { names.remove(name) } else { names.insert(name) }
        }
        return names.sorted()
    }

    package func directory(_ path: ByteString) throws(FileError) -> any DirectoryReading {
        if case .directory(let mode)? = entries[try key(path)] {
            return NewDirectory(path: path, attributes: planned(.directory, mode, 0, 0, 0))
        }
        return try base.directory(path)
    }

    package func isLocked(_ path: ByteString) throws(FileError) -> Bool {
        freed.contains(path) ? false : try base.isLocked(path)
    }
}

/// A directory that is not there yet, and so holds nothing that anybody may look for.
private struct NewDirectory: DirectoryReading {
    let path: ByteString
    let attributes: FileStatus

    func names() throws(FileError) -> [ByteString] { [] }

    func read(firstBytes: Int, of name: ByteString) throws(FileError) -> [UInt8] {
        throw .system(operation: .open, path: "\(path)/\(name)", error: .notFound)
    }

    func directory(_ name: ByteString) throws(FileError) -> any DirectoryReading {
        throw .system(operation: .open, path: "\(path)/\(name)", error: .notFound)
    }

    func status() throws(FileError) -> FileStatus { attributes }

    func status(of name: ByteString) throws(FileError) -> FileStatus? { nil }

    func readEach<Value: Sendable>(
        of names: [ByteString],
        _ body: @escaping @Sendable (Int, FileStatus, any LargeFile) throws(FileError) -> Value
    ) -> [Result<Value, FileError>] {
        names.map { name in
            .failure(.system(operation: .open, path: "\(path)/\(name)", error: .notFound))
        }
    }
}
