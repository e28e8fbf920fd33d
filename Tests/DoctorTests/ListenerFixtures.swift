// Mistakes in listeners, and in who may use them.

import Bytes
import HostAccess
import Instances
import TestSupport

let listenerFixtures: [Fixture] = [
    Fixture(
        "listener-overlap", ["postfix-out", "postfix-in"], at: "/etc/postfix-in/master.cf",
        says: "port 10026"
    ) {
        $0.addService("postfix-in", "127.0.0.1:10026 inet n - n - - smtpd")
    },
    Fixture(
        "listener-overlap", ["-", "postfix-in"], at: "/etc/postfix-in/master.cf",
        says: "all addresses"
    ) {
        $0.set("postfix", "master_service_disable =")
    },
    Fixture("open-reinjection", ["postfix-in"], at: mainIn, says: "anybody") {
        $0.set("postfix-in", "mynetworks = 127.0.0.0/8, 0.0.0.0/0")
    },
    Fixture("xclient-left-open", ["postfix-in"], at: mainIn, says: "XCLIENT") {
        $0.set("postfix-in", "smtpd_authorized_xclient_hosts = 127.0.0.1")
    },
    Fixture("anvil-on-reinjection", ["postfix-out"], at: mainOut, says: "10026") {
        $0.set("postfix-out", "smtpd_client_connection_count_limit = 50")
        $0.set("postfix-out", "smtpd_client_event_limit_exceptions = 192.0.2.0/24")
    },
    Fixture("local-submission-open", ["postfix-in"], at: mainIn, says: "every user") {
        $0.unset("postfix-in", "authorized_submit_users")
    },
    Fixture("local-submission-dead", ["-"], at: mainPrimary, says: "delivers nothing") {
        $0.set("postfix", "default_transport = error:no way")
        $0.unset("postfix", "relayhost")
    },
    Fixture("local-submission-dead", ["-"], at: mainPrimary, says: "not in master.cf") {
        $0.set("postfix", "default_transport = uucp")
        $0.unset("postfix", "relayhost")
    },
]
