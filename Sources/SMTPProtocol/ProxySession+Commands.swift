// What the client says between messages.

import DequeModule

extension ProxySession {
    /// Reads one command line from `start` on; returns where the next begins, or `start` if the
    /// line is not complete or has to wait.
    mutating func readCommand(
        _ bytes: Span<UInt8>, from start: Int, _ actions: inout ProxyActions
    ) -> Int {
        guard canTakeCommand else { return start }
        guard let end = bytes.lineFeed(from: start) else {
            guard bytes.count - start >= policy.commandLineLimit else { return start }
            client = .overlongLine
            refuse(OwnReply(500, "5.5.2", "Error: line too long"), &actions)
            return bytes.count
        }
        let next = end + 1
        guard next - start <= policy.commandLineLimit else {
            refuse(OwnReply(500, "5.5.2", "Error: line too long"), &actions)
            return next
        }
        if let reply = Self.faultOfLine(bytes, start..<end) {
            refuse(reply, &actions)
            return next
        }
        let line = CommandLine(bytes, in: start..<end - 1)
        guard isTaken(line, bytes, start..<next, &actions) else { return start }
        return next
    }

    /// True if a command may be read now: replies that others wait for come first.
    var canTakeCommand: Bool {
        guard !nextHop.isUnderWay, !isClosingAfterReplies,
            expected.count < policy.pipelineLimit
        else { return false }
        switch expected.last {
        case nil: return true
        case .relayed(let verb): return hasPipelining && !verb.endsGroup
        case .ownData: return false
        case .sender, .recipient, .endOfContent, .ownReset, .own: return hasPipelining
        }
    }

    /// Skips what is left of a line that is too long.
    mutating func skipLine(_ bytes: Span<UInt8>, from start: Int) -> Int {
        guard let end = bytes.lineFeed(from: start) else { return bytes.count }
        client = .commands
        return end + 1
    }

    /// What is wrong with the bytes of a line, up to its LF.
    private static func faultOfLine(_ bytes: Span<UInt8>, _ line: Range<Int>) -> OwnReply? {
        let last = line.upperBound - 1
        guard last >= line.lowerBound, bytes[last] == .carriageReturn else {
            return OwnReply(500, "5.5.2", "Error: bare <LF> received, lines end in <CR><LF>")
        }
        for index in line.lowerBound..<last {
            if bytes[index] == .carriageReturn {
                return OwnReply(500, "5.5.2", "Error: bare <CR> received, lines end in <CR><LF>")
            }
            if bytes[index] == 0 { return OwnReply(500, "5.5.2", "Error: NUL in command") }
        }
        return nil
    }

    /// Does what a sound line asks; false if it has to wait for a connection.
    private mutating func isTaken(
        _ line: CommandLine, _ bytes: Span<UInt8>, _ range: Range<Int>,
        _ actions: inout ProxyActions
    ) -> Bool {
        switch line.verb {
        case .unknown, .auth, .startTLS, .xclient:
            refuse(OwnReply(502, "5.5.1", "Error: command not implemented"), &actions)
            return true
        case .bdat:
            refuseChunk(line, bytes, &actions)
            return true
        case .mail: return isMailTaken(line, bytes, range, &actions)
        case .data where !line.argument.isEmpty:
            refuse(OwnReply(501, "5.5.4", "Syntax: DATA"), &actions)
            return true
        case .rcpt, .data:
            if transaction.phase == .lost {
                answer(Self.transactionLost, &actions)
                return true
            }
        case .xforward:
            guard transaction.phase == .lost else { break }
            guard !transaction.hasOrigin else {
                answer(Self.transactionLost, &actions)
                return true
            }
            resetTransaction()
        case .quit:
            if nextHop != .ready || policy.reusesConnections {
                answer(OwnReply(221, "2.0.0", "Bye"), &actions)
                close(&actions, afterQuit: true)
                return true
            }
        case .rset:
            if nextHop != .ready || isInherited {
                resetTransaction()
                answer(OwnReply(250, "2.0.0", "Ok"), &actions)
                return true
            }
        case .ehlo, .helo:
            // An introduction in place of the one before need not follow it.
            if nextHop == .absent { hello = [] }
        case .noop, .vrfy, .expn, .help, .etrn: break
        }
        guard hasNextHop(for: line.verb, &actions) else {
            guard isAnsweredUnreachable(&actions) else { return false }
            if line.verb == .xforward {
                // MAIL must not be passed on without it.
                transaction.hasOrigin = true
                transaction.phase = .lost
            }
            return true
        }
        pass(line, bytes, range, &actions)
        return true
    }

