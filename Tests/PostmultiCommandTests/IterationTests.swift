// Options -p and -x: which commands are run, for whom, in which order and environment.

import Bytes
import HostAccess
import TestSupport
import Testing

@Suite struct `Running a command for instances` {
    private let postfix: ByteString = "/usr/sbin/postfix"

    /// A primary and three secondaries, of which the second is not enabled.
    private func host() -> InMemoryHost {
        let host = hostWithPostfix()
        host.addInstance(
            "postfix-a", extra: "multi_instance_enable = yes\nmulti_instance_group = g\n")
        host.addInstance("postfix-b", extra: "multi_instance_group = g\n")
        host.addInstance("postfix-c", extra: "multi_instance_enable = yes\n")
        host.register(["/etc/postfix-a", "/etc/postfix-b", "/etc/postfix-c"])
        host.output.isErrorTerminal = true
        host.processes.answer(postfix)
        host.processes.answer("true")
        return host
    }

    private func commands(_ host: InMemoryHost) -> [ChildCommand] {
        host.processes.runs.map(\.command).filter { $0.program != "/usr/sbin/postconf" }
    }

    /// The instances that a command was run for, each with its arguments.
    private func visits(_ host: InMemoryHost) -> [ByteString] {
        commands(host).map { command in
            let config = command.environment.first { $0.hasPrefix("MAIL_CONFIG=/etc/") } ?? ""
            return command.arguments.dropFirst().reduce(config.dropFirst(17)) { "\($0) \($1)" }
        }
    }

    @Test(
        arguments: [
            (["-x"], ["postfix", "postfix-a", "postfix-b", "postfix-c"]),
            (["-xR"], ["postfix-c", "postfix-b", "postfix-a", "postfix"]),
            (["-x", "-a"], ["postfix", "postfix-a", "postfix-b", "postfix-c"]),
            (["-x", "-g", "g"], ["postfix-a", "postfix-b"]),
            (["-x", "-i", "b"], ["postfix-b"]), (["-x", "-i", "-"], ["postfix"]),
        ] as [([ByteString], [ByteString])])
    func `visits them in order, whether enabled or not`(
        options: [ByteString], visited: [ByteString]
    ) {
        let host = host()
        #expect(host.postmulti(options + ["true"]) == 0)
        #expect(visits(host) == visited)
    }

    @Test(
        arguments: [
            (
                "start",
                [
                    "postfix -- start", "postfix-a -- start", "postfix-b -- check",
                    "postfix-c -- start",
                ]
            ),
            ("stop", ["postfix-c -- stop", "postfix-a -- stop", "postfix -- stop"]),
            ("abort", ["postfix-c -- abort", "postfix-a -- abort", "postfix -- abort"]),
            ("reload", ["postfix -- reload", "postfix-a -- reload", "postfix-c -- reload"]),
            (
                "status",
                [
                    "postfix -- status", "postfix-a -- status", "postfix-b -- status",
                    "postfix-c -- status",
                ]
            ),
        ] as [(ByteString, [ByteString])])
    func `for postfix follows the lists of commands`(word: ByteString, visited: [ByteString]) {
        let host = host()
        #expect(host.postmulti("-p", word) == 0)
        #expect(visits(host) == visited)
    }

    @Test func `for postfix takes the lists from main.cf`() {
        let host = host()
        host.appendToPrimary("postmulti_start_commands = begin,go\n postmulti_x = y")
        #expect(host.postmulti("-p", "-i", "b", "go", "on") == 0)
        #expect(visits(host) == ["postfix-b -- check on"])
    }

    @Test func `for postfix passes words on as they are`() {
        let host = host()
        #expect(host.postmulti("-p", "-i", "a", "--", "-v", "a b", "") == 0)
        #expect(commands(host).first?.arguments == [postfix, "--", "-v", "a b", ""])
    }

