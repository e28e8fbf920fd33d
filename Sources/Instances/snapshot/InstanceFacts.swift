// Facts about one instance that few ask for, each seen once. What was not looked at is unknown.

package import Bytes
import PostfixFormats

/// What checks and some views need to know of one instance beside its configuration.
package struct InstanceFacts: Sendable {
    /// The real paths of its directories, by parameter; those that are not known are left out.
    package var realPaths: [ByteString: ByteString] = [:]
    /// The configuration directory and what lies in it.
    package var configuration: Observed<[FileFact]> = .notLookedAt
    package var queueDirectory: Observed<FileFact> = .notLookedAt
    package var dataDirectory: Observed<FileFact> = .notLookedAt
    /// The user id of mail_owner.
    package var mailOwner: Observed<UInt32> = .notLookedAt
    /// The tables that main.cf names by path.
    package var tables: [TableFact] = []
    /// What the system has and a jailed service would look for in vain in the queue directory.
    package var missingInJail: Observed<[ByteString]> = .notLookedAt
    /// The space of the queue's file system.
    package var space: Observed<SpaceFact> = .notLookedAt
    /// The systemd unit that its master(8) runs in; nil if it runs in none.
    package var unit: Observed<ByteString?> = .notLookedAt
    /// The systemd unit that is there to run it; nil if there is none.
    package var ownUnit: ByteString?
    /// The certificates that its services show.
    package var certificates: [CertificateFact] = []

    package init() {}

    /// True if systemd has a unit for it, but it is known to run in no service of systemd.
    package var runsOutsideOfServices: Bool {
        guard ownUnit != nil, case .known(let unit) = unit else { return false }
        return unit.map { !$0.hasSuffix(".service") } ?? true
    }
}

/// Owner and mode of a file or directory.
package struct FileFact: Hashable, Sendable {
    package var path: ByteString
    /// Permission bits.
    package var mode: UInt32
    package var owner: UInt32

    package init(path: ByteString, mode: UInt32, owner: UInt32) {
        self.path = path
        self.mode = mode
        self.owner = owner
    }

    /// True if group or others may write.
    package var isWritableByOthers: Bool { mode & 0o022 != 0 }
}

/// A lookup table that lies in files.
package struct TableFact: Hashable, Sendable {
    /// Where it is named.
    package var parameter: ByteString
    package var type: ByteString
    /// The path as main.cf has it, without the type.
    package var path: ByteString
    /// When the source was changed, in nanoseconds since 1970; nil if there is none.
    package var sourceChanged: Int?
    /// When the database was changed; nil if there is none.
    package var databaseChanged: Int?

    package init(
        parameter: ByteString, type: ByteString, path: ByteString, sourceChanged: Int?,
        databaseChanged: Int?
    ) {
        self.parameter = parameter
        self.type = type
        self.path = path
        self.sourceChanged = sourceChanged
        self.databaseChanged = databaseChanged
    }
}

/// How much room a file system has for an unprivileged process.
package struct SpaceFact: Hashable, Sendable {
    package var freeBytes: Int
    package var files: Int
    package var freeFiles: Int

    package init(freeBytes: Int, files: Int, freeFiles: Int) {
        self.freeBytes = freeBytes
        self.files = files
        self.freeFiles = freeFiles
    }
}

/// A certificate file that a parameter names, and what stands in it.
package struct CertificateFact: Hashable, Sendable {
    package var parameter: ByteString
    package var path: ByteString
    /// There is no such file.
    package var isMissing: Bool
    /// The certificate, or why the file cannot be read; nil if the file holds none.
    package var contents: Observed<Contents?>
    /// The file of its key, if that is known.
    package var keyPath: ByteString?
    /// Everybody on the host can read the key.
    package var keyIsOpen = false
    /// The key is the one of another certificate.
    package var keyIsForeign = false

    package init(
        parameter: ByteString, path: ByteString, isMissing: Bool = false,
        contents: Observed<Contents?>
    ) {
        self.parameter = parameter
        self.path = path
        self.isMissing = isMissing
        self.contents = contents
    }

    /// What the certificate says.
    package struct Contents: Hashable, Sendable {
        /// From and until when it is valid, in seconds since 1970.
        package var notBeforeSeconds: Int
        package var notAfterSeconds: Int
        /// The host names that it is for; none if it does not say.
        package var hostNames: [ByteString]

        package init(notBeforeSeconds: Int, notAfterSeconds: Int, hostNames: [ByteString]) {
            self.notBeforeSeconds = notBeforeSeconds
            self.notAfterSeconds = notAfterSeconds
            self.hostNames = hostNames
        }

        /// True if it is for the host, a star standing for one label.
        func covers(_ host: ByteString) -> Bool { isCovered(host, by: hostNames) }
    }
}
