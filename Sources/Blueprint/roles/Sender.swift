// The role sender: outbound mail with an address and a HELO name of its own.

import Bytes
import PostfixFormats

extension Role {
    static let sender = Role(
        "sender", "sends to the world from an address and with a HELO name of its own",
        required: ["hostname"], usual: ["address"]
    ) { keys in
        var settings = OwnedSetting.noLocalDelivery + [.noRewriting, .rootSubmits]
        settings += OwnedSetting.networks(
            keys, reason: "only instances of this host hand mail over")
        settings += [
            OwnedSetting(
                "smtpd_relay_restrictions", "permit_mynetworks, reject",
                reason: "mail comes from our own instances, which have judged it"),
            .noMoreRestrictions,
            OwnedSetting(
                "smtpd_client_connection_count_limit", "0",
                reason: "an instance in front is one client with many connections"),
        ]
        if let relay = keys.relay {
            settings.append(OwnedSetting("relayhost", relay, reason: "all mail goes there"))
        }
        return settings
    }
}
