// The role backup-mx: keeps the mail of others while their server is away.

import Bytes
import PostfixFormats

extension Role {
    static let backupMX = Role(
        "backup-mx", "takes mail for other servers' domains while those are away",
        required: ["relay_domains"], listeners: ["25"]
    ) { keys in
        var settings = OwnedSetting.noLocalDelivery + [.noRewriting, .rootSubmits]
        if keys.networks.isEmpty {
            settings.append(
                OwnedSetting(
                    "mynetworks", "127.0.0.0/8 [::1]/128",
                    reason: "no other host may relay anywhere through a server for the world"))
        }
        settings.append(
            OwnedSetting(
                "smtpd_relay_restrictions", "permit_mynetworks, reject_unauth_destination",
                reason: "strangers reach the relay domains and nothing else"))
        if keys.queueLifetime == nil {
            settings.append(
                OwnedSetting(
                    "maximal_queue_lifetime", "20d",
                    reason: "a server may be away for longer than mail waits elsewhere"))
        }
        settings.append(
            OwnedSetting(
                "parent_domain_matches_subdomains", "",
                reason: "a domain is itself only; subdomains are named with a leading dot"))
        if let relay = keys.relay {
            settings.append(
                OwnedSetting(
                    "relay_transport", "relay:\(relay)", reason: "the relay domains live there"))
        }
        return settings
    }
}
