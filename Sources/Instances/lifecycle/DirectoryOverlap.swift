// Two instances must not share a directory, nor may one lie within another's: by real path.

package import Bytes

/// A directory in use, with its owner and its real path.
package struct OccupiedDirectory: Hashable, Sendable {
    package let owner: Claims.Owner
    package let realPath: ByteString

    package init(owner: Claims.Owner, realPath: ByteString) {
        self.owner = owner
        self.realPath = realPath
    }
}

/// Finds the first of the occupied directories that a new one would share, contain or lie in.
package func firstOverlap(
    of realPath: ByteString, with occupied: [OccupiedDirectory]
) -> OccupiedDirectory? {
    occupied.first { contains($0.realPath, realPath) || contains(realPath, $0.realPath) }
}

/// True if the path is one that belongs to the system, whatever Postfix is told.
package func isSystemDirectory(_ realPath: ByteString) -> Bool {
    systemDirectories.contains(realPath)
        || ["/proc/", "/sys/", "/dev/"].contains { realPath.hasPrefix($0) }
}

private let systemDirectories: Set<ByteString> = [
    "/", "/bin", "/boot", "/dev", "/etc", "/home", "/lib", "/lib32", "/lib64", "/media",
    "/mnt", "/opt", "/proc", "/root", "/run", "/sbin", "/srv", "/sys", "/tmp", "/usr", "/var",
    "/usr/bin", "/usr/lib", "/usr/local", "/usr/sbin", "/usr/share", "/var/cache", "/var/lib",
    "/var/log", "/var/mail", "/var/run", "/var/spool", "/var/tmp",
]

/// True if `inner` is `outer` or lies below it.
private func contains(_ outer: ByteString, _ inner: ByteString) -> Bool {
    // Every new directory is held against every other one: no text is made for it.
    guard inner.hasPrefix(outer) else { return false }
    return inner.count == outer.count || outer == "/" || inner.bytes[outer.count] == 0x2F
}
