// What the next hop says, and what the proxy says in its place.

import DequeModule

extension ProxySession {
    /// The connection to the next hop is open.
    package mutating func nextHopConnected() {
        if nextHop == .connecting { nextHop = .preparing }
    }

    /// The next hop's bytes; returns how many of them were consumed.
    package mutating func receiveFromNextHop(
        _ bytes: Span<UInt8>, _ actions: inout ProxyActions
    ) -> Int {
        var position = 0
        while position < bytes.count, nextHop == .preparing || nextHop == .ready {
            switch ReplyScan(bytes, from: position) {
            case .incomplete: return position
            case .malformed:
                position = bytes.count
                dropNextHop("bad reply", &actions)
            case .complete(let reply):
                position = reply.range.upperBound
                if nextHop == .preparing {
                    prepare(bytes, reply, &actions)
                } else {
                    take(bytes, reply, &actions)
                }
            }
        }
        settle(&actions)
        return bytes.count
    }

    private mutating func prepare(
        _ bytes: Span<UInt8>, _ reply: ReplyExtent, _ actions: inout ProxyActions
    ) {
        if reply.code == 220, preparation != .ownHello { greeting = bytes.copy(reply.range) }
        switch preparation {
        case .greeting:
            actions.append(.passToClient(reply.range))
            guard reply.code == 220 else {
                disconnect(&actions)
                return close(&actions)
            }
            client = .commands
            nextHop = .ready
        case .ownGreeting:
            guard reply.code == 220 else { return turnAway(bytes, reply, &actions) }
            guard !hello.isEmpty else {
                nextHop = .ready
                return
            }
            preparation = .ownHello
            actions.append(.tellNextHop(hello))
        case .ownHello:
            guard reply.isDone else { return turnAway(bytes, reply, &actions) }
            let offer = EHLOOffer(bytes, reply, sizeLimit: policy.messageSizeLimit)
            guard offer.keywords.isSuperset(of: offered) else {
                return dropNextHop("offers less than before", &actions)
            }
            nextHop = .ready
        case .greetingBeforeHello:
            guard reply.code == 220 else { return turnAway(bytes, reply, &actions) }
            nextHop = .ready
            actions.append(.tellNextHop(proposedHello))
        }
    }

    /// The next hop does not want the new connection.
    private mutating func turnAway(
        _ bytes: Span<UInt8>, _ reply: ReplyExtent, _ actions: inout ProxyActions
    ) {
        let text = bytes.copy(reply.range).prefix { $0 != .carriageReturn }
        dropNextHop(String(decoding: text, as: UTF8.self), &actions)
    }

    private mutating func take(
        _ bytes: Span<UInt8>, _ reply: ReplyExtent, _ actions: inout ProxyActions
    ) {
        guard let awaited = expected.popFirst() else {
            return takeUnasked(bytes, reply, &actions)
        }
        if isInherited, reply.code == 421 {
            // It has grown tired of waiting, of which the client knows nothing.
            expected.prepend(awaited)
            return dropNextHop("service closed", &actions)
        }
        isInherited = false
        switch awaited {
        case .relayed(let verb): relay(verb, bytes, reply, &actions)
        case .sender(let address):
            takeSender(address, reply)
            relay(.mail, bytes, reply, &actions)
        case .recipient(let address):
            takeRecipient(address, reply)
            relay(.rcpt, bytes, reply, &actions)
        case .endOfContent: endMessage(bytes, reply, &actions)
        case .ownData: sendSpooled(bytes, reply, &actions)
        case .ownReset:
            // The recipients that it has kept must not get the next message.
            if !reply.isDone { dropNextHop("unexpected reply", &actions) }
        // Never first: it is told as soon as its turn comes.
        case .own(let own): actions.append(.tellClient(own.line))
        }
        sendOwnReplies(&actions)
        if reply.code == 421 {
            dropNextHop("service closed", &actions)
            // A client that has been told so expects nothing more.
            if awaited != .ownReset { close(&actions) }
        }
        if isSpoolWanted, expected.isEmpty { beginSpool(&actions) }
    }

    private mutating func takeSender(_ address: [UInt8], _ reply: ReplyExtent) {
        if reply.isDone {
            if !transaction.hasSender {
                // Recipients before the sender are of no message.
                transaction.envelope.recipients = []
                transaction.envelope.accepted = 0
                transaction.envelope.refused = 0
            }
            transaction.hasSender = true
            transaction.envelope.sender = address
        } else if transaction.phase == .begun, !transaction.hasSender, !awaitsSender {
            transaction.phase = .none
        }
    }

    /// True if one more MAIL is on its way.
    private var awaitsSender: Bool {
        expected.contains { if case .sender = $0 { true } else { false } }
    }

    private mutating func takeRecipient(_ address: [UInt8], _ reply: ReplyExtent) {
        guard reply.isDone else {
            transaction.envelope.refused += 1
            return
        }
        transaction.envelope.accepted += 1
        if policy.keepsRecipients { transaction.envelope.recipients.append(address) }
    }

