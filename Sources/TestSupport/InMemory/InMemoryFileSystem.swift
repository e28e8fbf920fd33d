// A file system in memory: the same answers and the same failures as the real one, for root.
//
// The conformance tests hold it to what the live file system does; what they do not cover it must
// not be trusted with. It checks no permissions: refusals are the work of `FaultyFileSystem`.

package import Bytes
package import HostAccess

/// A file system that exists in memory only; its clock runs when something changes or waits.
package final class InMemoryFileSystem {
    var nodes: [Int: InMemoryNode] = [:]
    /// Reading these paths fails with the given error, as on a broken disk.
    package var readFaults: [ByteString: SystemError] = [:]
    /// These files change whenever they are read.
    package var restlessPaths: Set<ByteString> = []
    /// The number that this process writes into locks.
    package let processIdentifier = 4242

    private var nanoseconds = 1_700_000_000_000_000_000
    private var nextInode = 1
    private var plans: [Plan] = []
    static let root = 1
    /// Linux gives up after as many links.
    private static let maximumLinks = 40

    /// What another process will do at some time.
    private struct Plan {
        let time: Int
        let action: (InMemoryFileSystem) -> Void
    }

    /// Begins with an empty root directory.
    package init() {
        _ = newNode(.directory([:]), mode: 0o755)
    }

    /// Begins with what another one holds now; both go their own ways from here.
    package init(copying other: InMemoryFileSystem) {
        nodes = other.nodes
        readFaults = other.readFaults
        restlessPaths = other.restlessPaths
        nanoseconds = other.nanoseconds
        nextInode = other.nextInode
        plans = other.plans
    }

    // MARK: time

    /// The time of the next change; no two changes have the same.
    func tick() -> Timestamp {
        nanoseconds += 1_000_000
        return Timestamp(
            seconds: nanoseconds / 1_000_000_000, nanoseconds: nanoseconds % 1_000_000_000)
    }

    /// Plans what another process does when this one has waited so long.
    package func after(milliseconds: Int, _ action: @escaping (InMemoryFileSystem) -> Void) {
        plans.append(Plan(time: nanoseconds + milliseconds * 1_000_000, action: action))
    }

    /// Lets time pass until the condition holds; false if it does not within the limit.
    func wait(limitSeconds: Int, until condition: () -> Bool) -> Bool {
        let deadline = nanoseconds + limitSeconds * 1_000_000_000
        while !condition() {
            guard nanoseconds <= deadline else { return false }
            nanoseconds += 5_000_000
            let due = plans.filter { $0.time <= nanoseconds }
            plans.removeAll { $0.time <= nanoseconds }
            for plan in due { plan.action(self) }
        }
        return true
    }

    // MARK: objects

    func newNode(_ content: InMemoryNode.Content, mode: UInt32) -> Int {
        let now = tick()
        let inode = nextInode
        nextInode += 1
        nodes[inode] = InMemoryNode(content: content, mode: mode, modified: now, changed: now)
        return inode
    }

    func update(_ inode: Int, _ change: (inout InMemoryNode) -> Void) {
        guard var node = nodes[inode] else { return }
        change(&node)
        node.changed = tick()
        nodes[inode] = node
    }

    func setContent(_ content: InMemoryNode.Content, of inode: Int) {
        let now = tick()
        update(inode) { node in
            node.content = content
            node.modified = now
        }
    }

    /// Puts an object into a directory under a name, or takes what has the name out of it.
    func setEntry(_ name: ByteString, of directory: Int, to inode: Int?) {
        guard var entries = nodes[directory]?.entries else { return }
        if let old = entries[name] { update(old) { $0.links -= 1 } }
        entries[name] = inode
        setContent(.directory(entries), of: directory)
    }

    // MARK: paths

    /// Where a path leads: the objects on the way, and a last name that does not exist.
    struct Place {
        var trail: [(name: ByteString, inode: Int)] = []
        var missing: ByteString?

        /// The object at the path, or nil if it does not exist.
        var inode: Int? { missing == nil ? trail.last?.inode ?? root : nil }

        /// The directory that holds the object, or would hold it.
        var parent: Int {
            let parents = missing == nil ? trail.dropLast() : trail[...]
            return parents.last?.inode ?? root
        }

        /// The last name: of the object, or the one that does not exist.
        var name: ByteString { missing ?? trail.last?.name ?? "" }
    }

    /// Follows a path as the kernel does; only the last name may be missing.
    func walk(_ path: ByteString, followingLast: Bool) throws(SystemError) -> Place {
        guard path.hasPrefix("/") else { throw path.isEmpty ? .notFound : .invalid }
        guard !path.contains(0) else { throw .invalid }
        guard path.count < 4096 else { throw .nameTooLong }
        let wantsDirectory = path.hasSuffix("/")
        var pending = components(of: path)
        var place = Place()
        var links = 0
        while let name = pending.popLast() {
            let directory = place.trail.last?.inode ?? Self.root
            guard let entries = nodes[directory]?.entries else { throw .notDirectory }
            guard name.count <= 255 else { throw .nameTooLong }
            if name == "." { continue }
            if name == ".." {
                _ = place.trail.popLast()
                continue
            }
            guard let inode = entries[name] else {
                guard pending.isEmpty else { throw .notFound }
                place.missing = name
                return place
            }
            let follows = !pending.isEmpty || followingLast || wantsDirectory
            if follows, case .link(let target)? = nodes[inode]?.content {
                links += 1
                guard links <= Self.maximumLinks else { throw .tooManyLinks }
                if target.hasPrefix("/") { place.trail = [] }
                pending += components(of: target)
            } else {
                place.trail.append((name, inode))
            }
        }
        if wantsDirectory, let inode = place.inode, nodes[inode]?.kind != .directory {
            throw .notDirectory
        }
        return place
    }

    /// The names in a path, the first one last.
    private func components(of path: ByteString) -> [ByteString] {
        path.split { $0 == 0x2F }.reversed()
    }
}
