// From what an operator has set to hooks that work.

import NIOCore
import SMTPProtocol

extension HookConfiguration {
    /// The hook; `services` has the event loops for its connections.
    func entry(_ services: any EventLoopGroup) -> HookChain.Entry {
        switch kind {
        case .header(let settings): .fields(settings.add)
        default: .inspection(LimitedHook(name: name, hook: NoHook(), limits: limits))
        }
    }

    /// The header fields that nobody in front of this hook may have set.
    var removedFields: [String] {
        switch kind {
        case .header(let settings): settings.remove
        case .command: [HeaderField.holdName]
        case .clamd, .spamd, .rspamd: [HeaderField.holdName]
        }
    }
}
struct NoHook: Hook {
    func inspect(_ message: SpooledMessage, _ envelope: SMTPProtocol.Envelope)
        async throws(HookFailure) -> HookVerdict
    { throw HookFailure("not there") }
}
