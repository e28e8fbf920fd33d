// What a proxy session may be told by its operator.

/// The limits and ways of all sessions.
package struct ProxyPolicy: Equatable, Sendable {
    /// Whether messages flow on as they come, or wait until they have been inspected whole.
    package enum Passage: Equatable, Sendable {
        case stream, inspect
    }

    /// How messages pass.
    package var passage = Passage.stream
    /// The longest command line with its end, in bytes.
    package var commandLineLimit = 4096
    /// The longest line of a message without its end, in bytes; 0 is no limit.
    package var contentLineLimit = 65_536
    /// The largest message in bytes, as RFC 1870 counts them: without the dots that quote others,
    /// and without the end; 0 is no limit.
    package var messageSizeLimit = 0
    /// How many commands refused by the proxy itself end a session in which no message has been
    /// accepted in between.
    package var errorLimit = 20
    /// How many commands may wait for their replies.
    package var pipelineLimit = 1000
    /// True if the addresses of recipients are wanted in envelopes.
    package var keepsRecipients = false
    /// The header fields to take out.
    package var removedFields: [[UInt8]] = []
    /// True if connections to the next hop are handed on from one session to the next.
    package var reusesConnections = false
    /// True if the shell has something to put in front of messages that flow on as they come.
    package var hasPrologue = false

    package init() {}
}
