// destroy --drain on a host in memory: what is tried, what is said, and that all is put back.
//
// Nothing delivers mail there, so what succeeds is proven with the real Postfix.

import Bytes
import HostAccess
import TestSupport
import Testing

@Suite struct `Draining an instance` {
    private let postfix: ByteString = "/usr/sbin/postfix"

    /// A host with the enabled instance postfix-out, which runs.
    private func host() -> InMemoryHost {
        let host = hostWithPostfix()
        #expect(host.postilion("create", "--enable", "out").status == 0)
        host.files.addFile("/var/spool/postfix-out/deferred/A/ABC", "mail", owner: 105)
        host.files.lockElsewhere("/var/spool/postfix-out/pid/master.pid", holder: 99)
        return host
    }

    private func words(_ host: InMemoryHost) -> [ByteString] {
        host.processes.runs.filter { $0.command.program == postfix }
            .compactMap(\.command.arguments.last)
    }

    @Test func `that does not end in time puts all back`() {
        let host = host()
        host.processes.answer(postfix)
        let before = host.files.contents(of: "/etc/postfix-out/main.cf")
        let answer = host.postilion("destroy", "out", "--drain", "--deadline", "40", "--yes")
        #expect(answer.status == 1)
        #expect(
            answer.errors == """
                postilion: postfix-out: 1 in deferred
                postilion: postfix-out: mail is left after the deadline: 1 in deferred
                  hint: take a longer --deadline, or hand the mail over with --to

                """)
        #expect(words(host) == ["reload", "flush", "flush", "reload"])
        #expect(host.files.contents(of: "/etc/postfix-out/main.cf") == before)
        #expect(host.files.contents(of: "/var/spool/postfix-out/deferred/A/ABC") == "mail")
        for run in host.processes.runs where run.command.program == postfix {
            #expect(run.command.environment.contains("MAIL_CONFIG=/etc/postfix-out"))
        }
    }

    @Test func `lets the unit know that it ran in`() {
        let host = host()
        host.files.remove("/var/spool/postfix-out/deferred/A/ABC")
        host.processes.answer(postfix)
        host.addSystemd()
        host.files.addFile(
            "/proc/99/cgroup", "0::/system.slice/system-postfix.slice/postfix@postfix-out.service\n"
        )
        let answer = host.postilion("destroy", "out", "--drain", "--yes")
        // Here nobody ends the process that was asked to.
        #expect(answer.status == 1)
        // Its unit would refuse it while it is not enabled.
        #expect(words(host) == ["reload", "stop", "reload"])
        #expect(
            host.processes.runs.map(\.command).filter { $0.program == "systemctl" }
                .map(\.arguments) == [
                    ["systemctl", "stop", "postfix@postfix-out.service"],
                    ["systemctl", "reset-failed", "postfix@postfix-out.service"],
                ])
    }

    @Test func `closes it to new mail first`() {
        let host = host()
        let answer = host.postilion("destroy", "out", "--drain", "--dry-run")
        #expect(answer.status == 0)
        for line in [
            "-multi_instance_enable = yes\n", "+multi_instance_enable = no\n",
        ] {
            #expect(answer.output.text.contains(line), "\(answer.output)")
        }
        #expect(words(host) == [])
    }

    @Test func `that cannot begin puts all back`() {
        let host = host()
        host.processes.answer(postfix, status: .exited(1))
        let before = host.files.contents(of: "/etc/postfix-out/main.cf")
        let answer = host.postilion("destroy", "out", "--drain", "--yes")
        #expect(answer.status == 1)
        #expect(answer.errors.text.contains("postfix -c /etc/postfix-out reload ended with"))
        #expect(host.files.contents(of: "/etc/postfix-out/main.cf") == before)
    }

    @Test func `is refused at once for mail that nobody delivers`() {
        let host = host()
        host.files.addFile("/var/spool/postfix-out/hold/H1", "mail")
        let before = host.files.objects
        let answer = host.postilion("destroy", "out", "--drain", "--yes")
        #expect(answer.status == 1)
        #expect(
            answer.errors.text.contains(
                "postfix-out: nobody delivers this mail: 1 in hold\n  hint: release"))
        #expect(host.files.objects == before && words(host) == [])
    }

    @Test func `of one that is stopped and empty needs no command of Postfix`() {
        let host = host()
        host.files.unlockElsewhere(holder: 99)
        host.files.remove("/var/spool/postfix-out/deferred/A/ABC")
        let answer = host.postilion("destroy", "out", "--drain", "--confirm", "postfix-out")
        #expect(answer.status == 0 && words(host) == [])
        #expect(answer.output == "done: destroy postfix-out\n")
        #expect(host.files.contents(of: "/etc/postfix-out/main.cf") == nil)
    }

    @Test func `is not for the primary, nor together with another heir`() {
        let host = host()
        let before = host.files.contents(of: "/etc/postfix/main.cf")
        #expect(host.postilion("destroy", "-", "--drain", "-y").status == 1)
        #expect(host.postilion("destroy", "out", "--drain", "--to", "-").status == 64)
        #expect(host.postilion("destroy", "out", "--drain", "--deadline", "0").status == 64)
        #expect(host.postilion("destroy", "out", "--drain").status == 64)
        #expect(host.files.contents(of: "/etc/postfix/main.cf") == before)
    }
}
