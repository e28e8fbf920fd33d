// What a message is put through between two instances.

import Bytes
import HostAccess
package import SMTPProtocol

/// Looks at a whole message and says what is to become of it.
package protocol Hook: Sendable {
    /// Inspects a message; a failure is answered as the operator has decided.
    func inspect(
        _ message: SpooledMessage, _ envelope: Envelope
    ) async throws(HookFailure) -> HookVerdict
}

/// Why a hook has no verdict.
package struct HookFailure: Error, Equatable, Sendable {
    /// The reason in words for a log line.
    package let reason: String

    package init(_ reason: String) { self.reason = reason }

    /// The message that waits cannot be read.
    init(_ error: FileError) {
        reason = "cannot read the message that was kept: \(error.sentence.text)"
    }
}

/// What a hook says of a message.
package struct HookVerdict: Equatable, Sendable {
    /// What is to become of it.
    package enum Decision: Equatable, Sendable {
        case pass
        /// Never (5xx), with a reason for the sender.
        case reject(String)
        /// Not now (4xx), with a reason for the sender.
        case tempfail(String)
        /// On to the next hop, marked so that it is put on hold there.
        case hold(String)
        /// Taken, and thrown away.
        case discard(String)
    }

    package var decision: Decision
    /// Header fields to put in front of the message.
    package var fields: [HeaderField]
    /// The names of header fields to take out of the message, all of that name.
    package var removedFields: [String] = []
    /// A word or two for the log, such as a score.
    package var note: String

    package init(_ decision: Decision, fields: [HeaderField] = [], note: String = "") {
        self.decision = decision
        self.fields = fields
        self.note = note
    }
}

extension HookVerdict.Decision {
    /// What an operator wants done with messages that a service has found bad.
    init(_ action: FoundAction, _ reason: String) {
        switch action {
        case .reject: self = .reject(reason)
        case .hold: self = .hold(reason)
        case .discard: self = .discard(reason)
        case .tag: self = .pass
        }
    }
}

/// What to do if a hook fails.
package enum FailurePolicy: String, CaseIterable, Equatable, Sendable {
    /// The client is to try again later.
    case tempfail
    /// The message goes on as if the hook were not there.
    case pass
}
