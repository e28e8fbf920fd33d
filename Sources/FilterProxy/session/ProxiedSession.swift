// One client's connection and the one to the next hop: carries bytes, does what the machine says.
//
// Everything here runs on the event loop of the client's channel; both channels are on it. What to
// do is decided in SMTPProtocol, never here.

import NIOCore
import NIOPosix
import SMTPProtocol

/// A session at work.
final class ProxiedSession {
    let settings: SessionSettings
    let client: any Channel
    /// The other sessions on this event loop.
    let siblings: LoopSessions
    var machine: ProxySession
    var actions = ProxyActions()
    /// What the machine has not consumed yet.
    var fromClient = ByteBuffer()
    var fromNextHop = ByteBuffer()
    var nextHop: NextHopHandler?
    /// Tells a connection attempt that is still wanted from one that is not.
    var attempt = 0
    /// The message that waits to be inspected or sent.
    var spool: Spool?
    /// The hooks at work on it.
    var inspection: Task<Void, Never>?
    /// When the last byte came or went.
    var lastProgress = NIODeadline.now()
    var messageBegan = NIODeadline.now()
    /// When a message began whose commands came behind the end of the one before.
    var nextMessageBegan: NIODeadline?
    /// What inspection has found about the message at hand.
    var findings = Findings()
    /// What inspection puts in front of it.
    var prologue = ByteBuffer()
    /// The header fields that inspection takes out of it.
    var removedFields: [String] = []
    private var isReadingClient = true
    var hasWrittenClient = false
    var hasWrittenNextHop = false

    init(client: any Channel, settings: SessionSettings, siblings: LoopSessions) {
        self.client = client
        self.settings = settings
        self.siblings = siblings
        machine = ProxySession(policy: settings.policy)
    }

    /// Greets the client, over a connection that another session has left if there is one.
    func begin() {
        guard let (connection, greeting) = siblings.resting.take(to: settings.nextHop) else {
            return handle { $0.begin(&$1) }
        }
        nextHop = connection
        connection.resume(for: self)
        handle { $0.begin(on: greeting, &$1) }
    }

    /// Runs the machine on one event, and then on what it had left of the client's bytes.
    func handle(_ event: (inout ProxySession, inout ProxyActions) -> Void) {
        lastProgress = .now()
        event(&machine, &actions)
        perform(on: ByteBuffer())
        readClientBuffer()
        settle()
    }

    // What the client sends.

    func receiveFromClient(_ bytes: ByteBuffer) {
        lastProgress = .now()
        fromClient.hold(bytes)
        readClientBuffer()
    }

    func readClientBuffer() {
        while fromClient.readableBytes > 0, !isSpoolBusy {
            // What is done may end the session, so the books are closed before it.
            let bytes = fromClient
            let count = machine.receiveFromClient(bytes.readableBytesUInt8Span, &actions)
            fromClient.moveReaderIndex(forwardBy: count)
            perform(on: bytes)
            guard count > 0, !machine.ignoresClient else { break }
        }
        if fromClient.readableBytes == 0 { fromClient = ByteBuffer() }
    }

    // What the next hop sends.

    func receiveFromNextHop(_ bytes: ByteBuffer) {
        lastProgress = .now()
        fromNextHop.hold(bytes)
        let bytes = fromNextHop
        let count = machine.receiveFromNextHop(bytes.readableBytesUInt8Span, &actions)
        fromNextHop.moveReaderIndex(forwardBy: count)
        if fromNextHop.readableBytes == 0 { fromNextHop = ByteBuffer() }
        perform(on: bytes)
        readClientBuffer()
    }

    /// Sends what was written, and reads no more than can be passed on.
    func settle() {
        if hasWrittenClient {
            hasWrittenClient = false
            client.flush()
        }
        if hasWrittenNextHop {
            hasWrittenNextHop = false
            nextHop?.channel?.flush()
        }
        let wantsClient =
            (nextHop?.channel?.isWritable ?? true) && fromClient.readableBytes < Self.heldLimit
            && !isSpoolBusy
        guard wantsClient != isReadingClient else { return }
        isReadingClient = wantsClient
        setAutoRead(wantsClient, on: client)
    }

    /// So much of the client's bytes is kept while they have to wait.
    private static let heldLimit = 65_536

    private var isSpoolBusy: Bool { spool?.isBusy ?? false }

    /// The client takes replies again, or does not: the next hop's wait as long.
    func clientWritabilityChanged() {
        guard let channel = nextHop?.channel else { return }
        setAutoRead(client.isWritable, on: channel)
    }

    /// The next hop takes content again, or does not.
    func nextHopWritabilityChanged() {
        lastProgress = .now()
        readClientBuffer()
        settle()
    }

    // Time.

    /// Looks whether the other sides take too long.
    func checkTime(_ now: NIODeadline) {
        guard now - lastProgress >= settings.timeouts.limit(of: machine.wait) else { return }
        let isStuck = nextHop?.channel.map { !$0.isWritable } ?? false
        handle { $0.timedOut(isNextHopStuck: isStuck, &$1) }
    }

    // Ends.

    /// The client's channel is closed.
    func clientClosed() {
        handle { $0.clientLost(&$1) }
        dropNextHop()
        giveUpSpool()
    }
}
