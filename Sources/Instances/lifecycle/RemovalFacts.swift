// What deport and destroy must know of an instance on the host. Values only.

package import Bytes

/// A file system object below one of an instance's directories.
package struct TreeEntry: Hashable, Sendable {
    /// What kind of object it is.
    package enum Kind: Hashable, Sendable { case file, directory, socket, pipe, other }

    /// The real path.
    package let path: ByteString
    package let kind: Kind

    package init(path: ByteString, kind: Kind) {
        self.path = path
        self.kind = kind
    }
}

/// What deport and destroy must know of the instance on the host.
package struct RemovalFacts: Sendable {
    package var hasMainCF: Bool
    package var isRunning: Bool
    /// Real paths; nil when the directory is unknown or does not exist.
    package var configDirectory: ByteString?
    package var queueDirectory: ByteString?
    package var dataDirectory: ByteString?
    /// The links by which the three directories are reached: somebody has made them.
    package var links: [ByteString]
    /// The names of the directories that Postfix makes in a queue directory.
    package var queueNames: Set<ByteString>
    /// The real paths of the cache databases that the instance's parameters name.
    package var cachePaths: Set<ByteString>
    /// What is in a chroot jail in the queue directory, and the system has as well: files with
    /// the same content, and directories.
    package var jailCopies: Set<ByteString>
    /// The directories that others have in use.
    package var others: [OccupiedDirectory]
    /// All below the queue directories of Postfix and in a jail, and what lies directly in the
    /// three private directories; a directory comes before what it holds.
    package var tree: [TreeEntry]
    /// Who gets the mail that is queued, if anybody.
    package var heir: HeirFacts?
    /// What the files hold that go with the configuration directory, by their real paths, so that
    /// they can be brought back.
    package var contents: [ByteString: ConfigFile] = [:]
    /// Owners and modes of the directories, by their real paths, for the same reason.
    package var directories: [ByteString: ChangeSet.Attributes] = [:]
    /// The real paths of what is known to be made for the instance, beside what Postfix makes.
    package var made: Set<ByteString> = []

    package init(
        hasMainCF: Bool, isRunning: Bool, configDirectory: ByteString?,
        queueDirectory: ByteString?, dataDirectory: ByteString?, queueNames: Set<ByteString>,
        cachePaths: Set<ByteString>, tree: [TreeEntry], links: [ByteString] = [],
        jailCopies: Set<ByteString> = [], others: [OccupiedDirectory] = []
    ) {
        self.hasMainCF = hasMainCF
        self.isRunning = isRunning
        self.configDirectory = configDirectory
        self.queueDirectory = queueDirectory
        self.dataDirectory = dataDirectory
        self.links = links
        self.jailCopies = jailCopies
        self.queueNames = queueNames
        self.cachePaths = cachePaths
        self.tree = tree
        self.others = others
    }
}

extension RemovalFacts {
    /// The instance's directories, one that lies within another before that other.
    var ownDirectories: [ByteString] {
        [dataDirectory, queueDirectory, configDirectory].compactMap { $0 }
            .sorted { $0.count > $1.count }
    }
}
