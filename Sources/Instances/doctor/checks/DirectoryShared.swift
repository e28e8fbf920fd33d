// Check directory-shared: a directory that two instances use, or that belongs to all.

import Bytes

extension Check {
    static let directoryShared = Check(
        id: "directory-shared", title: "Two instances share a directory", severity: .error,
        reference: "MULTI_INSTANCE_README, components of a Postfix system",
        why: """
            Each instance needs a configuration, queue and data directory that nobody else uses. \
            Two queue managers over one queue deliver mail twice or not at all, and a command \
            for one instance changes or removes files of the other. Links and directories within \
            each other count as the same, which Postfix's own check does not see.
            """,
        example: """
            /etc/postfix-out/main.cf:  queue_directory = /var/spool/postfix
            """,
        mend: "postconf -c /etc/postfix-out -e queue_directory=/var/spool/postfix-out"
    ) { snapshot in
        var owners: [ByteString: Owner] = [:]
        for (parameter, path) in snapshot.host.sharedDirectories {
            owners[path] = Owner(instance: nil, parameter: parameter)
        }
        var sightings: [Sighting] = []
        var claims: [(path: ByteString, owner: Owner)] = []
        for instance in snapshot.usable {
            for parameter in privateDirectories {
                guard let path = instance.facts.realPaths[parameter] else { continue }
                let owner = Owner(instance: instance, parameter: parameter)
                if let other = owners[path], !other.isSame(as: owner) {
                    sightings.append(owner.clash(with: other, at: path))
                } else {
                    owners[path] = owner
                    claims.append((path, owner))
                }
            }
        }
        for (path, owner) in claims {
            let outer = enclosing(path).lazy.compactMap { owners[$0] }.first
            if let outer, outer.isClash(around: owner) {
                sightings.append(owner.clash(with: outer, at: path))
            }
        }
        return sightings
    }

    private static let privateDirectories: [ByteString] = [
        "config_directory", "queue_directory", "data_directory",
    ]

    /// The directories around a path, the nearest first.
    private static func enclosing(_ path: ByteString) -> [ByteString] {
        path.bytes.indices.reversed().filter { path.bytes[$0] == 0x2F && $0 > 0 }
            .map { ByteString(path.bytes[..<$0]) }
    }
}

/// Who uses a directory; no instance for one that all share.
private struct Owner {
    let instance: InstanceSnapshot?
    let parameter: ByteString

    func isSame(as other: Owner) -> Bool {
        parameter == other.parameter && instance?.directory == other.instance?.directory
    }

    /// True if an instance's directory must not lie in this one.
    func isClash(around inner: Owner) -> Bool {
        if instance?.directory == inner.instance?.directory { return false }
        // Configuration directories below the primary's, or below /etc/postfix as the shared
        // one, are a usual way to keep them together.
        let isConfiguration = inner.parameter == "config_directory"
        return !(isConfiguration && (parameter == "config_directory" || instance == nil))
    }

    func clash(with other: Owner, at path: ByteString) -> Sighting {
        let whose =
            other.instance.map { "\(other.parameter) of \($0.name)" as ByteString }
            ?? "\(other.parameter) of all instances"
        guard let instance else {
            return Sighting(of: [], at: Finding.Place(file: path), "", mend: nil)
        }
        let last = instance.directory.split { $0 == 0x2F }.last ?? "postfix"
        let base: ByteString = parameter == "queue_directory" ? "/var/spool" : "/var/lib"
        return Sighting(
            of: (other.instance.map { [$0] } ?? []) + [instance],
            at: instance.place(of: parameter),
            "\(path), the \(parameter) of \(instance.name), is or lies in the \(whose)",
            mend: parameter == "config_directory"
                ? nil : instance.setting(parameter, "\(base)/\(last)"))
    }
}
