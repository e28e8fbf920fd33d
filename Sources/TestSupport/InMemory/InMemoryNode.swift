// One object of the file system in memory. It knows nothing of paths.

import Bytes
import HostAccess

/// A file, directory, link, pipe, socket or device, as an inode holds it.
struct InMemoryNode {
    enum Content {
        case file([UInt8])
        /// The inode numbers of what it holds, by name.
        case directory([ByteString: Int])
        case link(ByteString)
        case pipe, socket, device
    }

    var content: Content
    var mode: UInt32
    var owner: UInt32 = 0
    var group: UInt32 = 0
    var links = 1
    var modified: Timestamp
    var changed: Timestamp
    /// The process that holds the exclusive lock, if any.
    var lockHolder: Int?

    var kind: FileStatus.Kind {
        switch content {
        case .file: .regular
        case .directory: .directory
        case .link: .link
        case .pipe: .pipe
        case .socket: .socket
        case .device: .device
        }
    }

    /// The bytes of a file; of anything else there are none.
    var bytes: [UInt8] { if case .file(let bytes) = content { bytes } else { [] } }

    /// The entries of a directory; nil for anything else.
    var entries: [ByteString: Int]? {
        if case .directory(let entries) = content { entries } else { nil }
    }

    func status(inode: Int) -> FileStatus {
        FileStatus(
            kind: kind, mode: mode, owner: owner, group: group, sizeBytes: bytes.count, device: 1,
            inode: UInt64(inode), links: links, modified: modified, changed: changed)
    }
}

extension SystemError {
    // Linux's numbers of errors that the product needs no names for.
    static let noSuchDevice = SystemError(code: 6)
    static let nameTooLong = SystemError(code: 36)
}
