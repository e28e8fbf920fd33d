// Messages that are inspected before the next hop gets them.

import Bytes
import HostAccess
import NIOCore
import SMTPProtocol

extension ProxiedSession {
    func appendToSpool(_ bytes: ByteBuffer) {
        let spool = self.spool ?? Spool(settings: settings.spool, loop: client.eventLoop)
        self.spool = spool
        spool.append(bytes) { [weak self] failure in
            guard let self, self.spool === spool else { return }
            if let failure {
                settings.log.spoolFailed(failure)
                handle { $0.spoolFailed("cannot keep the message", &$1) }
            } else {
                readClientBuffer()
                settle()
            }
        }
    }

    func inspect(_ envelope: Envelope) {
        let hooks = settings.hooks
        let loop = client.eventLoop
        let bound = NIOLoopBound(self, eventLoop: loop)
        guard let spool else { return }
        let boundSpool = NIOLoopBound(spool, eventLoop: loop)
        spool.whole { [self] message in
            // The message may be given up while the disk takes the last of it.
            guard self.spool === spool else { return }
            inspection = Task {
                let inspection = await hooks.inspect(message, envelope, at: LiveClock().nowSeconds)
                loop.execute { bound.value.inspected(inspection, of: boundSpool.value) }
            }
        }
    }

    /// Forgets the message that waits; a hook that looks into it must not keep its turn.
    func giveUpSpool() {
        spool = nil
        inspection?.cancel()
        inspection = nil
    }

    private func inspected(_ inspection: Inspection, of spool: Spool) {
        // A verdict may come when its message is given up already, and another one waits.
        guard self.spool === spool else { return }
        self.inspection = nil
        findings = inspection.findings
        prologue = inspection.prologue
        removedFields = inspection.removedFields
        handle { $0.inspected(inspection.verdict, &$1) }
    }

    func sendSpooled() {
        guard let spool, let handler = nextHop, let channel = handler.channel else { return }
        self.spool = nil
        writeNextHop(prologue)
        prologue = ByteBuffer()
        let removed = removedFields
        let loop = client.eventLoop
        let bound = NIOLoopBound(self, eventLoop: loop)
        let boundHandler = NIOLoopBound(handler, eventLoop: loop)
        spool.whole { message in
            loop.makeFutureWithTask {
                try await message.forEachWirePiece(without: removed) { piece in
                    try await channel.writeAndFlush(piece)
                    loop.execute { bound.value.lastProgress = .now() }
                }
            }.whenFailure { _ in
                // What the next hop has is no whole message, and it must not wait for the rest.
                bound.value.sendingFailed(to: boundHandler.value)
            }
        }
    }

    private func sendingFailed(to handler: NextHopHandler) {
        guard nextHop === handler else { return }
        dropNextHop()
        handle { $0.nextHopLost("message could not be sent", &$1) }
    }
}
