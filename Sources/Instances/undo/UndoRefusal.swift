// Why an undo is refused. Closed, with the facts inside; words are made elsewhere.

package import Bytes

/// A refusal of an undo; nothing was changed.
package enum UndoRefusal: Error, Hashable, Sendable {
    /// The history has nothing that is in effect.
    case nothingToTakeBack
    case noSuchGeneration(Int)
    case damaged(Int, reason: ByteString)
    case takenBackAlready(Int, by: Int)
    /// What the generation changed was changed again.
    case changedSince(path: ByteString, What, by: Who)
    /// An instance that the generation made has other files now.
    case editedSince(name: ByteString, path: ByteString, What, by: Who)
    /// A file or directory of the generation is not there any more.
    case missing(path: ByteString, by: Who)
    /// Something is where the undo would put a file or directory.
    case inTheWay(path: ByteString, by: Who)
    /// A destroy of an earlier release, which kept nothing of the instance.
    case notKept(configDirectory: ByteString)
    /// An instance that has to be stopped first.
    case running(name: ByteString, configDirectory: ByteString)
    /// What was made for an instance cannot be removed.
    case removal(LifecycleRefusal)
    /// Instances would be listed that nobody manages.
    case unmanaged(directories: [ByteString])
    /// An instance would be listed that is not there.
    case noInstance(configDirectory: ByteString)
    /// An instance could not be used any more.
    case breaks(configDirectory: ByteString, LoadFailure)
    /// Names of instances and their directories are not shared.
    case conflict(Claims.Conflict)

    /// What of a file was changed again.
    package enum What: Hashable, Sendable {
        case parameter(ByteString)
        /// A service of master.cf by name and type.
        case service(ByteString, ByteString)
        case text
    }

    /// Who made the change that is in the way.
    package enum Who: Hashable, Sendable {
        case generation(Int, title: ByteString)
        case somebodyElse
    }
}
