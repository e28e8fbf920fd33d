// The attributes of a file that decisions are made from.

/// The attributes of a file system object, as lstat(2) or stat(2) tells them.
package struct FileStatus: Hashable, Sendable {
    package var kind: Kind
    /// Permission bits, without the type: 0o7777 at most.
    package var mode: UInt32
    package var owner: UInt32
    package var group: UInt32
    package var sizeBytes: Int
    package var device: UInt64
    package var inode: UInt64
    package var links: Int
    package var modified: Timestamp
    package var changed: Timestamp

    /// What kind of object it is.
    package enum Kind: Hashable, Sendable {
        case regular, directory, link, socket, pipe, device
    }

    package init(
        kind: Kind, mode: UInt32, owner: UInt32, group: UInt32, sizeBytes: Int,
        device: UInt64, inode: UInt64, links: Int, modified: Timestamp, changed: Timestamp
    ) {
        self.kind = kind
        self.mode = mode
        self.owner = owner
        self.group = group
        self.sizeBytes = sizeBytes
        self.device = device
        self.inode = inode
        self.links = links
        self.modified = modified
        self.changed = changed
    }
}

/// A point in time, in seconds and nanoseconds since 1970.
package struct Timestamp: Hashable, Comparable, Sendable {
    package var seconds: Int
    package var nanoseconds: Int

    package init(seconds: Int, nanoseconds: Int = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }
}

/// The content of a file together with the attributes it had while it was read.
package struct FileContents: Sendable {
    package let bytes: [UInt8]
    package let status: FileStatus

    package init(bytes: [UInt8], status: FileStatus) {
        self.bytes = bytes
        self.status = status
    }
}
