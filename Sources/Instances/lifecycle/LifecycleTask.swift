// All that can be asked for in one transaction: the actions of postmulti(1), and those beyond.

package import Bytes

/// One thing to do with instances; a transaction does several, one after the other.
package enum LifecycleTask: Hashable, Sendable {
    /// An action that postmulti(1) has too.
    case action(LifecycleRequest)
    /// Registered instances get another place in the start order.
    case move(MoveRequest)
    /// A new instance with the configuration of another one.
    case clone(CloneRequest)
    /// An instance gets another name, and its directories with it.
    case rename(RenameRequest)
    /// An instance takes no more mail, and is not started with the others.
    case close(configDirectory: ByteString)
    /// What an earlier change has made of one file is taken back.
    case takeBack(ChangeSet)

    /// The action, if it is one of postmulti's.
    package var request: LifecycleRequest? {
        if case .action(let request) = self { request } else { nil }
    }
}

/// Which instances are to be started before or after which other ones.
package struct MoveRequest: Hashable, Sendable {
    /// The configuration directories of those that move, in start order.
    package var moved: [ByteString]
    /// The configuration directories of those that they are put next to.
    package var anchors: [ByteString]
    /// They come after the last of the anchors, not before the first.
    package var isAfter: Bool

    package init(moved: [ByteString], anchors: [ByteString], isAfter: Bool) {
        self.moved = moved
        self.anchors = anchors
        self.isAfter = isAfter
    }
}

/// A new instance after the model of another one.
package struct CloneRequest: Hashable, Sendable {
    /// The configuration directory of the model.
    package var model: ByteString
    package var newName: ByteString
    /// The new one's group; nil is that of the model.
    package var newGroup: ByteString?

    package init(model: ByteString, newName: ByteString, newGroup: ByteString?) {
        self.model = model
        self.newName = newName
        self.newGroup = newGroup
    }
}

/// Another name for an instance and its directories.
package struct RenameRequest: Hashable, Sendable {
    package var configDirectory: ByteString
    package var newName: ByteString

    package init(configDirectory: ByteString, newName: ByteString) {
        self.configDirectory = configDirectory
        self.newName = newName
    }
}
