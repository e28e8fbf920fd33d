// The commands start, stop and the others: what they ask Postfix for, and what they say.

import Bytes
import HostAccess
import TestSupport
import Testing

@Suite struct `Control commands` {
    /// Two instances, the first of which hands its mail to the second; nothing runs.
    private func host() -> InMemoryHost {
        let host = hostWithPostfix()
        host.addInstance("postfix-in", extra: "multi_instance_enable = yes\n\(routing)")
        host.addInstance("postfix-out", extra: "multi_instance_enable = yes\n")
        host.register(["/etc/postfix-in", "/etc/postfix-out"])
        host.files.addFile(
            "/etc/postfix-out/master.cf", "127.0.0.1:10026 inet n - n - - smtpd\n")
        host.files.addFile("/etc/postfix-in/master.cf", "smtp unix - - n - - smtp\n")
        host.files.addFile("/etc/postfix/master.cf", "smtp unix - - n - - smtp\n")
        host.files.addFile("/proc/net/tcp", "0: 0100007F:272A 00000000:0000 0A\n")
        host.processes.answer("/usr/sbin/postfix")
        return host
    }

    private let routing: ByteString = "default_transport = smtp:[127.0.0.1]:10026\n"

    /// Which instance was asked to do what, in order.
    private func asked(_ host: InMemoryHost) -> [String] {
        host.processes.runs.filter { $0.manner == .sideBySide }.map { run in
            let directory = run.command.environment.first { $0.hasPrefix("MAIL_CONFIG=") }
            return "\(run.command.arguments.dropFirst()) \(directory ?? "")"
        }
    }

    @Test func `start sinks before sources, whatever the order of registration`() {
        let host = host()
        let answer = host.postilion("start")
        #expect(
            answer.output == """
                -            start  done
                postfix-out  start  done
                postfix-in   start  done

                """)
        #expect(answer.status == 0 && answer.errors == "")
        #expect(
            asked(host) == [
                "[start] MAIL_CONFIG=/etc/postfix", "[start] MAIL_CONFIG=/etc/postfix-out",
                "[start] MAIL_CONFIG=/etc/postfix-in",
            ])
    }

    @Test func `show the order without doing anything`() {
        let host = host()
        #expect(
            host.postilion("start", "--dry-run").output == """
                wave 1  start  -
                wave 1  start  postfix-out
                wave 2  start  postfix-in

                """)
        #expect(asked(host) == [])
    }

    @Test func `leave alone what is as it should be`() {
        let host = host()
        host.files.lockElsewhere("/var/spool/postfix-out/pid/master.pid", holder: 77)
        let answer = host.postilion("start", "out", "--json")
        let line: ByteString = """
            {"instance":"postfix-out","action":"start","state":"unchanged",\
            "reason":"runs already","log":[]}

            """
        #expect(answer == Answer(status: 0, output: line, errors: ""))
        #expect(
            host.postilion("stop", "in").output == "postfix-in   stop  unchanged: does not run\n")
        #expect(asked(host) == [])
    }

    @Test func `count who does not listen in time as failed, and say who depends on it`() {
        let host = host()
        host.files.addFile("/proc/net/tcp", "")
        let answer = host.postilion("start", "in", "out", "--timeout", "2")
        #expect(answer.status == 3)
        #expect(
            answer.output == """
                postfix-out  start  failed: runs, but does not listen on 127.0.0.1:10026
                postfix-in   start  done: sends to postfix-out, which did not start

                """)
    }

    @Test func `show what the log says of a failure`() {
        let host = host()
        host.processes.answer("/usr/sbin/postfix", status: .exited(1))
        let answer = host.postilion("check", "out")
        #expect(answer.status == 1)
        #expect(answer.output == "postfix-out  check  failed: exit status 1\n")
    }

    @Test func `tell of an instance that is not enabled only if it was named`() {
        let host = host()
        host.files.addFile(
            "/etc/postfix-in/main.cf",
            """
            queue_directory = /var/spool/postfix-in
            data_directory = /var/lib/postfix-in
            multi_instance_name = postfix-in

            """)
        #expect(!host.postilion("start").output.text.contains("postfix-in"))
        let answer = host.postilion("start", "in")
        #expect(answer.status == 1)
        #expect(
            answer.output
                == "postfix-in   start  failed: is not enabled: postilion enable postfix-in\n")
    }

    @Test func `go on beside a broken instance`() {
        let host = host()
        host.files.remove("/etc/postfix-in/main.cf")
        let answer = host.postilion("start")
        #expect(answer.status == 3)
        #expect(answer.output.text.contains("postfix-out      start  done\n"))
        #expect(answer.output.text.contains("/etc/postfix-in  start  failed: open /etc/postfix-in"))
    }

    @Test func `go through the service manager where it has a unit`() {
        let host = host()
        host.addSystemd()
        #expect(host.postilion("start", "-", "out").status == 0)
        let commands = host.processes.runs.filter { $0.command.program == "systemctl" }
        #expect(
            commands.map(\.command.arguments) == [
                ["systemctl", "start", "postfix@-.service"],
                ["systemctl", "start", "postfix@postfix-out.service"],
            ])
        #expect(asked(host).allSatisfy { !$0.contains("/usr/sbin/postfix") })
        #expect(host.postilion("start", "--no-systemd", "out").status == 0)
        #expect(asked(host).last == "[start] MAIL_CONFIG=/etc/postfix-out")
    }

    @Test(
        arguments: [
            ("system.slice/system-postfix.slice/postfix@postfix-out.service", "systemctl"),
            ("user.slice/session-3.scope", "/usr/sbin/postfix"),
            ("system.slice/mail.service", "/usr/sbin/postfix"), ("", "/usr/sbin/postfix"),
        ] as [(ByteString, ByteString)])
    func `stop and reload an instance where it runs`(unit: ByteString, program: ByteString) {
        let host = host()
        host.addSystemd()
        host.files.lockElsewhere("/var/spool/postfix-out/pid/master.pid", holder: 77)
        // The hierarchy of the first version is there, but not used.
        host.files.addFile("/proc/77/cgroup", "1:name=systemd:/\n0::/\(unit)\n")
        for word: ByteString in ["reload", "stop"] {
            #expect(host.postilion("\(word)", "out").status == 0)
            let command = host.processes.runs.last?.command
            #expect(command?.program == program)
            #expect(command?.arguments.dropFirst().first == word)
        }
        // It stops where it runs, and starts where it belongs.
        #expect(host.postilion("restart", "out").status == 0)
        #expect(host.processes.runs.suffix(2).map(\.command.program) == [program, "systemctl"])
    }

    @Test func `are for root`() {
        var host = host()
        host.accounts.effectiveUser = 1000
        #expect(host.postilion("stop").status == 77)
        #expect(host.postilion("stop", "--dry-run").status == 0)
    }
}
