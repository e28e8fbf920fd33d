// The role fallback-relay: what could not be delivered at the first try waits here.

import Bytes
import PostfixFormats

extension Role {
    static let fallbackRelay = Role(
        "fallback-relay", "takes what another instance could not deliver at once, and keeps trying",
        required: ["listen", "hostname"]
    ) { keys in
        var settings = OwnedSetting.noLocalDelivery + [.noRewriting, .rootSubmits]
        if keys.networks.isEmpty {
            settings.append(
                OwnedSetting(
                    "mynetworks", (["127.0.0.0/8", "[::1]/128"] + keys.ownNetworks).joinedWords,
                    reason: "the instance in front is on this host"))
        }
        settings += [
            OwnedSetting(
                "smtpd_relay_restrictions", "permit_mynetworks, reject",
                reason: "mail comes from the instance in front only"),
            OwnedSetting(
                "smtpd_recipient_restrictions", "", reason: "the relay restrictions say it all"),
            OwnedSetting(
                "smtp_fallback_relay", "", reason: "slow mail stays here: nobody is behind"),
        ]
        return settings
    }
}