    private mutating func relay(
        _ verb: Verb, _ bytes: Span<UInt8>, _ reply: ReplyExtent, _ actions: inout ProxyActions
    ) {
        let wantsContent = reply.code == 354 && verb == .data && client == .dataRequested
        guard wantsContent || reply.isRefused || reply.isDone && verb != .data,
            !wantsContent || policy.passage == .stream
        else { return distrust(.relayed(verb), &actions) }
        switch verb {
        case .ehlo where reply.isDone:
            let offer = EHLOOffer(bytes, reply, sizeLimit: policy.messageSizeLimit)
            offered = offer.keywords
            hasPipelining = offer.hasPipelining
            beginAnew()
            actions.append(.tellClient(offer.reply))
            return
        case .helo where reply.isDone:
            offered = []
            hasPipelining = false
            beginAnew()
        case .rset where reply.isDone: resetTransaction()
        case .data where wantsContent:
            actions.append(.passToClient(reply.range))
            beginContent(.nextHop)
            if policy.hasPrologue { actions.append(.contentBegan(transaction.envelope)) }
            return
        case .data: refuseData(&actions)
        case .quit:
            actions.append(.passToClient(reply.range))
            disconnect(&actions)
            return close(&actions, afterQuit: true)
        default: break
        }
        actions.append(.passToClient(reply.range))
    }

    /// The next hop is out of step with us: nothing it says can be trusted any more.
    private mutating func distrust(_ awaited: Expected, _ actions: inout ProxyActions) {
        expected.prepend(awaited)
        dropNextHop("unexpected reply", &actions)
    }

    /// The client has introduced itself.
    private mutating func beginAnew() {
        hello = proposedHello
        transaction = Transaction()
        let name = hello.drop { !$0.isBlank }.drop(while: \.isBlank)
        transaction.envelope.hello = Array(name.prefix { $0 != .carriageReturn && !$0.isBlank })
    }

    /// DATA has been refused: what the client may have sent behind it are no commands.
    private mutating func refuseData(_ actions: inout ProxyActions) {
        client = .commands
        guard hasTalkedEarly else { return }
        expected.append(
            .own(OwnReply(521, "5.5.0", "Error: SMTP protocol synchronization, closing")))
        isClosingAfterReplies = true
    }

    private mutating func endMessage(
        _ bytes: Span<UInt8>, _ reply: ReplyExtent, _ actions: inout ProxyActions
    ) {
        guard reply.isDone || reply.isRefused else { return distrust(.endOfContent, &actions) }
        let wasSpooled = client == .sendingSpooled
        if wasSpooled { client = .commands }
        if reply.isDone {
            errors = 0
            hasCleanNextHop = expected.allSatisfy { if case .own = $0 { true } else { false } }
        }
        actions.append(.passToClient(reply.range))
        // It may have refused before it got all: then it takes the next commands for content.
        if wasSpooled, reply.isRefused { disconnect(&actions) }
        guard let done = finishing else { return }
        finishing = nil
        let line = bytes.copy(reply.range).prefix { $0 != .carriageReturn }
        actions.append(
            .finished(
                FinishedMessage(
                    envelope: done.envelope, size: done.size, reply: Array(line),
                    decision: .nextHop)))
    }

    /// The next hop's reply to DATA of a spooled message.
    private mutating func sendSpooled(
        _ bytes: Span<UInt8>, _ reply: ReplyExtent, _ actions: inout ProxyActions
    ) {
        guard reply.code == 354 else {
            guard reply.isRefused else { return distrust(.ownData, &actions) }
            actions.append(.discardSpool)
            finish(OwnReply(verbatim: bytes.copy(reply.range)), .nextHop, &actions)
            // To the client the message has ended, to the next hop it has not.
            return abandonEnvelope(&actions)
        }
        finishing = transaction
        resetTransaction()
        expected.append(.endOfContent)
        actions.append(.sendSpooled)
    }

    /// A reply that nobody asked for: a server's last word, or a refusal before the end.
    private mutating func takeUnasked(
        _ bytes: Span<UInt8>, _ reply: ReplyExtent, _ actions: inout ProxyActions
    ) {
        guard client == .content(.nextHop), reply.isRefused else {
            return dropNextHop("closed", &actions)
        }
        refuseContent(OwnReply(verbatim: bytes.copy(reply.range)), .nextHop, &actions)
        if reply.code == 421 { isClosingAfterReplies = true }
    }

    /// Answers the client in turn.
    mutating func answer(_ reply: OwnReply, _ actions: inout ProxyActions) {
        if expected.isEmpty {
            actions.append(.tellClient(reply.line))
        } else {
            expected.append(.own(reply))
        }
    }

    /// Refuses a command in turn; too many of them end the session.
    mutating func refuse(_ reply: OwnReply, _ actions: inout ProxyActions) {
        actions.append(.refused(reply))
        answer(reply, &actions)
        errors += 1
        guard errors >= policy.errorLimit else { return }
        answer(OwnReply(421, "4.7.0", "Error: too many errors, closing connection"), &actions)
        close(&actions)
    }

    /// Sends the replies of our own whose turn has come.
    mutating func sendOwnReplies(_ actions: inout ProxyActions) {
        while case .own(let reply) = expected.first {
            expected.removeFirst()
            actions.append(.tellClient(reply.line))
        }
        if isClosingAfterReplies, expected.isEmpty { close(&actions) }
    }
}
