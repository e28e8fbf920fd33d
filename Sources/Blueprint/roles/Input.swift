// The role input: mail from outside, in front of a content filter or of the inside.

import Bytes
import PostfixFormats

extension Role {
    static let input = Role(
        "input", "takes mail from the network, for the domains that it relays",
        listeners: ["25"], usual: ["filter", "relay_domains"]
    ) { keys in
        var settings = OwnedSetting.noLocalDelivery + [.noRewriting, .rootSubmits]
        settings += OwnedSetting.facingTheWorld(keys)
        settings.append(.exactDomains)
        if keys.filter == nil {
            settings += OwnedSetting.relayDomains(keys, reason: "the relay domains live there")
        }
        return settings
    }

    /// All mail to a content filter, as a next hop.
    static func toFilter(_ filter: ByteString) -> [OwnedSetting] {
        [
            OwnedSetting(
                "default_transport", "smtp:\(filter)",
                reason: "all mail goes to the filter, as to any next hop; content_filter would be"
                    + " a second way"),
            OwnedSetting(
                "relay_transport", "$default_transport",
                reason: "mail for the relay domains as well"),
            OwnedSetting(
                "virtual_transport", "$default_transport",
                reason: "mail for virtual domains as well"),
            OwnedSetting("transport_maps", "", reason: "nothing goes past the filter"),
            OwnedSetting(
                "smtp_send_xforward_command", "yes",
                reason: "the instance behind the filter logs the real client"),
            OwnedSetting(
                "smtp_destination_recipient_limit", "1000",
                reason: "a message goes through the filter once, not once per few recipients"),
            OwnedSetting(
                "smtp_data_done_timeout", "1200s",
                reason: "a filter may think long before it answers"),
            OwnedSetting(
                "smtpd_client_port_logging", "no",
                reason: "as on the other side of the filter, which is told what is logged here"),
        ]
    }
}
