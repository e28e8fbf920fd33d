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

let surroundingsFixtures: [Fixture] = [
    Fixture(
        "chroot-incomplete", ["postfix-in"], at: "/etc/postfix-in/master.cf",
        says: "/etc/resolv.conf"
    ) {
        $0.memory.files.addFile("/etc/resolv.conf", "nameserver 192.0.2.1\n")
        $0.memory.files.addFile("/var/spool/postfix-in/etc/services")
        $0.addService("postfix-in", "jailed unix - - y - - smtp")
    },
    Fixture("queue-filesystem-low", ["postfix-in"], at: "/var/spool/postfix-in", says: "15360000") {
        $0.see("postfix-in") { instance in
            instance.facts.space = .known(SpaceFact(freeBytes: 12_000_000, files: 0, freeFiles: 0))
        }
    },
    Fixture("queue-filesystem-low", ["postfix-in"], at: "/var/spool/postfix-in", says: "49 files") {
        $0.see("postfix-in") { instance in
            instance.facts.space = .known(
                SpaceFact(freeBytes: 1 << 40, files: 1000, freeFiles: 49))
        }
    },
    Fixture("unit-disagrees", ["postfix-in"], at: "/etc/postfix-in", says: "session-3.scope") {
        $0.memory.files.addDirectory("/run/systemd/system")
        $0.memory.files.lockElsewhere("/var/spool/postfix-in/pid/master.pid", holder: 1234)
        $0.memory.files.addFile(
            "/proc/1234/cgroup", "0::/user.slice/user-0.slice/session-3.scope\n")
        $0.memory.files.lockElsewhere("/var/spool/postfix-out/pid/master.pid", holder: 1235)
        $0.memory.files.addFile(
            "/proc/1235/cgroup",
            "0::/system.slice/system-postfix.slice/postfix@postfix-out.service\n")
    },
    Fixture("unit-disagrees", ["postfix-in"], at: mainIn, says: "next boot") {
        $0.memory.files.addDirectory("/run/systemd/system")
        $0.memory.files.lockElsewhere("/var/spool/postfix-in/pid/master.pid", holder: 1234)
        $0.memory.files.addFile("/proc/1234/cgroup", "0::/system.slice/postfix@in.service\n")
        $0.set("postfix-in", "multi_instance_enable = no")
        $0.unset("postfix-in", "multi_instance_group")
    },
]
