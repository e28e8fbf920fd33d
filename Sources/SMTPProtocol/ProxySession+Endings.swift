// How connections end, and what is said then.

import DequeModule

extension ProxySession {
    /// The next hop could not be reached, has closed, or has not answered in time.
    package mutating func nextHopLost(_ reason: String, _ actions: inout ProxyActions) {
        guard nextHop.isConnection, client != .closed else { return }
        loseNextHop(reason, &actions)
        settle(&actions)
    }

    /// Closes the connection to the next hop, if there is one, and loses what goes over it.
    mutating func dropNextHop(_ reason: String, _ actions: inout ProxyActions) {
        guard nextHop.isConnection else { return }
        actions.append(.dropNextHop)
        loseNextHop(reason, &actions)
    }

    /// Closes the connection to the next hop, over which nothing is awaited any more.
    mutating func disconnect(_ actions: inout ProxyActions) {
        if nextHop.isConnection { actions.append(.dropNextHop) }
        nextHop = .absent
    }

    private mutating func loseNextHop(_ reason: String, _ actions: inout ProxyActions) {
        let wasUnderWay = nextHop.isUnderWay && preparation != .greetingBeforeHello
        nextHop = .absent
        hasCleanNextHop = false
        if isInherited {
            isInherited = false
            guard !expected.isEmpty else { return }
            // The client has only introduced itself, which can be done again.
            nextHop = .connecting
            preparation = .greetingBeforeHello
            return actions.append(.connectNextHop)
        }
        if client == .greeting {
            answer(OwnReply(421, "4.4.1", "Error: next hop: \(reason)"), &actions)
            return close(&actions)
        }
        if wasUnderWay {
            // The command that the connection was made for still waits, unread.
            nextHop = .unreachable(reason)
            return
        }
        if transaction.phase == .begun || transaction.hasOrigin {
            transaction.phase = .lost
        }
        let lost = OwnReply(451, "4.4.2", "Error: next hop: \(reason)")
        if case .content(.nextHop) = client {
            client = .content(.refused(lost, .nextHopLost))
        }
        answerAll(lost, &actions)
    }

    /// Answers everything that the next hop will not answer any more.
    private mutating func answerAll(_ lost: OwnReply, _ actions: inout ProxyActions) {
        if isSpoolWanted {
            isSpoolWanted = false
            expected.append(.relayed(.data))
        }
        let replies = expected
        expected = []
        for reply in replies {
            switch reply {
            case .own(let own): actions.append(.tellClient(own.line))
            case .ownReset: break
            case .relayed(.quit):
                actions.append(.tellClient(OwnReply(221, "2.0.0", "Bye").line))
                return close(&actions, afterQuit: true)
            case .relayed(.data):
                client = .commands
                actions.append(.tellClient(lost.line))
                if hasTalkedEarly { return close(&actions) }
            case .ownData:
                actions.append(.discardSpool)
                finish(lost, .nextHopLost, &actions)
            case .endOfContent: loseFinishing(lost, &actions)
            case .relayed, .sender, .recipient: actions.append(.tellClient(lost.line))
            }
        }
        if isClosingAfterReplies { close(&actions) }
    }

    /// The next hop has a whole message, but has not said so: the client has to send it again.
    private mutating func loseFinishing(_ lost: OwnReply, _ actions: inout ProxyActions) {
        if client == .sendingSpooled { client = .commands }
        actions.append(.tellClient(lost.line))
        guard let done = finishing else { return }
        finishing = nil
        actions.append(
            .finished(
                FinishedMessage(
                    envelope: done.envelope, size: done.size, reply: lost.firstLine,
                    decision: .nextHopLost)))
    }

    /// The client has closed, or its connection is broken.
    package mutating func clientLost(_ actions: inout ProxyActions) {
        guard client != .closed else { return }
        loseClient(reply: [], &actions)
    }

    /// Ends both sides, whatever is under way.
    private mutating func loseClient(reply: [UInt8], _ actions: inout ProxyActions) {
        var isPassing = false
        switch client {
        case .content(let target):
            isPassing = target == .nextHop
            if target == .spool { actions.append(.discardSpool) }
            finishing = transaction
        case .inspecting:
            actions.append(.discardSpool)
            finishing = transaction
        default:
            if case .ownData = expected.first {
                actions.append(.discardSpool)
                finishing = transaction
            }
        }
        if let lost = finishing {
            actions.append(
                .finished(
                    FinishedMessage(
                        envelope: lost.envelope, size: lost.size, reply: reply,
                        decision: .clientLost)))
        }
        finishing = nil
        client = .closed
        // A message that the next hop has whole may be finished there; a part of one must not.
        if nextHop == .ready, expected.isEmpty, !isPassing { leaveNextHop(&actions) }
        expected = []
        disconnect(&actions)
    }

    /// Parts from a next hop that owes nothing, so that another session can go on there if it is
    /// as new.
    mutating func leaveNextHop(_ actions: inout ProxyActions) {
        let isLeftToOthers = policy.reusesConnections && hasCleanNextHop
        actions.append(isLeftToOthers ? .restNextHop(greeting: greeting) : .leaveNextHop)
        nextHop = .absent
        isInherited = false
        hasCleanNextHop = false
    }

    /// What the session waited for has not come in time, be it that the next hop takes nothing.
    package mutating func timedOut(isNextHopStuck: Bool, _ actions: inout ProxyActions) {
        guard client != .closed, wait != .inspection else { return }
        if wait.isForClient, !isNextHopStuck {
            let reply = OwnReply(421, "4.4.2", "Error: timeout exceeded, closing connection")
            actions.append(.tellClient(reply.line))
            loseClient(reply: reply.firstLine, &actions)
            return actions.append(.closeClient(afterQuit: false))
        }
        dropNextHop("timeout exceeded", &actions)
        settle(&actions)
    }

    /// Ends the session as soon as that costs nothing: at once, or after the message under way.
    package mutating func drain(_ actions: inout ProxyActions) {
        isDraining = true
        if client == .greeting {
            answer(Self.goingDown, &actions)
            return close(&actions)
        }
        settle(&actions)
    }

    /// True from the end of a message to the next hop's reply to it.
    package var awaitsEndOfMessage: Bool { finishing != nil }

    /// True if the session has nothing more to say or to hear.
    package var isClosed: Bool { client == .closed }

    /// Closes both sides when the client has got what it is owed.
    mutating func close(_ actions: inout ProxyActions, afterQuit: Bool = false) {
        guard client != .closed else { return }
        if afterQuit { hasQuit = true }
        guard expected.isEmpty else {
            isClosingAfterReplies = true
            return
        }
        loseClient(reply: [], &actions)
        actions.append(.closeClient(afterQuit: hasQuit))
    }
}
