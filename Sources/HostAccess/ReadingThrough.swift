// What file systems have in common that read what another one has: the reading is passed on.

package import Bytes

/// A file system that reads through another one.
package protocol ReadingThrough: FileReading {
    /// The one that has the files.
    var readable: any FileReading { get }
}

extension ReadingThrough {
    package func read(_ path: ByteString, limitBytes: Int) throws(FileError) -> FileContents {
        try readable.read(path, limitBytes: limitBytes)
    }

    package func status(
        of path: ByteString, followingLinks: Bool
    ) throws(FileError) -> FileStatus? {
        try readable.status(of: path, followingLinks: followingLinks)
    }

    package func read(_ part: FilePart, of path: ByteString) throws(FileError) -> [UInt8] {
        try readable.read(part, of: path)
    }

    package func list(_ path: ByteString) throws(FileError) -> [ByteString] {
        try readable.list(path)
    }

    package func directory(_ path: ByteString) throws(FileError) -> any DirectoryReading {
        try readable.directory(path)
    }

    package func realPath(_ path: ByteString) throws(FileError) -> ByteString {
        try readable.realPath(path)
    }

    package func isLocked(_ path: ByteString) throws(FileError) -> Bool {
        try readable.isLocked(path)
    }
}
