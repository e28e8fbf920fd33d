// All that an instance manager may change on a host, as one value: to compare and to restore.

import Bytes

/// The objects below the directories in which Postfix instances and our own state live.
struct HostTree: Hashable {
    private(set) var objects: [ByteString: DiskObject] = [:]

    /// The directories in which an instance manager makes things.
    private static let parents: [ByteString] = [
        "/etc", "/run", "/var/cache", "/var/lib", "/var/spool",
    ]

    /// What the distribution has in those directories, and nobody here cares about.
    struct Surroundings {
        fileprivate let paths: Set<ByteString>

        /// Takes everything that is there now and has nothing to do with Postfix or with us.
        init() throws {
            var paths: Set<ByteString> = []
            for parent in HostTree.parents {
                for name in try Disk.names(in: parent)
                where !name.hasPrefix("postfix") && name != "postilion" {
                    paths.insert("\(parent)/\(name)")
                }
            }
            self.paths = paths
        }
    }

    /// The tree as it is now.
    init(except surroundings: Surroundings) throws {
        for parent in Self.parents {
            for name in try Disk.names(in: parent) {
                let path: ByteString = "\(parent)/\(name)"
                if !surroundings.paths.contains(path) { try collect(path) }
            }
        }
    }

    private mutating func collect(_ path: ByteString) throws {
        guard let object = try Disk.object(at: path) else { return }
        objects[path] = object
        guard object.kind == .directory else { return }
        for name in try Disk.names(in: path) { try collect("\(path)/\(name)") }
    }

    /// The tree without what our program keeps for itself: history, cache and lock.
    var withoutOwnState: HostTree {
        var result = self
        result.objects = objects.filter { path, _ in !Self.isOwnState(path) }
        return result
    }

    private static func isOwnState(_ path: ByteString) -> Bool {
        let places: [ByteString] = [
            "/var/lib/postilion", "/var/cache/postilion", "/run/postilion",
        ]
        return places.contains { path == $0 || path.hasPrefix($0 + "/") }
    }

    /// The content of a file; nil if there is none.
    func content(of path: ByteString) -> ByteString? { objects[path]?.content }

    /// The paths that satisfy a condition, sorted.
    func paths(where condition: (ByteString) -> Bool) -> [ByteString] {
        objects.keys.filter(condition).sorted()
    }

    /// The paths of all main.cf and master.cf.
    var configurationFiles: [ByteString] {
        paths { $0.hasSuffix("/main.cf") || $0.hasSuffix("/master.cf") }
    }

    /// A journal, and files that were to be renamed; for the complaint.
    var unfinishedFiles: [String] {
        paths { $0.hasSuffix(".tmp") || $0 == "/var/lib/postilion/journal" }
            .map { "unfinished: \($0)" }
    }

    /// The paths in which two trees differ, sorted.
    func differences(from other: HostTree) -> [ByteString] {
        let paths = Set(objects.keys).union(other.objects.keys)
        return paths.filter { objects[$0] != other.objects[$0] }.sorted()
    }

    /// Changes the host from the tree `present`, which it has now, to this one.
    func restore(from present: HostTree) throws {
        let differing = differences(from: present)
        // What a directory holds sorts behind it.
        for path in differing.reversed() {
            guard let old = present.objects[path] else { continue }
            if objects[path]?.kind != old.kind || old.kind != .directory { try Disk.remove(path) }
        }
        for path in differing {
            guard let new = objects[path] else { continue }
            if present.objects[path]?.kind == .directory, new.kind == .directory {
                try Disk.setAttributes(of: new, at: path)
            } else {
                try Disk.make(new, at: path)
            }
        }
        for path in configurationFiles { Disk.age(path) }
    }
}
