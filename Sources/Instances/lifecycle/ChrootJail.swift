// What may go of the chroot jail that Debian fills in a queue directory: copies and their
// directories.
//
// Nothing is removed that the system does not have as well.

import Bytes

extension RemovalFacts {
    /// The copies of the system's files, and the directories that hold a copy or nothing at all.
    ///
    /// A directory that holds only what is somebody's own is somebody's own.
    var removableJail: Set<ByteString> {
        var removable: Set<ByteString> = []
        var holdsCopy: Set<ByteString> = []
        var holdsOther: Set<ByteString> = []
        if jailCopies.isEmpty { return removable }
        // What a directory holds comes after it in the tree, so here it is known already.
        for entry in tree.reversed() {
            let path = entry.path
            let parent = ByteString(path.bytes[..<(path.bytes.lastIndex(of: 0x2F) ?? 0)])
            guard jailCopies.contains(path) else {
                if jailCopies.contains(parent) { holdsOther.insert(parent) }
                continue
            }
            if holdsOther.contains(path) { holdsOther.insert(parent) }
            if entry.kind == .file || holdsCopy.contains(path) { holdsCopy.insert(parent) }
            if !holdsOther.contains(path) || holdsCopy.contains(path) { removable.insert(path) }
        }
        return removable
    }
}
