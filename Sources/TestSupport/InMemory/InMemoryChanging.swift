// The changing half of the file system in memory.

package import Bytes
package import HostAccess

extension InMemoryFileSystem: FileSystem {
    package func makeDirectory(_ path: ByteString, mode: UInt32) throws(FileError) {
        let place = try strictPlace(path)
        guard place.inode == nil else {
            throw .system(operation: .makeDirectory, path: path, error: .exists)
        }
        setEntry(place.name, of: place.parent, to: newNode(.directory([:]), mode: mode))
    }

    package func removeFile(_ path: ByteString) throws(FileError) {
        let place = try strictPlace(path)
        guard let inode = place.inode else {
            throw .system(operation: .remove, path: path, error: .notFound)
        }
        if nodes[inode]?.kind == .directory {
            throw .system(operation: .remove, path: path, error: .isDirectory)
        }
        setEntry(place.name, of: place.parent, to: nil)
    }

    package func removeDirectory(_ path: ByteString) throws(FileError) {
        let place = try strictPlace(path)
        guard let inode = place.inode else {
            throw .system(operation: .removeDirectory, path: path, error: .notFound)
        }
        guard let entries = nodes[inode]?.entries else {
            throw .system(operation: .removeDirectory, path: path, error: .notDirectory)
        }
        guard entries.isEmpty else {
            throw .system(operation: .removeDirectory, path: path, error: .notEmpty)
        }
        setEntry(place.name, of: place.parent, to: nil)
    }

    package func setPermissions(
        _ path: ByteString, mode: UInt32, owner: UInt32, group: UInt32?, includingContents: Bool
    ) throws(FileError) {
        let place = try strictPlace(path)
        guard let inode = place.inode else {
            throw .system(operation: .open, path: path, error: .notFound)
        }
        switch nodes[inode]?.kind {
        case .link: throw .system(operation: .open, path: path, error: .tooManyLinks)
        case .socket: throw .system(operation: .open, path: path, error: .noSuchDevice)
        default: break
        }
        setOwner(owner, group, mode: mode, of: inode)
        guard includingContents else { return }
        guard nodes[inode]?.kind == .directory else {
            throw .system(operation: .list, path: path, error: .notDirectory)
        }
        setPermissionsBelow(inode, mode: mode, owner: owner, group: group)
    }

    private func setPermissionsBelow(
        _ directory: Int, mode: UInt32, owner: UInt32, group: UInt32?
    ) {
        for inode in (nodes[directory]?.entries ?? [:]).values {
            switch nodes[inode]?.kind {
            case .directory:
                setOwner(owner, group, mode: mode, of: inode)
                setPermissionsBelow(inode, mode: mode, owner: owner, group: group)
            case .regular where nodes[inode]?.links != 1: continue
            case .regular, .socket, .pipe: setOwner(owner, group, mode: nil, of: inode)
            case .link, .device, nil: continue
            }
        }
    }

    private func setOwner(_ owner: UInt32, _ group: UInt32?, mode: UInt32?, of inode: Int) {
        update(inode) { node in
            node.owner = owner
            node.group = group ?? node.group
            node.mode = mode ?? node.mode
        }
    }

    package func replace(
        _ path: ByteString, with replacement: FileReplacement
    ) throws(FileError) {
        let newPath: ByteString = "\(path).tmp"
        let file = try openLocked(newPath)
        defer { nodes[file]?.lockHolder = nil }
        do throws(FileError) {
            let present = try presentFile(path, expected: replacement.expected)
            setContent(.file(replacement.contents.bytes), of: file)
            switch replacement.attributes {
            case .kept:
                if let present {
                    setOwner(present.owner, present.group, mode: present.mode, of: file)
                } else {
                    update(file) { $0.mode = 0o644 }
                }
            case .given(let mode, let owner, let group):
                setOwner(owner, group, mode: mode, of: file)
            }
            if replacement.looksSettled { settle(file, replacing: present?.modified) }
            try move(newPath, over: path)
        } catch {
            try? removeFile(newPath)  // The unfinished file is there, or somebody took it away.
            throw error
        }
    }

    /// Opens or makes the new file and takes the lock that `postconf -e` also takes.
    private func openLocked(_ newPath: ByteString) throws(FileError) -> Int {
        while true {
            let file = try openOrMake(newPath, operation: .open)
            try lock(file, newPath, waitSeconds: 10)
            let atPath = try status(of: newPath, followingLinks: false)
            if atPath?.inode == UInt64(file), atPath?.links == 1 { return file }
            nodes[file]?.lockHolder = nil
            if atPath?.inode == UInt64(file) {
                throw .system(operation: .open, path: newPath, error: .exists)
            }
        }
    }

    private func presentFile(
        _ path: ByteString, expected: FileReplacement.Expectation
    ) throws(FileError) -> FileStatus? {
        let present = try status(of: path, followingLinks: true)
        switch expected {
        case .anything:
            return present
        case .absent:
            guard present == nil else {
                throw .system(operation: .write, path: path, error: .exists)
            }
            return nil
        case .contents(let old):
            guard present?.kind == .regular else { throw .changedMeanwhile(path: path) }
            let file = try read(path, limitBytes: .max)
            guard file.bytes == old.bytes else { throw .changedMeanwhile(path: path) }
            return file.status
        }
    }