    /// Passes a command on, and remembers what the reply will be to.
    private mutating func pass(
        _ line: CommandLine, _ bytes: Span<UInt8>, _ range: Range<Int>,
        _ actions: inout ProxyActions
    ) {
        hasCleanNextHop = false
        switch line.verb {
        case .ehlo, .helo:
            proposedHello = bytes.copy(range)
        case .xforward:
            if transaction.phase != .begun {
                transaction.hasOrigin = true
                transaction.envelope.origin.read(bytes, in: line.argument)
            }
        case .rcpt:
            let path = policy.keepsRecipients ? PathArgument(bytes, in: line.argument) : nil
            actions.append(.passToNextHop(range))
            expected.append(.recipient(path.map { bytes.copy($0.address) } ?? []))
            return
        case .data:
            client = .dataRequested
            hasTalkedEarly = false
            if policy.passage == .inspect {
                requestSpooled(bytes, range, &actions)
                return
            }
        default: break
        }
        actions.append(.passToNextHop(range))
        expected.append(.relayed(line.verb))
    }

    /// Forgets sender and recipients; who the client is stays known.
    mutating func resetTransaction() {
        let hello = transaction.envelope.hello
        transaction = Transaction()
        transaction.envelope.hello = hello
    }

    private mutating func isMailTaken(
        _ line: CommandLine, _ bytes: Span<UInt8>, _ range: Range<Int>,
        _ actions: inout ProxyActions
    ) -> Bool {
        if isDraining, transaction.phase != .begun {
            answer(Self.goingDown, &actions)
            close(&actions)
            return true
        }
        if transaction.phase == .lost, transaction.hasOrigin {
            // The next hop would take the client for another one.
            resetTransaction()
            transaction.phase = .lost
            answer(Self.transactionLost, &actions)
            return true
        }
        let path = PathArgument(bytes, in: line.argument)
        if let path, path.has(Self.binaryBody, in: bytes) {
            refuse(OwnReply(555, "5.5.4", "Unsupported option: BODY=BINARYMIME"), &actions)
            return true
        }
        if let path, isTooLarge(path, bytes) {
            refuse(Self.messageTooBig, &actions)
            return true
        }
        guard hasNextHop(for: .mail, &actions) else {
            guard isAnsweredUnreachable(&actions) else { return false }
            transaction.phase = .lost
            return true
        }
        hasCleanNextHop = false
        actions.append(.passToNextHop(range))
        expected.append(.sender(path.map { bytes.copy($0.address) } ?? []))
        // A second MAIL is the next hop's to refuse.
        guard transaction.phase != .begun else { return true }
        let (origin, hasOrigin) = (transaction.envelope.origin, transaction.hasOrigin)
        resetTransaction()
        transaction.envelope.origin = origin
        transaction.hasOrigin = hasOrigin
        transaction.phase = .begun
        actions.append(.transactionBegan)
        return true
    }

    /// True if the client says that its message has more bytes than our own limit (RFC 1870).
    private func isTooLarge(_ path: PathArgument, _ bytes: Span<UInt8>) -> Bool {
        guard policy.messageSizeLimit > 0, let value = path.value(behind: "SIZE=", in: bytes)
        else { return false }
        let digits = bytes.copy(value)
        // What is no number is the next hop's to refuse.
        guard !digits.isEmpty, digits.allSatisfy(\.isDigit) else { return false }
        // A number too large for us is larger than any limit of ours.
        let size = Int(String(decoding: digits, as: UTF8.self)) ?? .max
        return size > policy.messageSizeLimit
    }

    /// True if the next hop takes this command; else a connection is begun, if none is under way.
    private mutating func hasNextHop(for verb: Verb, _ actions: inout ProxyActions) -> Bool {
        if isInherited, verb != .ehlo, verb != .helo, expected.isEmpty {
            // The next hop would take the client for the one before.
            leaveNextHop(&actions)
        }
        switch nextHop {
        case .ready: return true
        case .absent:
            guard expected.isEmpty else { return false }
            nextHop = .connecting
            preparation = .ownGreeting
            actions.append(.connectNextHop)
            return false
        case .connecting, .preparing, .unreachable: return false
        }
    }

    /// Answers a command for which the next hop could not be reached; false if it is to wait.
    private mutating func isAnsweredUnreachable(_ actions: inout ProxyActions) -> Bool {
        guard case .unreachable(let reason) = nextHop else { return false }
        nextHop = .absent
        answer(OwnReply(451, "4.4.1", "Error: next hop: \(reason)"), &actions)
        return true
    }

    /// Refuses a chunk (RFC 3030) and what comes with it, which must not be read as commands.
    private mutating func refuseChunk(
        _ line: CommandLine, _ bytes: Span<UInt8>, _ actions: inout ProxyActions
    ) {
        let word = bytes.copy(line.argument).prefix { !$0.isBlank }
        guard word.allSatisfy(\.isDigit), let length = Int(String(decoding: word, as: UTF8.self))
        else {
            answer(OwnReply(521, "5.5.4", "Error: chunk without a size, closing"), &actions)
            close(&actions)
            return
        }
        if length > 0 { client = .refusedChunk(length) }
        refuse(OwnReply(502, "5.5.1", "Error: chunks are not implemented"), &actions)
    }

    private static let binaryBody: StaticWord = "BODY=BINARYMIME"
    static let messageTooBig = OwnReply(552, "5.3.4", "Error: message file too big")
    static let transactionLost = OwnReply(451, "4.4.2", "Error: next hop: connection lost")
    static let goingDown = OwnReply(421, "4.3.2", "Service shutting down, closing connection")
}
