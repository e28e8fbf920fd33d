// The role output: what has passed the filter comes in, and goes to where it is meant for.

import Bytes
import PostfixFormats

extension Role {
    static let output = Role(
        "output", "takes filtered mail back (re-injection) and delivers it",
        listeners: ["127.0.0.1:10026"], usual: ["relay", "relay_domains"]
    ) { keys in
        var settings = OwnedSetting.noLocalDelivery + [.noRewriting, .rootSubmits]
        settings += [
            OwnedSetting("mynetworks_style", "host", reason: "only this host hands mail over"),
            OwnedSetting(
                "smtpd_authorized_xforward_hosts", "$mynetworks",
                reason: "the filter tells who the real client was"),
            OwnedSetting(
                "smtpd_client_connection_count_limit", "0",
                reason: "the filter is one client with many connections"),
            OwnedSetting(
                "smtpd_client_event_limit_exceptions", "$mynetworks",
                reason: "anvil(8) does not count the filter's connections and messages"),
            OwnedSetting(
                "smtpd_relay_restrictions", "",
                reason: "the input instance has decided who may relay"),
            OwnedSetting(
                "smtpd_recipient_restrictions", "permit_mynetworks, reject",
                reason: "there is one client: the filter on this host"),
            OwnedSetting(
                "smtpd_timeout", "1200s", reason: "a filter may be silent for long"),
            .exactDomains,
            OwnedSetting(
                "smtpd_client_port_logging", "no",
                reason: "as on the other side of the filter"),
        ]
        settings += OwnedSetting.relayDomains(
            keys, reason: "the relay domains live there; all else, such as bounces, goes by MX")
        return settings
    }
}
