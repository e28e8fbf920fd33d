// Sets up the file system in memory before a test, and looks at all of it after.
//
// A test that names a place that cannot be is wrong, and stops at once.

package import Bytes
package import HostAccess

extension InMemoryFileSystem {
    /// Puts a file at the path, with the directories on the way; a file there is overwritten.
    package func addFile(
        _ path: ByteString, _ contents: ByteString = "", mode: UInt32 = 0o644, owner: UInt32 = 0,
        group: UInt32 = 0
    ) {
        if let inode = place(path).inode {
            setContent(.file(contents.bytes), of: inode)
        } else {
            add(path, .file(contents.bytes), mode: mode, owner: owner, group: group)
        }
    }

    /// Puts a directory at the path, with the directories on the way.
    package func addDirectory(
        _ path: ByteString, mode: UInt32 = 0o755, owner: UInt32 = 0, group: UInt32 = 0
    ) {
        guard place(path).inode == nil else { return }
        add(path, .directory([:]), mode: mode, owner: owner, group: group)
    }

    /// Puts a symbolic link at the path.
    package func addLink(_ path: ByteString, to target: ByteString) {
        add(path, .link(target), mode: 0o777)
    }

    /// Gives the file at `target` a second name.
    package func addHardLink(_ path: ByteString, to target: ByteString) {
        guard let inode = place(target).inode else { preconditionFailure("no \(target)") }
        update(inode) { $0.links += 1 }
        let new = place(path)
        setEntry(new.name, of: new.parent, to: inode)
    }

    /// Puts a named pipe at the path.
    package func addPipe(_ path: ByteString) { add(path, .pipe, mode: 0o600) }

    /// Puts a socket at the path.
    package func addSocket(_ path: ByteString) { add(path, .socket, mode: 0o666) }

    /// Puts a device at the path.
    package func addDevice(_ path: ByteString) { add(path, .device, mode: 0o666) }

    /// Takes away what is at the path, and all below.
    package func remove(_ path: ByteString) {
        let old = place(path)
        setEntry(old.name, of: old.parent, to: nil)
    }

    /// Moves a file over another one, as another process does.
    package func moveOver(_ path: ByteString, to newPath: ByteString) {
        addHardLinkReplacing(newPath, to: path)
        remove(path)
    }

    /// Lets another process hold the exclusive lock of a file, which is made if absent.
    package func lockElsewhere(_ path: ByteString, holder: Int) {
        if place(path).inode == nil { addFile(path, mode: 0o600) }
        guard let inode = place(path).inode else { return }
        nodes[inode]?.lockHolder = holder
        setContent(.file(Array("\(holder)\n".utf8)), of: inode)
    }

    /// Lets the other process give the lock of all its files back.
    package func unlockElsewhere(holder: Int) {
        for inode in nodes.keys where nodes[inode]?.lockHolder == holder {
            nodes[inode]?.lockHolder = nil
        }
    }

    /// The content of the file at the path, or nil if there is none.
    package func contents(of path: ByteString) -> ByteString? {
        guard let inode = place(path).inode, nodes[inode]?.kind == .regular else { return nil }
        return nodes[inode].map { ByteString($0.bytes) }
    }

    /// True if anybody holds any lock.
    package var hasLocks: Bool { nodes.values.contains { $0.lockHolder != nil } }

    /// One object as a test compares it.
    package struct Object: Hashable {
        package let kind: FileStatus.Kind
        package let mode: UInt32
        package let owner: UInt32
        package let group: UInt32
        /// The content of a file, the target of a link.
        package let content: ByteString
    }

    /// All there is, by path.
    package var objects: [ByteString: Object] {
        var objects: [ByteString: Object] = [:]
        collect(Self.root, path: "", into: &objects)
        return objects
    }

    private func collect(
        _ directory: Int, path: ByteString, into objects: inout [ByteString: Object]
    ) {
        for (name, inode) in nodes[directory]?.entries ?? [:] {
            guard let node = nodes[inode] else { continue }
            var content = ByteString(node.bytes)
            if case .link(let target) = node.content { content = target }
            objects["\(path)/\(name)"] = Object(
                kind: node.kind, mode: node.mode, owner: node.owner, group: node.group,
                content: content)
            collect(inode, path: "\(path)/\(name)", into: &objects)
        }
    }

    private func addHardLinkReplacing(_ path: ByteString, to target: ByteString) {
        if place(path).inode != nil { remove(path) }
        addHardLink(path, to: target)
    }

    private func add(
        _ path: ByteString, _ content: InMemoryNode.Content, mode: UInt32, owner: UInt32 = 0,
        group: UInt32 = 0
    ) {
        let new = place(path)
        precondition(new.inode == nil, "\(path) is there already")
        let inode = newNode(content, mode: mode)
        update(inode) { node in
            node.owner = owner
            node.group = group
        }
        setEntry(new.name, of: new.parent, to: inode)
    }

    /// Where a path leads, its last component taken as it is; makes the directories on the way.
    private func place(_ path: ByteString) -> Place {
        let names = path.split { $0 == 0x2F }
        var directory: ByteString = ""
        for name in names.dropLast() {
            directory += "/\(name)"
            guard let found = try? walk(directory, followingLast: true), found.missing != nil
            else { continue }  // A place that cannot be is found out below.
            setEntry(found.name, of: found.parent, to: newNode(.directory([:]), mode: 0o755))
        }
        do throws(SystemError) {
            return try walk(path, followingLast: false)
        } catch {
            preconditionFailure("\(path): \(error.text)")
        }
    }
}
