// Message content on its way from the client.

extension ProxySession {
    /// Reads content from `start` on; returns the place behind what was consumed.
    mutating func readContent(
        _ bytes: Span<UInt8>, from start: Int, to target: ContentTarget,
        _ actions: inout ProxyActions
    ) -> Int {
        if case .refused(let reply, let decision) = target {
            guard case .end(let end) = transaction.scanner.skip(bytes, from: start) else {
                transaction.size += bytes.count - start
                return bytes.count
            }
            transaction.size += end - start
            finish(reply, decision, &actions)
            return end
        }
        switch transaction.scanner.scan(bytes, from: start) {
        case .more:
            take(bytes, start..<bytes.count, target, &actions)
            return bytes.count
        case .end(let end):
            take(bytes, start..<end, target, &actions)
            if case .content(.refused(let reply, let decision)) = client {
                finish(reply, decision, &actions)
            } else {
                endContent(target, &actions)
            }
            return end
        case .violation(let violation, let place):
            take(bytes, start..<place, target, &actions)
            if client == .content(target) {
                refuseContent(Self.reply(to: violation), .proxy, &actions)
            }
            guard case .content(let refused) = client else { return place }
            return readContent(bytes, from: place, to: refused, &actions)
        }
    }

    /// Lets a sound piece go where it belongs, if the message is not too large with it.
    private mutating func take(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ target: ContentTarget,
        _ actions: inout ProxyActions
    ) {
        guard !range.isEmpty else { return }
        transaction.size += range.count
        let messageSize = transaction.size - transaction.scanner.overhead
        if policy.messageSizeLimit > 0, messageSize > policy.messageSizeLimit {
            return refuseContent(Self.messageTooBig, .proxy, &actions)
        }
        transaction.removal.pass(bytes, range) { piece in
            switch (piece, target) {
            case (.range(let range), .nextHop): actions.append(.passToNextHop(range))
            case (.held(let bytes), .nextHop): actions.append(.tellNextHop(bytes))
            case (.range(let range), _): actions.append(.spool(range))
            case (.held(let bytes), _): actions.append(.spoolBytes(bytes))
            }
        }
    }

    private mutating func endContent(
        _ target: ContentTarget, _ actions: inout ProxyActions
    ) {
        switch target {
        case .nextHop:
            expected.append(.endOfContent)
            finishing = transaction
            client = .commands
            resetTransaction()
        case .spool:
            client = .inspecting
            actions.append(.inspect(transaction.envelope))
        case .refused: break
        }
    }

    /// Refuses a message of which the next hop may have got a part; the client gets the reply when
    /// it has sent the rest.
    mutating func refuseContent(
        _ reply: OwnReply, _ decision: FinishedMessage.Decision, _ actions: inout ProxyActions
    ) {
        if client == .content(.spool) {
            actions.append(.discardSpool)
            abandonEnvelope(&actions)
        } else {
            // Only the end of the connection ends a message that must not be completed.
            disconnect(&actions)
        }
        client = .content(.refused(reply, decision))
    }

    /// Makes the next hop forget the sender and recipients that it has accepted.
    mutating func abandonEnvelope(_ actions: inout ProxyActions) {
        guard nextHop == .ready else { return }
        actions.append(.tellNextHop(Array("RSET\r\n".utf8)))
        expected.append(.ownReset)
    }

    /// Answers for a message that the next hop does not answer for.
    mutating func finish(
        _ reply: OwnReply, _ decision: FinishedMessage.Decision, _ actions: inout ProxyActions
    ) {
        client = .commands
        actions.append(
            .finished(
                FinishedMessage(
                    envelope: transaction.envelope, size: transaction.size,
                    reply: reply.firstLine, decision: decision)))
        resetTransaction()
        answer(reply, &actions)
    }

    private static func reply(to violation: DataScanner.Violation) -> OwnReply {
        switch violation {
        case .bareLineFeed:
            OwnReply(550, "5.5.2", "Error: bare <LF> in message, lines end in <CR><LF>")
        case .bareCarriageReturn:
            OwnReply(550, "5.5.2", "Error: bare <CR> in message, lines end in <CR><LF>")
        case .lineTooLong: OwnReply(550, "5.6.0", "Error: line too long in message")
        }
    }

    // Messages that are inspected before the next hop gets them.

    /// DATA of a message that is to be spooled: it goes to the next hop when that is done, but
    /// one without recipients at once, to be refused in the next hop's words.
    mutating func requestSpooled(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ actions: inout ProxyActions
    ) {
        guard expected.isEmpty else {
            isSpoolWanted = true
            return
        }
        beginSpool(&actions)
    }

    /// Lets the client send, or the next hop say why it may not.
    mutating func beginSpool(_ actions: inout ProxyActions) {
        isSpoolWanted = false
        guard transaction.phase == .begun, transaction.envelope.accepted > 0 else {
            actions.append(.tellNextHop(Array("DATA\r\n".utf8)))
            expected.append(.relayed(.data))
            return
        }
        beginContent(.spool)
        actions.append(
            .tellClient(Array("354 End data with <CR><LF>.<CR><LF>\r\n".utf8)))
    }

    /// Everything from here on is content.
    mutating func beginContent(_ target: ContentTarget) {
        client = .content(target)
        transaction.size = 0
        transaction.scanner = DataScanner(lineLimit: policy.contentLineLimit)
        transaction.removal = removal
    }

    /// The spooled message has been inspected.
    package mutating func inspected(_ verdict: Verdict, _ actions: inout ProxyActions) {
        guard client == .inspecting else { return }
        defer { settle(&actions) }
        switch verdict {
        case .pass where nextHop == .ready:
            client = .sendingSpooled
            actions.append(.tellNextHop(Array("DATA\r\n".utf8)))
            expected.append(.ownData)
        case .pass:
            actions.append(.discardSpool)
            finish(Self.transactionLost, .nextHopLost, &actions)
        case .refuse(let reply), .discard(let reply):
            actions.append(.discardSpool)
            finish(reply, .hook, &actions)
            abandonEnvelope(&actions)
        }
    }

    /// The spool could not take what it was given, be it that the message has ended meanwhile.
    package mutating func spoolFailed(_ reason: String, _ actions: inout ProxyActions) {
        let reply = OwnReply(452, "4.3.1", "Error: \(reason)")
        switch client {
        case .content(.spool): refuseContent(reply, .proxy, &actions)
        case .inspecting:
            actions.append(.discardSpool)
            finish(reply, .proxy, &actions)
            abandonEnvelope(&actions)
            settle(&actions)
        default: break
        }
    }
}

extension OwnReply {
    /// The first line without its end.
    var firstLine: [UInt8] { Array(line.prefix { $0 != .carriageReturn && $0 != .lineFeed }) }
}
