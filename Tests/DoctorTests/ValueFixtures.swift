// Mistakes in values and files, and what is wrong with what runs.

import Bytes
import HostAccess
import Instances
import TestSupport

let valueFixtures: [Fixture] = [
    Fixture("parameter-unknown", ["postfix-in"], at: mainIn, says: "is it relayhost?") {
        $0.set("postfix-in", "relay_host = [192.0.2.25]")
    },
    Fixture("parameter-repeated", ["postfix-in"], at: mainIn, says: "sets relay_domains again") {
        let text = $0.memory.files.contents(of: mainIn) ?? ""
        $0.memory.files.addFile(mainIn, text + "relay_domains = example.com\n")
    },
    Fixture("expansion-broken", ["postfix-in"], at: mainIn, says: "truncated macro") {
        $0.set("postfix-in", "smtpd_banner = ${myhostname ESMTP")
    },
    Fixture("maillog-postlog", ["postfix-in"], at: mainIn, says: "/var/log/in.log") {
        $0.set("postfix-in", "maillog_file = /var/log/in.log")
        $0.memory.files.addFile(
            "/etc/postfix-in/master.cf", "smtp inet n - n - - smtpd\nsmtp unix - - n - - smtp\n")
    },
    Fixture("table-missing", ["postfix-in"], at: mainIn, says: "no database yet") {
        $0.set("postfix-in", "virtual_alias_maps = hash:/etc/postfix-in/virtual")
        $0.memory.files.addFile("/etc/postfix-in/virtual")
    },
    Fixture("table-missing", ["postfix-in"], at: mainIn, says: "does not know") {
        $0.set("postfix-in", "transport_maps = lmdb:/etc/postfix-in/transport")
        $0.memory.files.addFile("/etc/postfix-in/transport")
        $0.memory.files.addFile("/etc/postfix-in/transport.lmdb")
    },
    Fixture("table-missing", ["postfix-in"], at: mainIn, says: "is missing") {
        $0.set(
            "postfix-in",
            "smtpd_recipient_restrictions = check_recipient_access { regexp:/etc/gone, x=y }")
    },
    Fixture("table-stale", ["-"], at: mainPrimary, says: "/etc/postfix/virtual was changed") {
        $0.memory.files.addFile("/etc/postfix/virtual", "postmaster root\n")
    },
    Fixture("active-queue-pressure", ["postfix-in"], at: mainIn, says: "16001 messages") {
        $0.see("postfix-in") { instance in
            instance.queues = .known([
                QueueState(name: "active", messages: 16_001, oldestSeconds: nil)
            ])
        }
    },
]
