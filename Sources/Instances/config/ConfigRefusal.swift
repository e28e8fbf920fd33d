// Why an edit of parameters is refused. Closed, with the facts inside; words are made elsewhere.

package import Bytes

/// A refusal of an edit; nothing was changed, in no instance.
package enum ConfigRefusal: Error, Hashable, Sendable {
    case unknownSelector(UnknownSelector)
    /// The instance cannot be used as it is, and its main.cf not be edited.
    case broken(BrokenInstance)
    /// Nothing would read the parameter.
    case unknownParameter(instance: ByteString, name: ByteString, similar: [ByteString])
    /// The value, or one that refers to it, could not be expanded any more.
    case badExpansion(instance: ByteString, name: ByteString, problem: ByteString)
    /// The installed Postfix has no such kind of table.
    case unknownTableType(
        instance: ByteString, name: ByteString, type: ByteString, similar: [ByteString])
    /// The instance could not be used any more.
    case breaks(instance: ByteString, LoadFailure)
    /// Names of instances and their directories are not shared.
    case conflict(Claims.Conflict)
    case masterCFUnreadable(instance: ByteString, reason: ByteString)
    case noSuchService(instance: ByteString, service: ByteString, similar: [ByteString])
    case badService(instance: ByteString, name: ByteString, reason: ByteString)
    /// A field has a value always, and can only be set.
    case fieldCannotBeRemoved(name: ByteString)
}
