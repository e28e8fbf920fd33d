// The file system as the rest of the product sees it: a reading half and a changing half.
//
// Whoever only looks (listings, checks) receives a `FileReading` and cannot write. Dry runs,
// recordings and faults are other implementations of these protocols, never conditions in the code.

package import Bytes

/// The reading half of the file system.
package protocol FileReading {
    /// The content of a regular file of at most `limitBytes`.
    ///
    /// Never blocks on a pipe or device and never returns a mixture of an old and a new content:
    /// size and modification time are compared before and after.
    func read(_ path: ByteString, limitBytes: Int) throws(FileError) -> FileContents

    /// The attributes of what is at the path, or nil if nothing is there.
    func status(of path: ByteString, followingLinks: Bool) throws(FileError) -> FileStatus?

    /// The first or the last bytes of a regular file, or all if it has fewer.
    ///
    /// For files that others append to all the time, such as logs, or that are too many to be read
    /// whole; what is written meanwhile may be seen or not. Never blocks on a pipe or device.
    func read(_ part: FilePart, of path: ByteString) throws(FileError) -> [UInt8]

    /// The names in a directory, without "." and "..", sorted by byte value.
    func list(_ path: ByteString) throws(FileError) -> [ByteString]

    /// Opens a directory in which much is to be looked at; a link as the path is followed.
    func directory(_ path: ByteString) throws(FileError) -> any DirectoryReading

    /// The path with all links resolved; what does not exist yet is kept as it is written.
    func realPath(_ path: ByteString) throws(FileError) -> ByteString

    /// True if another process holds an exclusive lock on the file, as master(8) does on its pid
    /// file while it runs; false if there is no such file.
    func isLocked(_ path: ByteString) throws(FileError) -> Bool
}

/// An open directory, which costs less than paths if it holds much.
///
/// No link in it is followed: who may write there cannot lead the one who looks elsewhere.
package protocol DirectoryReading {
    /// The names in it, without "." and "..", as they come.
    func names() throws(FileError) -> [ByteString]

    /// The first bytes of a regular file in it, or all if it has fewer.
    func read(firstBytes: Int, of name: ByteString) throws(FileError) -> [UInt8]

    /// Opens a directory in it.
    func directory(_ name: ByteString) throws(FileError) -> any DirectoryReading

    /// The attributes of the directory itself.
    func status() throws(FileError) -> FileStatus

    /// The attributes of what has a name in it, or nil if nothing has.
    func status(of name: ByteString) throws(FileError) -> FileStatus?

    /// Opens regular files in it and has each of them read, several at the same time, since a disk
    /// that is asked for one after the other is slow.
    ///
    /// - Parameter body: Reads one file, with the number of its name and its attributes; it is
    ///   called in no order.
    /// - Returns: What came of each name, in the order of the names.
    func readEach<Value: Sendable>(
        of names: [ByteString],
        _ body: @escaping @Sendable (Int, FileStatus, any LargeFile) throws(FileError) -> Value
    ) -> [Result<Value, FileError>]
}

/// The changing half of the file system.
///
/// Paths are real paths: a link in any component but those of a lock or of the directory of a
/// replaced file is refused, so that nobody who may write in one of the directories can lead a
/// change elsewhere.
package protocol FileSystem: FileReading {
    /// Makes one directory with exactly this mode, whatever the umask is.
    func makeDirectory(_ path: ByteString, mode: UInt32) throws(FileError)

    /// Puts new content at the path in one step.
    ///
    /// Written under a new name, synchronised, renamed, and the directory synchronised. Other
    /// programs see the old or the new content, nothing between.
    ///
    /// - Throws: `changedMeanwhile` if the present content is not the one that `replacement`
    ///   expects. If the new content is at the path, but the directory could not be synchronised,
    ///   an error for which `isAfterReplacing` is true; no other error comes that late.
    func replace(_ path: ByteString, with replacement: FileReplacement) throws(FileError)

    /// Removes what a `replace` that was killed has left beside the path; others' work stays.
    func discardUnfinished(_ path: ByteString) throws(FileError)

    /// Renames a file within one file system; an old file of the new name is replaced.
    func rename(_ path: ByteString, to newPath: ByteString) throws(FileError)

    /// Moves a file, or a directory with all that it holds, within one file system; the entries of
    /// both directories concerned are on the disk then.
    ///
    /// - Throws: `exists` if anything has the new path, `otherFileSystem` if that would be on
    ///   another file system.
    func move(_ path: ByteString, to newPath: ByteString) throws(FileError)

    /// Makes sure that the entries of a directory are on the disk.
    func synchronise(directory path: ByteString) throws(FileError)

    /// Removes a file or link, not a directory.
    func removeFile(_ path: ByteString) throws(FileError)

    /// Removes an empty directory.
    func removeDirectory(_ path: ByteString) throws(FileError)

    /// Gives a file or directory its owner, group (nil leaves it) and mode.
    ///
    /// With `includingContents` owner and group go to all below as well, the mode to the
    /// directories below. Links are left alone, and so are files with a second hard link.
    func setPermissions(
        _ path: ByteString, mode: UInt32, owner: UInt32, group: UInt32?, includingContents: Bool
    ) throws(FileError)

    /// Runs `body` while holding the exclusive lock of the file at `path`, which is made if absent.
    ///
    /// Signals that ask a process to end wait until `body` is done.
    ///
    /// - Throws: `locked` with the holder's process id if the lock is not free within
    ///   `waitSeconds`, and whatever `body` throws.
    func withExclusiveLock<Result>(
        _ path: ByteString, waitSeconds: Int, _ body: () throws -> Result
    ) throws -> Result
}

/// Which bytes of a file are to be read.
package enum FilePart: Hashable, Sendable {
    case first(bytes: Int)
    case last(bytes: Int)
}

/// The new content of a file, with the state that it replaces.
package struct FileReplacement: Hashable, Sendable {
    package var contents: ByteString
    package var expected: Expectation
    package var attributes: Attributes
    /// The file gets a modification time a few seconds in the past.
    ///
    /// Every Postfix program that reads a main.cf changed within the last two seconds waits and
    /// reads again, because it may be half written. A file put in place by rename never is.
    package var looksSettled: Bool

    /// What must be at the path for the replacement to go ahead.
    package enum Expectation: Hashable, Sendable {
        /// Nothing is there.
        case absent
        /// A regular file with this content is there.
        case contents(ByteString)
        /// Anything may be there.
        case anything
    }

    /// Mode and owner of the new file.
    package enum Attributes: Hashable, Sendable {
        /// Those of the file that is replaced.
        case kept
        /// These.
        case given(mode: UInt32, owner: UInt32, group: UInt32)
    }

    package init(
        contents: ByteString, expected: Expectation, attributes: Attributes,
        looksSettled: Bool = false
    ) {
        self.contents = contents
        self.expected = expected
        self.attributes = attributes
        self.looksSettled = looksSettled
    }
}
