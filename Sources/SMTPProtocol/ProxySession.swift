// One client's session and its connection to the next hop, as a machine: events in, actions out.
//
// The next hop is the server; the proxy passes its replies on as they are and answers itself only
// what must not or cannot reach it. No input or output, no clock, no thread is known here.

import DequeModule

/// The state of one proxied session (RFC 5321, with RFC 2920 pipelining).
///
/// Bytes that a call does not consume are to be kept by the caller and given again, with those that
/// follow, after the next event of any kind.
package struct ProxySession: Sendable {
    /// The limits and ways of this session.
    package let policy: ProxyPolicy
    var client = ClientPhase.greeting
    var nextHop = NextHopPhase.absent
    /// The replies that the client is owed, in order.
    var expected: Deque<Expected> = []
    /// What the client has said of the message it is about to send.
    var transaction = Transaction()
    /// The message whose content has gone to the next hop, until the reply.
    var finishing: Transaction?
    /// The command line by which the client has introduced itself, to do it again.
    var hello: [UInt8] = []
    /// The same, before it is answered.
    var proposedHello: [UInt8] = []
    /// The keywords of the next hop that the client has been told.
    var offered: Set<[UInt8]> = []
    var hasPipelining = false
    /// How many commands the proxy has refused since a message was accepted.
    var errors = 0
    /// True after the client has sent something behind DATA, before the reply.
    var hasTalkedEarly = false
    /// True after DATA of a message to be spooled, until the replies before it have come.
    var isSpoolWanted = false
    /// True if the session ends when the client has got all replies that it is owed.
    var isClosingAfterReplies = false
    /// True if the session ends because the client has said QUIT.
    var hasQuit = false
    /// True if no new transaction may begin.
    var isDraining = false
    /// The next hop's greeting, for the session that gets the connection after this one.
    var greeting: [UInt8] = []
    /// True if the next hop has just accepted a message, and been told nothing since.
    ///
    /// This is when its server has forgotten all that the session has done: transaction, origin
    /// and errors.
    var hasCleanNextHop = false
    /// True until the next hop has answered over a connection that an earlier session has left.
    var isInherited = false

    /// The removal of header fields before each message.
    let removal: HeaderRemoval

    /// A session that has not begun.
    package init(policy: ProxyPolicy) {
        self.policy = policy
        removal = HeaderRemoval(names: policy.removedFields)
    }

    /// What the proxy reads from the client next.
    enum ClientPhase: Equatable, Sendable {
        /// Nothing, before the next hop has greeted.
        case greeting
        case commands
        /// What is left of a command line that is too long.
        case overlongLine
        /// So many bytes of a chunk that was refused.
        case refusedChunk(Int)
        /// Nothing, until DATA is answered.
        case dataRequested
        case content(ContentTarget)
        /// Nothing, until the message has been inspected.
        case inspecting
        /// Nothing, until the spooled message has been sent.
        case sendingSpooled
        /// Nothing any more.
        case closed
    }

    /// Where message content goes.
    enum ContentTarget: Equatable, Sendable {
        case nextHop
        case spool
        /// Nowhere; at its end the client gets the reply.
        case refused(OwnReply, FinishedMessage.Decision)
    }

    /// How far the connection to the next hop has come.
    enum NextHopPhase: Equatable, Sendable {
        case absent
        case connecting
        /// Connected, but not yet ready for the client's commands.
        case preparing
        case ready
        /// It could not be reached for the command that waits.
        case unreachable(String)
    }

    /// A reply that is awaited.
    enum Expected: Equatable, Sendable {
        /// Of the next hop, for the client.
        case relayed(Verb)
        /// Of the next hop to MAIL, with the address.
        case sender([UInt8])
        /// Of the next hop to RCPT, with the address.
        case recipient([UInt8])
        /// Of the next hop to the end of a message.
        case endOfContent
        /// Of the next hop to DATA that the proxy sent for a spooled message.
        case ownData
        /// Of the next hop, for nobody.
        case ownReset
        /// Of the proxy.
        case own(OwnReply)
    }

    /// How the first lines of a connection go.
    var preparation = Preparation.greeting

    enum Preparation: Equatable, Sendable {
        /// The greeting is for the client.
        case greeting
        /// The greeting is of a connection in place of one that was lost.
        case ownGreeting
        /// The reply to the introduction that the proxy has repeated.
        case ownHello
        /// The greeting is of a connection in place of an inherited one that was lost before it
        /// answered to the introduction; that is said again.
        case greetingBeforeHello
    }

    /// A message from MAIL on.
    struct Transaction: Equatable, Sendable {
        var phase = TransactionPhase.none
        /// True when the next hop has accepted the sender.
        var hasSender = false
        /// True after XFORWARD, even if it told nothing.
        var hasOrigin = false
        var envelope = Envelope()
        var size = 0
        var scanner = DataScanner(lineLimit: 0)
        var removal = HeaderRemoval(names: [])
    }

    enum TransactionPhase: Equatable, Sendable {
        case none
        case begun
        /// What the client has said went to a connection that is lost.
        case lost
    }

    /// The beginning: nothing is said to the client before the next hop has greeted.
    package mutating func begin(_ actions: inout ProxyActions) {
        nextHop = .connecting
        preparation = .greeting
        actions.append(.connectNextHop)
    }

    /// The beginning on a connection that an earlier session has left for others.
    package mutating func begin(on greeting: [UInt8], _ actions: inout ProxyActions) {
        self.greeting = greeting
        nextHop = .ready
        hasCleanNextHop = true
        isInherited = true
        client = .commands
        actions.append(.tellClient(greeting))
    }

    /// The client's bytes; returns how many of them were consumed.
    package mutating func receiveFromClient(
        _ bytes: Span<UInt8>, _ actions: inout ProxyActions
    ) -> Int {
        var position = 0
        while position < bytes.count {
            let before = position
            switch client {
            case .commands: position = readCommand(bytes, from: position, &actions)
            case .overlongLine: position = skipLine(bytes, from: position)
            case .refusedChunk(let length):
                let skipped = min(length, bytes.count - position)
                client = skipped == length ? .commands : .refusedChunk(length - skipped)
                position += skipped
            case .content(let target):
                position = readContent(bytes, from: position, to: target, &actions)
            case .dataRequested: hasTalkedEarly = true
            case .greeting, .inspecting, .sendingSpooled: break
            case .closed: position = bytes.count
            }
            if position == before { break }
        }
        settle(&actions)
        return position
    }

    /// True if the client's bytes are of no use before something else has happened.
    package var ignoresClient: Bool {
        switch client {
        case .greeting, .dataRequested, .inspecting, .sendingSpooled: true
        case .commands: !canTakeCommand
        default: false
        }
    }

    /// What the session waits for now, which says for how long.
    package var wait: Wait {
        switch nextHop {
        case .connecting, .preparing: return .greeting
        default: break
        }
        switch (client, expected.first) {
        case (.inspecting, _): return .inspection
        case (.content, _): return .content
        case (_, .endOfContent): return .endOfContent
        case (_, .relayed(.data)), (_, .ownData): return .data
        case (_, .some): return .reply
        case (_, nil): return .command
        }
    }

    /// What a session waits for; RFC 5321, section 4.5.3.2, has a time for each.
    package enum Wait: Equatable, Sendable {
        /// The client's next command.
        case command
        /// The next hop's greeting.
        case greeting
        /// The next hop's reply to a command, to DATA, or to the end of a message.
        case reply, data, endOfContent
        /// The next piece of a message.
        case content
        /// The hooks, which have times of their own.
        case inspection

        /// True if it is the client that is waited for.
        package var isForClient: Bool { self == .command || self == .content }
    }

    /// True if nothing would be lost by closing now.
    private var isIdle: Bool {
        client == .commands && expected.isEmpty && transaction.phase != .begun
    }

    /// Ends a session that is to end, when that costs nothing.
    mutating func settle(_ actions: inout ProxyActions) {
        if isClosingAfterReplies, expected.isEmpty, client == .commands { close(&actions) }
        guard isDraining, isIdle else { return }
        actions.append(.tellClient(Self.goingDown.line))
        close(&actions)
    }
}

extension ProxySession.NextHopPhase {
    /// True while there is a connection, or an attempt to make one.
    var isConnection: Bool { self == .ready || isUnderWay }

    /// True while a connection is made ready.
    var isUnderWay: Bool { self == .connecting || self == .preparing }
}
