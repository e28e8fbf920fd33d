// The role backup-mx: keeps the mail of others while their server is away.

import Bytes
import PostfixFormats

extension Role {
    static let backupMX = Role(
        "backup-mx", "takes mail for other servers' domains while those are away",
        required: ["relay_domains"], listeners: ["25"]
    ) { keys in
        var settings = OwnedSetting.noLocalDelivery + [.noRewriting, .rootSubmits]
        settings += OwnedSetting.facingTheWorld(keys)
        if keys.queueLifetime == nil {
            settings.append(
                OwnedSetting(
                    "maximal_queue_lifetime", "20d",
                    reason: "a server may be away for longer than mail waits elsewhere"))
        }
        settings.append(.exactDomains)
        settings += OwnedSetting.relayDomains(keys, reason: "the relay domains live there")
        return settings
    }
}
