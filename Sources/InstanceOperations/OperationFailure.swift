// Everything that can end an operation, closed; the step that failed is always named.

package import Bytes
package import HostAccess
package import Instances

/// Why an operation did not succeed.
package enum OperationFailure: Error, Sendable {
    case observation(ObservationFailure)
    case refusal(LifecycleRefusal)
    case file(FileError)
    /// A step failed; everything before it was undone, but for what `undoFailures` names.
    case step(ChangeSet.Step, FileError, undoFailures: [FileError])
    /// The journal of an interrupted command cannot be read.
    case damagedJournal(path: ByteString)
    /// What an interrupted command has left can be neither finished nor undone.
    case recovery(title: ByteString, FileError)
    /// The change is made, but some of what comes after it failed.
    case completion([FileError], notices: [ChangeSet.Notice])
}
