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

extension ObservationFailure {
    /// The reason as a sentence fragment, in Postfix's words where it has any.
    package var sentence: ByteString {
        switch self {
        case .postfixNotFound(let places):
            "no postconf program in "
                + places.joined(by: ", ")
                + ": is Postfix installed?"
        case .defaultsUnavailable(let program): "\(program) -d: cannot read Postfix's defaults"
        case .primaryUnreadable(let error): error.sentence
        case .primaryBroken(.badBoolean(_, let parameter, let value)):
            "bad boolean configuration: \(parameter) = \(value)"
        case .primaryBroken(.badExpansion): "dictionary mail_dict: macro processing error"
        case .primaryBroken(let failure): failure.sentence
        case .primaryConflict(let conflict): conflict.sentence
        case .sharedDirectoryNotFound(let parameter, let path, let reason):
            "\(parameter) = '\(path)': directory not found: \(reason)"
        case .sharedDirectoryNotDirectory(let parameter, let path):
            "\(parameter) = '\(path)' is not a directory"
        }
    }
}
