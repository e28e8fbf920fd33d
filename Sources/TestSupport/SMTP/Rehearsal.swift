// Plays a proxied session without a network: a client's bytes, next hops in memory, and between
// them the machine under test, whose actions are done to the letter.

package import SMTPProtocol

/// A session of the proxy with both of its sides.
package struct Rehearsal {
    /// How the bytes of one side are cut into pieces.
    package enum Cut: Equatable, Sendable {
        case whole, everyByte
        /// In two, behind so many bytes of all that this side says.
        case at(Int)
    }

    /// The machine.
    package private(set) var session: ProxySession
    /// All that the client got.
    package private(set) var toClient: [UInt8] = []
    /// True when the client's connection has been closed by the proxy.
    package private(set) var isClientClosed = false
    /// True if it was closed because the client had said QUIT.
    package private(set) var isAfterQuit = false
    /// Every connection to the next hop so far.
    package private(set) var nextHops: [ScriptedNextHop] = []
    /// True while the last of them is open.
    package private(set) var isConnected = false
    /// The messages that were inspected.
    package private(set) var inspected: [[UInt8]] = []
    /// The messages that have come to an end.
    package private(set) var finished: [FinishedMessage] = []
    /// How many transactions have begun.
    package private(set) var begun = 0
    /// What the machine asked for though it made no sense.
    package private(set) var faults: [String] = []

    /// The connection of this number, or nil if the next hop cannot be reached.
    package var connect: @Sendable (Int) -> ScriptedNextHop? = { _ in ScriptedNextHop() }
    /// What inspection comes to; nil waits for `tell`.
    package var verdict: @Sendable (Envelope, [UInt8]) -> Verdict? = { _, _ in .pass }
    /// What inspection puts in front of messages.
    package var prologue: [UInt8] = []
    /// True while what the next hop says is on its way.
    package var holdsReplies = false

    private var actions = ProxyActions()
    private var fromClient: [UInt8] = []
    private var fromNextHop: [UInt8] = []
    /// What the next hop has said and the proxy has not read yet.
    private var onItsWay: [UInt8] = []
    private var spool: [UInt8] = []
    private var isConnecting = false
    /// The greeting of a connection that the session has left for others.
    package private(set) var rested: [UInt8]?
    private var inspecting: Envelope?
    private let clientCut: Cut
    private let nextHopCut: Cut
    private var saidByClient = 0
    private var saidByNextHop = 0

    /// A session that begins with `begin`.
    package init(_ policy: ProxyPolicy, client: Cut = .whole, nextHop: Cut = .whole) {
        session = ProxySession(policy: policy)
        clientCut = client
        nextHopCut = nextHop
    }

    /// What the client has sent and the machine has not consumed.
    package var unread: [UInt8] { fromClient }

    /// True while a message waits for its verdict.
    package var awaitsVerdict: Bool { inspecting != nil }

    /// What the spool holds.
    package var spooled: [UInt8] { spool }

    /// The client has connected.
    package mutating func begin() { tell { $0.begin(&$1) } }

    /// Another client has connected, after the one before has gone; what was recorded of that is
    /// forgotten, and a connection that it has left is used.
    package mutating func beginAgain() {
        session = ProxySession(policy: session.policy)
        (toClient, isClientClosed, isAfterQuit) = ([], false, false)
        (fromClient, spool, inspecting) = ([], [], nil)
        (inspected, finished, begun) = ([], [], 0)
        let left = rested == nil ? nil : nextHops.last
        nextHops = []
        guard var nextHop = left, let greeting = rested, !nextHop.isClosed else { return begin() }
        nextHop.forgetRecord()
        nextHops = [nextHop]
        isConnected = true
        rested = nil
        tell { $0.begin(on: greeting, &$1) }
    }

    /// The client sends these bytes, in pieces as it was said.
    package mutating func send(_ bytes: [UInt8]) {
        for piece in Self.pieces(of: bytes, clientCut, behind: &saidByClient) where !isClientClosed
        {
            fromClient += piece
            readClient()
            run()
        }
    }

    /// Something happens; what follows from it happens too.
    package mutating func tell(_ event: (inout ProxySession, inout ProxyActions) -> Void) {
        event(&session, &actions)
        perform([])
        readClient()
        run()
    }

    /// The next hop's connection breaks.
    package mutating func breakNextHop(_ reason: String = "connection lost") {
        guard isConnected || isConnecting else { return }
        (isConnected, isConnecting) = (false, false)
        onItsWay = []
        fromNextHop = []
        tell { $0.nextHopLost(reason, &$1) }
    }

    /// What the next hop has said on its own arrives.
    package mutating func nextHopSays(_ text: String) {
        guard isConnected else { return }
        onItsWay += Array(text.utf8)
        run()
    }

    /// The next hop changes its ways, over the connection at hand.
    package mutating func changeNextHop(_ change: (inout ScriptedNextHop) -> Void) {
        if isConnected { change(&nextHops[nextHops.count - 1]) }
    }

    /// What was held arrives.
    package mutating func releaseReplies() {
        holdsReplies = false
        run()
    }

    /// Lets happen what is about to, to its end.
    package mutating func run() {
        while true {
            if isConnecting, !holdsReplies {
                isConnecting = false
                connectNow()
            } else if isConnected, !onItsWay.isEmpty, !holdsReplies {
                hearNextHop()
            } else if isConnected, nextHops.last?.isClosed == true, !holdsReplies {
                breakNextHop()
            } else if let envelope = inspecting, let verdict = verdict(envelope, spool) {
                inspecting = nil
                event { $0.inspected(verdict, &$1) }
            } else {
                return
            }
        }
    }

    private mutating func event(_ event: (inout ProxySession, inout ProxyActions) -> Void) {
        event(&session, &actions)
        perform([])
        readClient()
    }

    private mutating func connectNow() {
        guard var nextHop = connect(nextHops.count) else {
            // A failed attempt counts as a connection, so that the next one can be another.
            nextHops.append(ScriptedNextHop())
            return event { $0.nextHopLost("Connection refused", &$1) }
        }
        onItsWay = nextHop.greet()
        nextHops.append(nextHop)
        isConnected = true
        event { session, _ in session.nextHopConnected() }
    }

    private mutating func hearNextHop() {
        let said = onItsWay
        onItsWay = []
        let connection = nextHops.count
        for piece in Self.pieces(of: said, nextHopCut, behind: &saidByNextHop) {
            guard isConnected, nextHops.count == connection else { return }
            fromNextHop += piece
            let bytes = fromNextHop
            let count = session.receiveFromNextHop(bytes.span, &actions)
            fromNextHop.removeFirst(count)
            perform(bytes)
            readClient()
        }
    }

    private mutating func readClient() {
        while !fromClient.isEmpty {
            let bytes = fromClient
            let count = session.receiveFromClient(bytes.span, &actions)
            fromClient.removeFirst(count)
            perform(bytes)
            guard count > 0 else { return }
        }
    }

    private mutating func perform(_ source: [UInt8]) {
        let list = actions.list
        actions.removeAll()
        for action in list { perform(action, source) }
    }

    private mutating func perform(_ action: ProxyAction, _ source: [UInt8]) {
        switch action {
        case .passToNextHop(let range): giveNextHop(source[range])
        case .tellNextHop(let bytes): giveNextHop(bytes[...])
        case .passToClient(let range): giveClient(source[range])
        case .tellClient(let bytes): giveClient(bytes[...])
        case .connectNextHop:
            if isConnected || isConnecting { faults.append("connected twice") }
            isConnecting = true
        case .leaveNextHop:
            giveNextHop(Array("QUIT\r\n".utf8)[...])
            disconnect()
        case .restNextHop(let greeting):
            if !isConnected || nextHops.last?.isAsNew != true {
                faults.append("left in the middle of something")
            }
            rested = greeting
            disconnect()
        case .dropNextHop:
            if !isConnected, !isConnecting { faults.append("dropped without a connection") }
            disconnect()
        case .closeClient(let afterQuit):
            isAfterQuit = afterQuit
            if isClientClosed { faults.append("closed twice") }
            isClientClosed = true
        case .transactionBegan: begun += 1
        case .contentBegan: giveNextHop(prologue[...])
        case .spool(let range): spool += source[range]
        case .spoolBytes(let bytes): spool += bytes
        case .inspect(let envelope):
            inspecting = envelope
            inspected.append(spool)
        case .sendSpooled:
            giveNextHop((prologue + spool)[...])
            spool = []
        case .discardSpool:
            spool = []
            inspecting = nil
        case .finished(let message): finished.append(message)
        case .refused: break
        }
    }

    private mutating func giveNextHop(_ bytes: ArraySlice<UInt8>) {
        guard isConnected else { return faults.append("\(bytes.count) bytes for nobody") }
        onItsWay += nextHops[nextHops.count - 1].take(bytes)
    }

    private mutating func giveClient(_ bytes: ArraySlice<UInt8>) {
        if isClientClosed { faults.append("\(bytes.count) bytes for a client that is gone") }
        toClient += bytes
    }

    private mutating func disconnect() {
        (isConnected, isConnecting) = (false, false)
        onItsWay = []
        fromNextHop = []
    }

    private static func pieces(
        of bytes: [UInt8], _ cut: Cut, behind said: inout Int
    ) -> [ArraySlice<UInt8>] {
        defer { said += bytes.count }
        switch cut {
        case .whole: return [bytes[...]]
        case .everyByte: return bytes.indices.map { bytes[$0...$0] }
        case .at(let place):
            let index = place - said
            guard index > 0, index < bytes.count else { return [bytes[...]] }
            return [bytes[..<index], bytes[index...]]
        }
    }
}
