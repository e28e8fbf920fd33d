// Mistakes in the registry, and in instances as such.

import Bytes
import HostAccess
import Instances
import TestSupport

let registryFixtures: [Fixture] = [
    Fixture("instance-unreadable", ["/etc/postfix-out"], at: mainOut, says: "No such file") {
        // What it would give the filter's mail back to is unknown with it.
        $0.memory.files.remove("/etc/postfix-out/main.cf")
    },
    Fixture("instance-unreadable", ["/etc/postfix-in"], at: mainIn, says: "line 3") {
        $0.memory.files.addFile(mainIn, "a = b\n\nno assignment\n")
    },
    Fixture(
        "instance-unreadable", ["postfix-in"], at: "/etc/postfix-in/master.cf", says: "line 12"
    ) {
        $0.addService("postfix-in", "smtps inet")
    },
    Fixture(
        "instance-duplicate-name", ["postfix-out", "postfix-out"], at: mainIn, says: "both named"
    ) {
        $0.set("postfix-in", "multi_instance_name = postfix-out")
        $0.set("postfix-in", "syslog_name = postfix-in")
    },
    Fixture("instance-nameless", ["/etc/postfix-in"], at: mainIn, says: "no name") {
        $0.unset("postfix-in", "multi_instance_name")
    },
    Fixture("name-not-portable", ["postfix-in+1"], at: mainIn, says: "\"+\"") {
        $0.set("postfix-in", "multi_instance_name = postfix-in+1")
    },
    Fixture("directory-shared", ["postfix-out", "postfix-in"], at: mainIn, says: "queue") {
        $0.memory.files.remove("/var/spool/postfix-in")
        $0.memory.files.addLink("/var/spool/postfix-in", to: "/var/spool/postfix-out")
    },
    Fixture("directory-shared", ["-", "postfix-in"], at: mainIn, says: "or lies in") {
        $0.set("postfix-in", "queue_directory = /var/spool/postfix/in")
        $0.memory.files.addDirectory("/var/spool/postfix/in")
    },
    Fixture("directory-shared", ["postfix-in"], at: mainIn, says: "all instances") {
        $0.set("postfix-in", "data_directory = /usr/lib/postfix/sbin")
        $0.see("postfix-in") { $0.facts.dataDirectory = .unknown(reason: "of no matter") }
    },
    Fixture("directory-unsafe", ["postfix-in"], at: mainIn, says: "by others") {
        let text = $0.memory.files.contents(of: mainIn) ?? ""
        $0.memory.files.remove(mainIn)
        $0.memory.files.addFile(mainIn, text, mode: 0o664)
    },
    Fixture("directory-unsafe", ["postfix-in"], at: "/etc/postfix-in/list", says: "by", .warning) {
        $0.memory.files.addFile("/etc/postfix-in/list", mode: 0o664)
    },
    Fixture(
        "directory-unsafe", ["postfix-in"], at: "/var/lib/postfix-in", says: "belong to postfix"
    ) {
        $0.memory.files.remove("/var/lib/postfix-in")
        $0.memory.files.addDirectory("/var/lib/postfix-in", mode: 0o700, owner: 0)
    },
    Fixture("registry-no-wrapper", ["-"], at: mainPrimary, says: "is empty") {
        $0.set("postfix", "multi_instance_wrapper =")
    },
    Fixture("registry-no-wrapper", ["-"], at: mainPrimary, says: "no program") {
        $0.set("postfix", "multi_instance_wrapper = /usr/sbin/postmulti-gone -p --")
    },
    Fixture("registry-no-wrapper", ["-"], at: mainPrimary, says: "not enabled") {
        $0.set("postfix", "multi_instance_enable = no")
    },
    Fixture("registry-not-portable", ["-"], at: mainPrimary, says: "commas") {
        $0.set("postfix", "multi_instance_directories = /etc/postfix-out, /etc/postfix-in")
    },
    Fixture("group-split", ["postfix-out", "postfix-in"], at: mainIn, says: "postfix-in is not") {
        $0.set("postfix-in", "multi_instance_enable = no")
    },
    Fixture("syslog-name-ambiguous", ["postfix-out", "postfix-in"], at: mainIn, says: "both log") {
        $0.set("postfix-in", "syslog_name = postfix-out")
    },
    Fixture(
        "syslog-name-ambiguous", ["postfix-in"], at: "/etc/postfix-in/master.cf",
        says: "without postfix-in"
    ) {
        $0.addService(
            "postfix-in", "203.0.113.25:587 inet n - n - - smtpd -o syslog_name=submission")
    },
    Fixture("syslog-name-prefix", ["postfix-in"], at: mainIn, says: "incoming") {
        $0.set("postfix-in", "syslog_name = incoming")
    },
    Fixture("compatibility-level", ["-", "postfix-in"], at: mainIn, says: "has 0") {
        $0.set("postfix-in", "compatibility_level = 3.7")
    },
]
