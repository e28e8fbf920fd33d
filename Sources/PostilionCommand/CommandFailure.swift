// Why a command as a whole did not work, as one line for the person and a status for the caller.

import Bytes

/// A failure that ends a command.
struct CommandFailure: Error {
    var status: CommandStatus
    /// What is wrong: subject, fact, value.
    var message: ByteString
    /// The command or the edit that mends it, if there is one.
    var hint: ByteString?

    init(_ status: CommandStatus, _ message: ByteString, hint: ByteString? = nil) {
        self.status = status
        self.message = message
        self.hint = hint
    }
}
