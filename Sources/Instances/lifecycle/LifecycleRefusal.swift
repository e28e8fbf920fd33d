// Why a life-cycle action is refused. Closed, with the facts inside; words are made elsewhere.

package import Bytes

/// A refusal of a life-cycle action; nothing was changed.
package enum LifecycleRefusal: Error, Hashable, Sendable {
    case name(NameRefusal)
    case conflict(Claims.Conflict)
    /// Life-cycle actions on an existing instance need `-i name`.
    case needsInstanceSelection
    case noSuchInstance(ByteString)
    case noMatchingSecondaries
    case cannotRemovePrimary
    case cannotRemoveEnabled(name: ByteString)
    /// A directory of the instance to be destroyed is, contains or lies in another's.
    case cannotRemoveShared(parameter: ByteString, path: ByteString, other: OccupiedDirectory)
    case cannotRemoveSystemDirectory(parameter: ByteString, path: ByteString)
    case missingDirectory(parameter: ByteString)
    case primaryDirectoryNotAbsolute(parameter: ByteString, value: ByteString)
    case configDirectoryInUse(path: ByteString, owner: Claims.Owner)
    case malformedSetting(ByteString)
    case settingNotValid(parameter: ByteString, action: ByteString)
    case settingNotAbsolute(parameter: ByteString)
    case settingIsRoot(parameter: ByteString)
    /// A directory's path has bytes that no main.cf list can hold: white space, commas, "$".
    case unusablePath(parameter: ByteString, value: ByteString)
    /// The directory shares, contains or lies in one that is in use.
    case overlap(parameter: ByteString, path: ByteString, other: OccupiedDirectory)
    /// The directory belongs to the system.
    case systemDirectory(parameter: ByteString, path: ByteString)
    case wrapperNotSet
    case primaryNotEnabled
    case lacksFile(configDirectory: ByteString, file: ByteString)
    case missingPrototype(file: ByteString, path: ByteString)
    case notDirectory(path: ByteString)
    case notStopped(configDirectory: ByteString)
    case hasQueuedMail(configDirectory: ByteString, counts: [QueueCount])
    case unknownAccount(parameter: ByteString, value: ByteString)
    /// An entry of the installed postfix-files cannot be understood.
    case badPostfixFiles(entry: ByteString)
    case broken(BrokenInstance)
    /// The primary always is the first, under its own name.
    case cannotMovePrimary
    /// An instance was to be put before or after itself.
    case noOtherPlace
    /// Something is where the instance would be.
    case alreadyThere(path: ByteString)
    /// A directory is reached by a link or is a file system of its own: it cannot be renamed.
    case notMovable(parameter: ByteString, path: ByteString, reason: Immovable)
    /// The instance has more files of its own than are copied.
    case tooMuchToCopy(configDirectory: ByteString, limitBytes: Int)

    /// The mail of the instance cannot be given to another one.
    case cannotHandOver(to: ByteString, HandOverObstacle)

    /// Why mail cannot be handed over.
    package enum HandOverObstacle: Hashable, Sendable {
        case itself
        /// A file can be in one place at a time only within a file system.
        case otherFileSystem
        /// The other one's Postfix could not read the files.
        case otherOwner
        /// The other one has something of that name.
        case taken(path: ByteString)
    }

    /// Why a directory cannot be renamed.
    package enum Immovable: Hashable, Sendable { case link, mountPoint, missing }

    /// The messages in one queue.
    package struct QueueCount: Hashable, Sendable {
        /// The queues that hold messages, in the order in which mail goes through them.
        static let queues: [ByteString] = [
            "maildrop", "incoming", "active", "deferred", "hold", "corrupt",
        ]

        package let queue: ByteString
        package let messages: Int

        package init(queue: ByteString, messages: Int) {
            self.queue = queue
            self.messages = messages
        }
    }
}
