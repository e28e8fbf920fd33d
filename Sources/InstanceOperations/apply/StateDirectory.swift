// Where the product keeps what must outlive a command: the journal and the history.

package import Bytes
package import HostAccess

/// The directory of the journal and the history; only root may look into it, because old
/// configuration files may hold secrets.
package enum StateDirectory {
    private static let parent: ByteString = "/var/lib"
    package static let path: ByteString = "/var/lib/postilion"
    static let journal: ByteString = "/var/lib/postilion/journal"
    static let generations: ByteString = "/var/lib/postilion/generations"

    /// Makes the directories that are missing.
    package static func prepare(in files: any FileSystem) throws(FileError) {
        for (directory, parent) in [(path, Self.parent), (generations, path)] {
            if try files.status(of: directory, followingLinks: false) == nil {
                try files.makeDirectory(directory, mode: 0o700)
                // A journal whose directory is lost in a power cut would be no journal.
                try files.synchronise(directory: parent)
            }
        }
    }
}