    @Test func `for postfix adds only the configuration directory to the environment`() {
        var host = host()
        host.environment = ["PATH=/x", "A=b", "MAIL_LOGTAG=t"]
        #expect(host.postmulti("-p", "-i", "a", "status") == 0)
        #expect(
            Set(commands(host).first?.environment ?? [])
                == ["PATH=/x", "A=b", "MAIL_LOGTAG=postfix", "MAIL_CONFIG=/etc/postfix-a"])
    }

    @Test func `of the operator gets all variables of the manual`() {
        let host = host()
        #expect(host.postmulti("-x", "-i", "a", "true") == 0)
        #expect(
            Set(commands(host).first?.environment ?? []) == [
                "PATH=/usr/sbin:/usr/bin:/bin", "MAIL_LOGTAG=postfix",
                "MAIL_CONFIG=/etc/postfix-a", "command_directory=/usr/sbin",
                "daemon_directory=/usr/lib/postfix/sbin", "config_directory=/etc/postfix-a",
                "queue_directory=/var/spool/postfix-a", "data_directory=/var/lib/postfix-a",
                "multi_instance_name=postfix-a", "multi_instance_group=g",
                "multi_instance_enable=yes",
            ])
        #expect(commands(host).first?.arguments == ["true"])
    }

    @Test(arguments: [["-vx", "true"], ["-v", "-p", "status"]] as [[ByteString]])
    func `verbosely tells the children`(arguments: [ByteString]) {
        let host = host()
        #expect(host.postmulti(arguments) == 0)
        #expect(commands(host).allSatisfy { $0.environment.contains("MAIL_VERBOSE=") })
        let quiet = self.host()
        #expect(quiet.postmulti("-x", "true") == 0)
        #expect(!commands(quiet).contains { $0.environment.contains("MAIL_VERBOSE=") })
    }

    @Test(
        arguments: [.exited(0), .exited(1), .exited(75), .signalled(15)]
            as [HostAccess.ExitStatus], ["-x", "-p"] as [ByteString])
    func `ends with 0 or 1, and goes on after a failure`(
        status: HostAccess.ExitStatus, mode: ByteString
    ) {
        let host = host()
        host.processes.answer("true", status: status)
        host.processes.answer(postfix, status: status)
        #expect(host.postmulti(mode, "true") == (status == .exited(0) ? 0 : 1))
        #expect(commands(host).count == 4)
    }

    @Test(
        arguments: [
            ("none", .notFound, "No such file or directory"),
            ("/etc", .accessDenied, "Permission denied"),
            ("", .notFound, "No such file or directory"),
        ] as [(ByteString, SystemError, ByteString)])
    func `that does not start is told for each`(
        program: ByteString, error: SystemError, reason: ByteString
    ) {
        let host = host()
        host.processes.refuse(program, error)
        #expect(host.postmulti("-x", "-g", "g", program) == 1)
        let line: ByteString = "postmulti: fatal: execvp \(program): \(reason)\n"
        #expect(host.output.errors == line + line)
    }

    @Test(
        arguments: [
            ["-x", "-i", "nobody", "true"], ["-x", "-g", "nobody", "true"],
            ["-p", "-i", "nobody", "status"], ["-p", "-i", "b", "stop"],
            ["-p", "-i", "b", "reload"],
        ] as [[ByteString]])
    func `without a match is fatal`(arguments: [ByteString]) {
        #expect(complaint(arguments, on: host()) == "No matching instances")
    }

    @Test func `serves the sound ones beside a broken one`() {
        let host = host()
        host.files.addFile("/etc/postfix-b/main.cf", "nonsense\n")
        #expect(host.postmulti("-p", "start") == 1)
        #expect(visits(host) == ["postfix -- start", "postfix-a -- start", "postfix-c -- start"])
        #expect(host.output.errors.hasPrefix("postmulti: error: instance /etc/postfix-b: "))
    }

    @Test(arguments: [("a", 0), ("b", 1)] as [(ByteString, Int32)])
    func `for one by name is no business of a broken one`(name: ByteString, status: Int32) {
        let host = host()
        host.files.addFile("/etc/postfix-b/main.cf", "nonsense\n")
        #expect(host.postmulti("-p", "-i", name, "status") == status)
        #expect(commands(host).count == (name == "a" ? 1 : 0))
        #expect(!host.output.errors.text.contains("No matching"))
    }

    @Test func `off a terminal labels the lines of postfix with the instance`() {
        let host = host()
        host.output.isErrorTerminal = false
        #expect(host.postmulti("-p", "status") == 0)
        let manners = host.processes.runs.map(\.manner).filter { $0 != .capturing }
        let labels: [ByteString] = ["postfix", "postfix-a", "postfix-b", "postfix-c"]
        #expect(
            manners
                == labels.map {
                    .relabelling(LabelChange(old: "postlog: ", new: "\($0)/postfix-script: "))
                })
        let other = self.host()
        other.output.isErrorTerminal = false
        #expect(other.postmulti("-x", "true") == 0)
        #expect(other.processes.runs.filter { $0.manner == .inheriting }.count == 4)
    }
}
