// How much room file systems have, as the rest of the product sees it.

package import Bytes
import Glibc

/// Looks at the room of file systems.
package protocol SpaceReading {
    /// The room of the file system that holds the path.
    func space(at path: ByteString) throws(SystemError) -> FileSystemSpace
}

/// The room of a file system for processes without privileges.
package struct FileSystemSpace: Hashable, Sendable {
    package var freeBytes: Int
    /// How many files it can hold; 0 if it has no such limit.
    package var files: Int
    package var freeFiles: Int

    package init(freeBytes: Int, files: Int, freeFiles: Int) {
        self.freeBytes = freeBytes
        self.files = files
        self.freeFiles = freeFiles
    }
}

/// The file systems of this machine.
package struct LiveSpace: SpaceReading {
    package init() {}

    package func space(at path: ByteString) throws(SystemError) -> FileSystemSpace {
        // The system would look at the part in front of a null byte.
        if path.contains(0) { throw .invalid }
        var raw = statvfs()
        let result = unsafe path.withCString { unsafe statvfs($0, &raw) }
        if result != 0 { throw .last }
        // A file system over a network may claim any number of blocks.
        let (bytes, tooMany) = UInt64(raw.f_bavail)
            .multipliedReportingOverflow(by: UInt64(raw.f_frsize))
        return FileSystemSpace(
            freeBytes: tooMany ? .max : Int(clamping: bytes),
            files: Int(clamping: raw.f_files), freeFiles: Int(clamping: raw.f_favail))
    }
}
