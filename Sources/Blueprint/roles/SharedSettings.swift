// The settings that several roles have, each with its reason.

import Bytes
import PostfixFormats

extension OwnedSetting {
    /// What every instance has that keeps no mailboxes.
    static let noLocalDelivery: [OwnedSetting] = [
        OwnedSetting("mydestination", "", reason: "no mailboxes here: no domain ends in this host"),
        OwnedSetting("alias_maps", "", reason: "no local recipients, so no aliases of them"),
        OwnedSetting("alias_database", "", reason: "nothing for newaliases(1) to make"),
        OwnedSetting("local_recipient_maps", "", reason: "no local recipients to look up"),
        OwnedSetting(
            "local_transport", "error:5.1.1 Mailbox unavailable",
            reason: "what is local all the same comes back at once"),
    ]

    /// What an instance has that only hands on what others have judged.
    static let noRewriting = OwnedSetting(
        "local_header_rewrite_clients", "",
        reason: "headers stay as they came: where mail begins, they are completed")

    /// Who may submit with sendmail(1) -C.
    static let rootSubmits = OwnedSetting(
        "authorized_submit_users", "root",
        reason: "root may test with sendmail -C; other local mail enters at the primary")

    /// Who may relay if the blueprint names no networks: this host, and what else is said here.
    static func networks(
        _ keys: InstanceKeys, and others: [ByteString] = [], reason: ByteString
    ) -> [OwnedSetting] {
        guard keys.networks.isEmpty else { return [] }
        let own: [ByteString] = ["127.0.0.0/8", "[::1]/128"]
        return [OwnedSetting("mynetworks", (own + others).joined(by: " "), reason: reason)]
    }

    /// What every instance has that takes mail from the world, so that it is no open relay.
    static func facingTheWorld(_ keys: InstanceKeys) -> [OwnedSetting] {
        networks(
            keys, reason: "no other host may relay anywhere through a server for the world")
            + [
                OwnedSetting(
                    "smtpd_relay_restrictions", "permit_mynetworks, reject_unauth_destination",
                    reason: "strangers reach the relay domains and nothing else")
            ]
    }

    /// What an instance has whose relay restrictions already refuse all that it does not want.
    static let noMoreRestrictions = OwnedSetting(
        "smtpd_recipient_restrictions", "", reason: "the relay restrictions say it all")

    /// What an instance has that takes mail for listed domains.
    static let exactDomains = OwnedSetting(
        "parent_domain_matches_subdomains", "",
        reason: "a domain is itself only; subdomains are named with a leading dot")

    /// Where mail for the relay domains goes, if the blueprint says it.
    static func relayDomains(_ keys: InstanceKeys, reason: ByteString) -> [OwnedSetting] {
        guard let relay = keys.relay else { return [] }
        return [OwnedSetting("relay_transport", "relay:\(relay)", reason: reason)]
    }
}
