// Mistakes in the ways of mail.

import Bytes
import HostAccess
import Instances
import TestSupport

let flowFixtures: [Fixture] = nextHopFixtures + pairFixtures + outwardFixtures

private let nextHopFixtures: [Fixture] = [
    Fixture("next-hop-dead", ["postfix-in"], at: mainIn, says: "nobody listens on port 10029") {
        $0.set("postfix-in", "default_transport = smtp:[127.0.0.1]:10029")
        $0.set("postfix-out", "smtpd_authorized_xforward_hosts = 127.0.0.1")
    },
    Fixture("next-hop-dead", ["postfix-in"], at: mainIn, says: "postfix-out is not enabled") {
        $0.sendDirectly()
        $0.set("postfix-out", "multi_instance_enable = no")
        $0.unset("postfix-out", "multi_instance_group")
    },
    Fixture("listener-disabled", ["postfix-out", "postfix-in"], at: mainOut, says: "10026") {
        $0.sendDirectly()
        $0.set("postfix-out", "master_service_disable = inet")
    },
    Fixture(
        "flow-cycle", ["postfix-out", "postfix-in"], at: mainOut,
        says: "postfix-out to postfix-in to postfix-out"
    ) {
        $0.sendDirectly()
        $0.unset("postfix-in", "relay_domains")
        $0.unset("postfix-out", "relay_domains")
        $0.unset("postfix-out", "relay_transport")
        $0.set("postfix-out", "default_transport = smtp:[127.0.0.1]:10024")
        $0.addService("postfix-in", "127.0.0.1:10024 inet n - n - - smtpd")
        $0.set("postfix-out", "mydestination =")
        $0.set("postfix-in", "mydestination =")
        $0.set("postfix-in", "smtpd_client_event_limit_exceptions = 127.0.0.0/8")
    },
    Fixture("start-order", ["postfix-in", "postfix-out"], at: mainPrimary, says: "starts before") {
        $0.set("postfix", "multi_instance_directories = /etc/postfix-in /etc/postfix-out")
    },
]

private let pairFixtures: [Fixture] = [
    Fixture("hostname-loop", ["-", "postfix-in"], at: mainIn, says: "both are") {
        $0.set("postfix", "relayhost = [203.0.113.25]")
        $0.set("postfix-in", "mynetworks = 127.0.0.0/8 203.0.113.25")
        $0.set("postfix-in", "myhostname = mta1.example.com")
    },
    Fixture("helo-name-leak", ["postfix-in"], at: mainIn, says: "mx1.example.com") {
        $0.set("postfix", "relayhost = [203.0.113.25]")
        $0.set("postfix-in", "mynetworks = 127.0.0.0/8 203.0.113.25")
        $0.unset("postfix-in", "default_transport")
        $0.unset("postfix-in", "relay_transport")
        $0.unset("postfix-in", "virtual_transport")
        $0.unset("postfix-in", "relay_domains")
    },
    Fixture("relay-denied", ["postfix-out", "postfix-in"], at: mainOut, says: "203.0.113.25") {
        $0.sendDirectly()
        $0.unset("postfix-in", "smtp_bind_address")
        $0.set("postfix-out", "smtpd_authorized_xforward_hosts = 203.0.113.25")
    },
    Fixture("xforward-not-authorized", ["postfix-out", "postfix-in"], at: mainOut, says: "who") {
        $0.unset("postfix-out", "smtpd_authorized_xforward_hosts")
    },
    Fixture("xforward-lost", ["postfix-out", "postfix-in"], at: mainIn, says: "behind the filter") {
        $0.unset("postfix-out", "smtpd_authorized_xforward_hosts")
        $0.unset("postfix-in", "smtp_send_xforward_command")
    },
    Fixture("filter-timeout", ["postfix-out", "postfix-in"], at: mainOut, says: "300s") {
        $0.unset("postfix-out", "smtpd_timeout")
    },
    Fixture("filter-timeout", ["postfix-out", "postfix-in"], at: mainIn, says: "600s") {
        $0.unset("postfix-in", "smtp_data_done_timeout")
    },
    Fixture("recipient-limit-mismatch", ["postfix-out", "postfix-in"], at: mainIn, says: "50") {
        $0.unset("postfix-in", "smtp_destination_recipient_limit")
    },
    Fixture("recipient-limit-mismatch", ["postfix-out", "postfix-in"], at: mainIn, says: "2000") {
        $0.sendDirectly()
        $0.set("postfix-in", "smtp_destination_recipient_limit = 2000")
    },
    Fixture("message-size-mismatch", ["postfix-out", "postfix-in"], at: mainOut, says: "52428800") {
        $0.set("postfix-in", "message_size_limit = 52428800")
    },
    Fixture("fallback-loop", ["postfix-in"], at: mainIn, says: "leads back") {
        $0.set("postfix-in", "smtp_fallback_relay = [203.0.113.25]:25")
    },
]

private let outwardFixtures: [Fixture] = [
    Fixture("fallback-slow-front", ["-"], at: mainPrimary, says: "as long as ever") {
        $0.set("postfix", "smtp_fallback_relay = [slow.example.com]")
    },
    Fixture("outbound-source-loopback", ["-"], at: mainPrimary, says: "192.168.7.1") {
        $0.memory.network.addresses += ["192.168.7.1"]
        $0.set("postfix", "relayhost =")
        $0.set("postfix", "inet_interfaces = 192.168.7.1")
    },
    Fixture(
        "bind-address-absent", ["postfix-in"], at: "/etc/postfix-in/master.cf",
        says: "203.0.113.99"
    ) {
        $0.set("postfix-in", "inet_interfaces = 203.0.113.99")
    },
    Fixture("bind-address-absent", ["postfix-out"], at: mainOut, says: "203.0.113.98") {
        $0.set("postfix-out", "smtp_bind_address = 203.0.113.98")
    },
    Fixture("content-filter-in-multi", ["postfix-in"], at: mainIn, says: "default_transport") {
        $0.set("postfix-in", "content_filter = smtp:[127.0.0.1]:10025")
    },
    Fixture("parent-domain-match", ["postfix-in"], at: mainIn, says: "sub-domains") {
        $0.unset("postfix-in", "parent_domain_matches_subdomains")
    },
    Fixture("queue-lifetime", ["-", "postfix-in"], at: mainIn, says: "5d") {
        $0.set("postfix", "relayhost =")
        $0.unset("postfix-in", "default_transport")
        $0.unset("postfix-in", "relay_transport")
        $0.unset("postfix-in", "virtual_transport")
    },
    Fixture("soft-bounce-left-on", ["postfix-in"], at: mainIn, says: "soft_bounce = yes") {
        $0.set("postfix-in", "soft_bounce = yes")
    },
]

extension BorderServer {
    /// Leaves the content filter out.
    func sendDirectly() {
        set("postfix-in", "default_transport = smtp:[127.0.0.1]:10026")
    }
}