    private func settle(_ file: Int, replacing old: Timestamp?) {
        update(file) { node in
            let second = node.modified.seconds - 3
            node.modified = Timestamp(seconds: old?.seconds == second ? second - 1 : second)
        }
    }

    private func move(_ path: ByteString, over newPath: ByteString) throws(FileError) {
        do throws(SystemError) {
            let old = try walk(path, followingLast: false)
            let new = try walk(newPath, followingLast: false)
            try rename(old, to: new)
        } catch {
            throw .system(operation: .rename, path: path, error: error)
        }
    }

    package func rename(_ path: ByteString, to newPath: ByteString) throws(FileError) {
        let old = try strictPlace(path)
        let new = try strictPlace(newPath)
        do throws(SystemError) {
            try rename(old, to: new)
        } catch {
            throw .system(operation: .rename, path: path, error: error)
        }
    }

    private func rename(_ old: Place, to new: Place) throws(SystemError) {
        guard let inode = old.inode else { throw .notFound }
        if let target = new.inode, nodes[target]?.kind == .directory { throw .isDirectory }
        update(inode) { $0.links += 1 }
        setEntry(new.name, of: new.parent, to: inode)
        setEntry(old.name, of: old.parent, to: nil)
    }

    package func move(
        _ path: ByteString, to newPath: ByteString
    ) throws(FileError) {
        let old = try strictPlace(path)
        let new = try strictPlace(newPath)
        func fail(_ operation: FileError.Operation, _ error: SystemError) -> FileError {
            .system(operation: operation, path: path, error: error)
        }
        guard let inode = old.inode else { throw fail(.open, .notFound) }
        switch nodes[inode]?.kind {
        case .regular, .directory: break
        case .link: throw fail(.open, .tooManyLinks)
        case .socket: throw fail(.open, .noSuchDevice)
        default: throw .notRegularFile(path: path)
        }
        guard new.inode == nil else { throw fail(.rename, .exists) }
        guard !new.trail.contains(where: { $0.inode == inode }) else {
            throw fail(.rename, .invalid)
        }
        update(inode) { $0.links += 1 }
        setEntry(new.name, of: new.parent, to: inode)
        setEntry(old.name, of: old.parent, to: nil)
    }

    package func synchronise(directory path: ByteString) throws(FileError) {
        do throws(SystemError) {
            let place = try walk(path, followingLast: true)
            guard let inode = place.inode else { throw .notFound }
            guard nodes[inode]?.kind == .directory else { throw .notDirectory }
        } catch {
            throw .system(operation: .open, path: path, error: error)
        }
    }

    package func discardUnfinished(_ path: ByteString) throws(FileError) {
        let newPath: ByteString = "\(path).tmp"
        guard let found = try status(of: newPath, followingLinks: false), found.kind == .regular,
            found.owner == 0, nodes[Int(found.inode)]?.lockHolder == nil
        else { return }
        try removeFile(newPath)
    }

    package func withExclusiveLock<Result>(
        _ path: ByteString, waitSeconds: Int, _ body: () throws -> Result
    ) throws -> Result {
        let file = try openOrMake(path, operation: .lock)
        try lock(file, path, waitSeconds: waitSeconds)
        defer { nodes[file]?.lockHolder = nil }
        setContent(.file(Array("\(processIdentifier)\n".utf8)), of: file)
        return try body()
    }

    private func openOrMake(
        _ path: ByteString, operation: FileError.Operation
    ) throws(FileError) -> Int {
        do throws(SystemError) {
            let place = try walk(path, followingLast: false)
            guard let inode = place.inode else {
                let inode = newNode(.file([]), mode: 0o600)
                setEntry(place.name, of: place.parent, to: inode)
                return inode
            }
            switch nodes[inode]?.kind {
            case .link: throw .tooManyLinks
            case .directory: throw .isDirectory
            case .socket: throw .noSuchDevice
            default: return inode
            }
        } catch {
            throw .system(operation: operation, path: path, error: error)
        }
    }

    private func lock(_ file: Int, _ path: ByteString, waitSeconds: Int) throws(FileError) {
        guard wait(limitSeconds: waitSeconds, until: { nodes[file]?.lockHolder == nil }) else {
            let text = ByteString(nodes[file]?.bytes ?? []).text
            let number = text.hasSuffix("\n") ? Int(text.dropLast()) : nil
            throw .locked(path: path, holder: number)
        }
        nodes[file]?.lockHolder = processIdentifier
    }

    /// Where a change is to happen: no component may be a link, and the directory must exist.
    private func strictPlace(_ path: ByteString) throws(FileError) -> Place {
        let names = path.split { $0 == 0x2F }
        guard path.hasPrefix("/"), !names.isEmpty, !path.contains(0), !names.contains("..") else {
            throw .system(operation: .open, path: path, error: .invalid)
        }
        var place = Place()
        for (index, name) in names.enumerated() where name != "." {
            let isLast = index == names.count - 1
            guard let entries = nodes[place.inode ?? Self.root]?.entries else {
                throw .system(operation: .open, path: path, error: .notDirectory)
            }
            guard let inode = entries[name] else {
                guard isLast else {
                    throw .system(operation: .open, path: path, error: .notFound)
                }
                place.missing = name
                break
            }
            if !isLast, nodes[inode]?.kind != .directory {
                throw .system(operation: .open, path: path, error: .notDirectory)
            }
            place.trail.append((name, inode))
        }
        return place
    }
}
