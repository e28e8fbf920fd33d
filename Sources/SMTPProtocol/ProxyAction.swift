// What a session wants done. The shell does it in order, and decides nothing.

/// One thing to be done.
///
/// Ranges are of the bytes that the call was given. Cases that carry much are indirect: a list of
/// actions is to stay small where bytes pass.
package enum ProxyAction: Equatable, Sendable {
    /// Send these bytes of the other side on to the next hop.
    case passToNextHop(Range<Int>)
    /// Send these bytes of the other side on to the client.
    case passToClient(Range<Int>)
    /// Send to the next hop.
    case tellNextHop([UInt8])
    /// Send to the client.
    case tellClient([UInt8])
    /// Connect to the next hop, then tell `nextHopConnected` or `nextHopLost`.
    case connectNextHop
    /// Send QUIT if the other side still listens, and close.
    case leaveNextHop
    /// Keep the connection for a session to come, which begins on it with this greeting.
    case restNextHop(greeting: [UInt8])
    /// Close at once, so that a message under way is never completed.
    case dropNextHop
    /// Close when all that was written has been sent; after QUIT nothing more will come.
    case closeClient(afterQuit: Bool)
    /// A transaction begins, with MAIL.
    case transactionBegan
    /// The content of this message begins: what stands in front of it is to go to the next hop.
    indirect case contentBegan(Envelope)
    /// Append these bytes to the spooled message.
    case spool(Range<Int>)
    /// Append bytes that were held back to the spooled message.
    case spoolBytes([UInt8])
    /// The spooled message is whole: inspect it, then tell `inspected`.
    indirect case inspect(Envelope)
    /// Send the spooled message to the next hop, with what inspection put in front of it, and
    /// forget it.
    case sendSpooled
    /// Forget the spooled message.
    case discardSpool
    /// A message has come to its end.
    indirect case finished(FinishedMessage)
    /// The proxy refused a command itself.
    case refused(OwnReply)
}

/// A message that has come to its end, and how.
package struct FinishedMessage: Equatable, Sendable {
    /// Sender, recipients, origin.
    package var envelope: Envelope
    /// The length of its content in the form that goes over the wire, with the end.
    package var size: Int
    /// The first line of the last reply, without its end.
    package var reply: [UInt8]
    /// Who gave the reply.
    package var decision: Decision

    /// Who decided about a message.
    package enum Decision: Equatable, Sendable {
        /// The next hop.
        case nextHop
        /// The proxy, because it must not be passed on.
        case proxy
        /// A hook.
        case hook
        /// Nobody: the next hop was lost.
        case nextHopLost
        /// Nobody: the client was.
        case clientLost
    }
}

/// The actions of one call, in order; neighbours that pass on adjacent bytes are one.
package struct ProxyActions: Sendable {
    /// The actions.
    package private(set) var list: [ProxyAction] = []

    package init() {}

    /// True if there is nothing to do.
    package var isEmpty: Bool { list.isEmpty }

    /// Adds an action.
    mutating func append(_ action: ProxyAction) {
        switch (list.last, action) {
        case (.passToNextHop(let last), .passToNextHop(let next))
        where last.upperBound == next.lowerBound:
            list[list.count - 1] = .passToNextHop(last.lowerBound..<next.upperBound)
        case (.passToClient(let last), .passToClient(let next))
        where last.upperBound == next.lowerBound:
            list[list.count - 1] = .passToClient(last.lowerBound..<next.upperBound)
        case (.spool(let last), .spool(let next)) where last.upperBound == next.lowerBound:
            list[list.count - 1] = .spool(last.lowerBound..<next.upperBound)
        default: list.append(action)
        }
    }

    /// Forgets all actions, and keeps the space for more.
    package mutating func removeAll() { list.removeAll(keepingCapacity: true) }
}

/// What inspection came to.
package enum Verdict: Equatable, Sendable {
    /// On to the next hop.
    case pass
    /// No message for it: the reply goes to the client.
    case refuse(OwnReply)
    /// Taken from the client and thrown away: the reply goes to the client.
    case discard(OwnReply)
}
