// Gives a directory and all below it an owner, in directories that the owner may write in.
//
// Everything goes through open descriptors: whoever may write there may swap names for links at any
// moment, and must not lead us out.

import Bytes
import Glibc

/// An owner and mode to be set on one object, and perhaps on all below it.
struct PermissionSetting {
    let owner: UInt32
    let group: UInt32?
    let mode: UInt32

    /// Deeper than any queue directory; a deeper tree is not Postfix's.
    private static let limitDepth = 32

    func apply(to object: borrowing Descriptor, path: ByteString) throws(FileError) {
        try object.setOwner(owner, group: group, path: path)
        try object.setMode(mode, path: path)
    }

    /// Sets owner and group below a directory, and the mode of the directories below it.
    func applyBelow(
        _ directory: borrowing Descriptor, path: ByteString, depth: Int
    ) throws(FileError) {
        guard depth < Self.limitDepth else {
            throw .system(operation: .changeOwner, path: path, error: .tooManyLinks)
        }
        for name in try directory.names(path: path) {
            let place: ByteString = "\(path)/\(name)"
            guard let status = status(of: name, in: directory) else { continue }
            switch status.kind {
            case .directory:
                let inner = try Descriptor(
                    name, in: directory, path: place, flags: O_RDONLY | O_DIRECTORY)
                try apply(to: inner, path: place)
                try applyBelow(inner, path: place, depth: depth + 1)
            case .link, .device:
                continue
            case .regular where status.links != 1:
                continue
            case .regular, .socket, .pipe:
                let directoryNumber = directory.number
                let result = unsafe name.withCString {
                    unsafe fchownat(
                        directoryNumber, $0, owner, group ?? UInt32.max, AT_SYMLINK_NOFOLLOW)
                }
                // A queue file may move on while we look; then its new place has the owner.
                guard result == 0 || errno == ENOENT else {
                    throw .system(operation: .changeOwner, path: place, error: .last)
                }
            }
        }
    }

    private func status(of name: ByteString, in directory: borrowing Descriptor) -> FileStatus? {
        var raw = stat()
        let number = directory.number
        let result = unsafe name.withCString {
            unsafe fstatat(number, $0, &raw, AT_SYMLINK_NOFOLLOW)
        }
        return result == 0 ? FileStatus(raw) : nil
    }
}
