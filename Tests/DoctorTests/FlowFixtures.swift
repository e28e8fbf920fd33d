// Mistakes in the ways of mail.

import Bytes
import HostAccess
import Instances
import TestSupport

let flowFixtures: [Fixture] = [
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
    Fixture("fallback-slow-front", ["-"], at: mainPrimary, says: "as long as ever") {
        $0.set("postfix", "smtp_fallback_relay = [slow.example.com]")
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
