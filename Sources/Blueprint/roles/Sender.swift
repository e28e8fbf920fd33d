// The role sender: outbound mail with an address and a HELO name of its own.

import Bytes
import PostfixFormats

extension Role {
    static let sender = Role(
        "sender", "sends to the world from an address and with a HELO name of its own",
        required: ["hostname"], usual: ["address"]
    ) { keys in
        var settings = OwnedSetting.noLocalDelivery + [.noRewriting, .rootSubmits]
        if keys.networks.isEmpty {
            settings.append(
                OwnedSetting(
                    "mynetworks", "127.0.0.0/8 [::1]/128",
                    reason: "only instances of this host hand mail over"))
        }
        settings += [
            OwnedSetting(
                "smtpd_relay_restrictions", "permit_mynetworks, reject",
                reason: "mail comes from our own instances, which have judged it"),
            OwnedSetting(
                "smtpd_recipient_restrictions", "", reason: "the relay restrictions say it all"),
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
