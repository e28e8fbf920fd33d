// The chroot jail that Debian fills in a queue directory: what in it is a copy of the system's.
//
// It must not take for a copy what would be lost with it: that is for its caller to keep.

import Bytes
import HostAccess

/// Compares what lies in a jail with the system that it was copied from.
struct JailObserver {
    let files: any FileReading
    let queueDirectory: ByteString

    /// The directories of a queue directory that are filled at each start.
    static let names: Set<ByteString> = ["etc", "lib", "usr"]

    /// 16 MiB: many times the largest bundle of certificates.
    private static let limitBytes = 1 << 24

    /// True for root's copy of a file, and for root's directory that the system has as well.
    func isCopy(_ path: ByteString, _ status: FileStatus) -> Bool {
        // Where others may write, what is found may be another thing a moment later.
        guard status.owner == 0, status.kind != .directory || status.mode & 0o022 == 0 else {
            return false
        }
        return originals(of: path).contains { original in
            // What cannot be looked at is no original that anybody could go back to.
            guard let system = try? files.status(of: original, followingLinks: true),
                system.kind == status.kind, isElsewhere(original, system, than: status)
            else { return false }
            switch status.kind {
            case .directory: return true
            case .regular:
                return system.sizeBytes == status.sizeBytes && hasSameContent(path, original)
            default: return false
            }
        }
    }

    /// Where the file or directory may have been copied from.
    private func originals(of path: ByteString) -> [ByteString] {
        let place = path.dropFirst(queueDirectory.count)
        let parts = place.split { $0 == 0x2F }
        guard parts.count == 2, parts[0] == "lib" else { return [place] }
        // Modules of the name service come out of a directory such as x86_64-linux-gnu.
        let systems = ((try? files.list("/usr/lib")) ?? []).filter { name in
            name.split { $0 == 0x2D }.contains("linux")
        }
        return [place] + systems.map { "/usr/lib/\($0)/\(parts[1])" }
    }

    /// False if the system's file is a link to the one in the jail: some keep theirs there.
    private func isElsewhere(
        _ original: ByteString, _ system: FileStatus, than status: FileStatus
    ) -> Bool {
        guard system.device != status.device || system.inode != status.inode,
            let realPath = try? files.realPath(original)
        else { return false }
        return !realPath.hasPrefix("\(queueDirectory)/")
    }

    private func hasSameContent(_ path: ByteString, _ original: ByteString) -> Bool {
        // A file that cannot be read, or is too large, stays.
        guard let copy = try? files.read(path, limitBytes: Self.limitBytes),
            let system = try? files.read(original, limitBytes: Self.limitBytes)
        else { return false }
        return copy.bytes == system.bytes
    }
}
