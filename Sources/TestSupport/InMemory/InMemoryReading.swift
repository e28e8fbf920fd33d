// The reading half of the file system in memory.

package import Bytes
package import HostAccess

extension InMemoryFileSystem: FileReading {
    package func read(
        _ path: ByteString, limitBytes: Int
    ) throws(FileError) -> FileContents {
        let (inode, node) = try open(path)
        if let fault = readFaults[path] {
            throw .system(operation: .read, path: path, error: fault)
        }
        switch node.kind {
        case .regular: break
        case .directory: throw .system(operation: .read, path: path, error: .isDirectory)
        case .socket: throw .system(operation: .open, path: path, error: .noSuchDevice)
        case .link, .pipe, .device: throw .notRegularFile(path: path)
        }
        guard node.bytes.count <= limitBytes else {
            throw .tooLarge(path: path, limitBytes: limitBytes)
        }
        if restlessPaths.contains(path) { throw .changedMeanwhile(path: path) }
        return FileContents(bytes: node.bytes, status: node.status(inode: inode))
    }

    package func read(
        _ part: FilePart, of path: ByteString
    ) throws(FileError) -> [UInt8] {
        let bytes = try read(path, limitBytes: .max).bytes
        return switch part {
        case .first(let count): Array(bytes.prefix(count))
        case .last(let count): Array(bytes.suffix(count))
        }
    }

    package func status(
        of path: ByteString, followingLinks: Bool
    ) throws(FileError) -> FileStatus? {
        do throws(SystemError) {
            let place = try walk(path, followingLast: followingLinks)
            return place.inode.flatMap { nodes[$0]?.status(inode: $0) }
        } catch {
            if error == .notFound || error == .notDirectory { return nil }
            throw .system(operation: .status, path: path, error: error)
        }
    }

    package func list(_ path: ByteString) throws(FileError) -> [ByteString] {
        let (_, node) = try open(path, operation: .list)
        guard let entries = node.entries else {
            throw .system(operation: .list, path: path, error: .notDirectory)
        }
        if let fault = readFaults[path] {
            throw .system(operation: .list, path: path, error: fault)
        }
        return entries.keys.sorted()
    }

    package func directory(_ path: ByteString) throws(FileError) -> any DirectoryReading {
        _ = try list(path)
        return InMemoryDirectory(files: self, path: path)
    }

    package func realPath(_ path: ByteString) throws(FileError) -> ByteString {
        do throws(SystemError) {
            return try resolved(path)
        } catch {
            throw .system(operation: .status, path: path, error: error)
        }
    }

    private func resolved(_ path: ByteString) throws(SystemError) -> ByteString {
        do throws(SystemError) {
            let place = try walk(path, followingLast: true)
            if place.missing != nil { throw .notFound }
            return place.trail.isEmpty ? "/" : place.trail.reduce("") { "\($0)/\($1.name)" }
        } catch {
            guard error == .notFound, path.count > 1,
                let slash = path.bytes.lastIndex(of: 0x2F)
            else { throw error }
            let name = ByteString(path.bytes[(slash + 1)...])
            let parent = try resolved(slash == 0 ? "/" : ByteString(path.bytes[..<slash]))
            if name.isEmpty || name == "." { return parent }
            return parent == "/" ? "/\(name)" : "\(parent)/\(name)"
        }
    }

    package func isLocked(_ path: ByteString) throws(FileError) -> Bool {
        do throws(FileError) {
            let (_, node) = try open(path)
            if node.kind == .socket {
                throw .system(operation: .open, path: path, error: .noSuchDevice)
            }
            return node.lockHolder != nil
        } catch {
            if error.isNotFound { return false }
            throw error
        }
    }

    /// The object at a path, all links followed.
    private func open(
        _ path: ByteString, operation: FileError.Operation = .open
    ) throws(FileError) -> (inode: Int, node: InMemoryNode) {
        do throws(SystemError) {
            let place = try walk(path, followingLast: true)
            guard let inode = place.inode, let node = nodes[inode] else { throw .notFound }
            return (inode, node)
        } catch {
            throw .system(operation: operation, path: path, error: error)
        }
    }
}

/// A directory of a file system in memory.
private struct InMemoryDirectory: DirectoryReading {
    let files: InMemoryFileSystem
    let path: ByteString

    /// Some order that is not the sorted one.
    func names() throws(FileError) -> [ByteString] { try files.list(path).reversed() }

    func read(firstBytes: Int, of name: ByteString) throws(FileError) -> [UInt8] {
        try refuseLink(name, .open, .tooManyLinks)
        return try files.read(.first(bytes: firstBytes), of: "\(path)/\(name)")
    }

    func directory(_ name: ByteString) throws(FileError) -> any DirectoryReading {
        try refuseLink(name, .list, .notDirectory)
        return try files.directory("\(path)/\(name)")
    }

    func status() throws(FileError) -> FileStatus {
        guard let status = try files.status(of: path, followingLinks: true) else {
            throw .system(operation: .status, path: path, error: .notFound)
        }
        return status
    }

    func status(of name: ByteString) throws(FileError) -> FileStatus? {
        try files.status(of: "\(path)/\(name)", followingLinks: false)
    }

    func readEach<Value: Sendable>(
        of names: [ByteString],
        _ body: @escaping @Sendable (Int, FileStatus, any LargeFile) throws(FileError) -> Value
    ) -> [Result<Value, FileError>] {
        names.enumerated().map { index, name in
            Result { () throws(FileError) in
                try refuseLink(name, .open, .tooManyLinks)
                let contents = try files.read("\(path)/\(name)", limitBytes: .max)
                return try body(
                    index, contents.status,
                    InMemoryLargeFile(path: name) { () throws(FileError) in contents.bytes })
            }
        }
    }

    private func refuseLink(
        _ name: ByteString, _ operation: FileError.Operation, _ error: SystemError
    ) throws(FileError) {
        let path: ByteString = "\(path)/\(name)"
        if try files.status(of: path, followingLinks: false)?.kind == .link {
            throw .system(operation: operation, path: path, error: error)
        }
    }
}
