// Why the host as a whole cannot be observed. A broken secondary is no such reason.

package import Bytes
package import HostAccess
package import Instances

/// What keeps every command from working: no Postfix, or no usable primary instance.
package enum ObservationFailure: Error, Hashable, Sendable {
    /// No postconf(1) was found in any of these places.
    case postfixNotFound(lookedIn: [ByteString])
    /// postconf(1) could not tell its defaults.
    case defaultsUnavailable(program: ByteString)
    /// The primary's main.cf cannot be read.
    case primaryUnreadable(FileError)
    /// The primary's main.cf cannot be used.
    case primaryBroken(LoadFailure)
    /// Two claims of the primary and the shared directories are the same.
    case primaryConflict(Claims.Conflict)
    /// A directory that all instances share is not there, or is none.
    case sharedDirectoryNotFound(parameter: ByteString, path: ByteString, reason: ByteString)
    case sharedDirectoryNotDirectory(parameter: ByteString, path: ByteString)
}
