// Where messages go: standard error, syslog, or the log file through postlog(1).

import Bytes
import HostAccess
import TestSupport
import Testing

@Suite struct `A message` {
    private let fatal: ByteString = "Specify exactly one of '-e', '-l', '-p', '-x'"

    @Test func `goes to standard error and to syslog`() {
        let host = hostWithPostfix()
        #expect(host.postmulti() == 1)
        #expect(host.output.errors == "postmulti: fatal: \(fatal)\n")
        #expect(
            host.log.records == [
                .init("fatal: \(fatal)", tag: "postmulti", severity: .fatal, facility: .mail)
            ])
    }

    @Test func `of the script has the script's tag`() {
        let host = hostWithPostfix()
        host.appendToPrimary("multi_instance_wrapper =")
        #expect(host.postmulti("-e", "create", "-I", "postfix-x") == 1)
        let text: ByteString =
            "fatal: multi_instance_wrapper is empty, run 'postmulti -e init' first."
        #expect(host.output.errors == "postfix/postmulti-script: \(text)\n")
        #expect(
            host.log.records == [.init(text, tag: "postfix/postmulti-script", severity: .fatal)])
    }

    @Test(
        arguments: [
            ("syslog_name = mail", "mail"), ("multi_instance_name = postfix-main", "postfix-main"),
        ] as [(ByteString, ByteString)])
    func `of the script follows the name of the mail system`(line: ByteString, name: ByteString) {
        let host = hostWithPostfix()
        host.appendToPrimary("\(line)\nmulti_instance_wrapper =")
        host.postmulti("-e", "create", "-I", "postfix-x")
        #expect(host.log.records.map(\.tag) == ["\(name)/postmulti-script"])
    }

    @Test func `goes to the facility that main.cf names`() {
        let host = hostWithPostfix()
        host.appendToPrimary("syslog_facility = LOCAL3")
        host.postmulti()
        #expect(host.log.records.first?.facility == LogFacility(named: "local3"))
        #expect(host.log.records.first?.facility != .mail)
    }

    @Test func `of an unknown facility is fatal`() {
        let host = hostWithPostfix()
        host.appendToPrimary("syslog_facility = nonsense")
        let words: ByteString =
            "file /etc/postfix/main.cf: parameter syslog_facility: unrecognized value: "
            + "nonsense"
        #expect(complaint(["-l"], on: host) == words)
    }

    @Test func `that is only for the record leaves standard error alone`() {
        let host = hostWithPostfix()
        host.appendToPrimary("multi_instance_wrapper = /opt/manager")
        #expect(host.postmulti("-e", "init") == 0)
        #expect(
            !host.output.errors.text.contains("replaced"))
        #expect(
            host.log.records.last
                == .init(
                    "replaced multi_instance_wrapper = /opt/manager",
                    tag: "postfix/postmulti-script", severity: .info))
    }

    @Test func `has its severity in words`() {
        let host = hostWithPostfix()
        host.addRegisteredInstances(["postfix-a"])
        host.files.remove("/etc/postfix-a/main.cf")
        host.appendToPrimary("setgid_group = other\nsetgid_group = postdrop")
        host.postmulti("-x", "-i", "nobody", "true")
        #expect(host.log.records.map(\.severity) == [.warning, .error, .fatal])
        let words = host.output.errors.split { $0 == 0x0A }.map { line in
            line.text.split(separator: ":")[1].dropFirst()
        }
        #expect(words == ["warning", "error", "fatal"])
        #expect(
            host.log.records.allSatisfy { record in
                ["warning: ", "error: ", "fatal: "].contains { record.text.hasPrefix($0) }
            })
    }

    @Test func `has a question mark for what could do something to a terminal`() {
        let host = hostWithPostfix()
        let evil = ByteString([0x1B, 0x5B, 0x33, 0x31, 0x6D, 0x0A, 0xFC])
        let words: ByteString =
            "Invalid '-e' edit action '?[31m??'. Specify 'create', 'destroy', 'import', "
            + "'deport', 'enable', 'disable', 'assign' or 'init'"
        #expect(complaint(["-e", evil], on: host) == words)
    }

    @Test func `is cut for the log, as Postfix cuts it`() {
        let host = hostWithPostfix()
        let long = ByteString([UInt8](repeating: 0x78, count: 4000))
        host.postmulti("-e", long)
        #expect(host.output.errors.count > 4000)
        #expect(host.log.records.first?.text.count == 2000 + "fatal: ".utf8.count)
    }
}

@Suite struct `A message for the log file` {
    private let postlog: ByteString = "/usr/sbin/postlog"

    private func host() -> InMemoryHost {
        var host = hostWithPostfix()
        host.appendToPrimary("maillog_file = /var/log/postfix.log")
        host.environment = ["PATH=/x", "TZ=UTC", "MAIL_DEBUG=1", "LD_PRELOAD=evil"]
        host.processes.answer(postlog)
        return host
    }

    private func postlogs(_ host: InMemoryHost) -> [ScriptedProcesses.Run] {
        host.processes.runs.filter { $0.command.program == postlog }
    }

    @Test func `goes through postlog in a filtered environment, and not to syslog`() {
        let host = host()
        #expect(host.postmulti("-l", "x") == 1)
        #expect(host.output.errors == "postmulti: fatal: Command not allowed with '-l'\n")
        #expect(host.log.records == [])
        #expect(
            postlogs(host).map(\.command) == [
                ChildCommand(
                    program: postlog,
                    arguments: [
                        "postlog", "-p", "fatal", "-t", "postmulti", "--",
                        "Command not allowed with '-l'",
                    ],
                    environment: ["MAIL_DEBUG=1", "TZ=UTC", "LANG=C"], isQuiet: true)
            ])
    }

    @Test func `has the severity in postlog's words`() {
        let host = host()
        host.addRegisteredInstances(["postfix-a"])
        host.files.remove("/etc/postfix-a/main.cf")
        host.postmulti("-x", "-i", "nobody", "true")
        #expect(postlogs(host).map { $0.command.arguments[2] } == ["error", "fatal"])
        let other = self.host()
        other.appendToPrimary("multi_instance_wrapper = /opt/manager")
        other.postmulti("-e", "init")
        #expect(postlogs(other).map { $0.command.arguments[2] } == ["info"])
    }

    @Test func `is said all the same if postlog fails`() {
        let host = host()
        host.processes.refuse(postlog, .notFound)
        #expect(host.postmulti("-l", "x") == 1)
        #expect(host.output.errors == "postmulti: fatal: Command not allowed with '-l'\n")
    }

    @Test func `must go to a place that Postfix allows`() {
        let host = hostWithPostfix()
        host.appendToPrimary("maillog_file = /etc/postfix.log")
        let words: ByteString =
            "maillog_file value '/etc/postfix.log' does not match any prefix in "
            + "maillog_file_prefixes"
        #expect(complaint(["-l"], on: host) == words)
    }
}
