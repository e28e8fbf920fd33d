// The role fallback-relay: what could not be delivered at the first try waits here.

import Bytes
import PostfixFormats

extension Role {
    static let fallbackRelay = Role(
        "fallback-relay", "takes what another instance could not deliver at once, and keeps trying",
        required: ["listen", "hostname"]
    ) { keys in
        var settings = OwnedSetting.noLocalDelivery + [.noRewriting, .rootSubmits]
        settings += OwnedSetting.networks(
            keys, and: keys.ownNetworks, reason: "the instance in front is on this host")
        settings += [
            OwnedSetting(
                "smtpd_relay_restrictions", "permit_mynetworks, reject",
                reason: "mail comes from the instance in front only"),
            .noMoreRestrictions,
            OwnedSetting(
                "smtp_fallback_relay", "", reason: "slow mail stays here: nobody is behind"),
        ]
        return settings
    }
}
