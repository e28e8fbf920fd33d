// From what an operator has set to hooks that work.

import NIOCore

extension HookConfiguration {
    /// The hook; `eventLoops` has the event loops for its connections.
    func entry(_ eventLoops: any EventLoopGroup) -> HookChain.Entry {
        switch kind {
        case .header(let settings): .fields(settings.add)
        case .command(let settings): limited(CommandHook(settings: settings))
        case .clamd(let settings):
            limited(
                ClamdHook(
                    settings: settings, service: client(of: settings.address, eventLoops)))
        case .spamd(let settings):
            limited(
                SpamdHook(
                    settings: settings, service: client(of: settings.address, eventLoops)))
        case .rspamd(let settings):
            limited(
                RspamdHook(
                    settings: settings, service: client(of: settings.address, eventLoops)))
        }
    }

    private func limited(_ hook: any Hook) -> HookChain.Entry {
        .inspection(LimitedHook(name: name, hook: hook, limits: limits))
    }

    private func client(
        of address: ServerAddress, _ eventLoops: any EventLoopGroup
    ) -> ServiceClient {
        ServiceClient(address: address, eventLoops: eventLoops)
    }

    /// The header fields that nobody in front of this hook may have set.
    var removedFields: [String] {
        switch kind {
        case .header(let settings): settings.remove
        case .command: [HeaderField.holdName]
        case .clamd: [HeaderField.holdName, ClamdHook.statusField]
        case .spamd(let settings):
            [HeaderField.holdName] + (settings.tags ? SpamdHook.fieldNames : [])
        case .rspamd(let settings):
            [HeaderField.holdName] + (settings.tags ? RspamdHook.fieldNames : [])
        }
    }
}
