// The command exec: what children get, and how what they say is told apart.

import Bytes
import HostAccess
import TestSupport
import Testing

@Suite struct `The command exec` {
    private func host() -> InMemoryHost {
        let host = hostWithPostfix()
        host.addRegisteredInstances(["postfix-out", "postfix-in"])
        host.processes.answer("mailq", output: "one\ntwo")
        host.processes.answer("false", status: .exited(1))
        return host
    }

    @Test func `gives each instance's environment to the command`() throws {
        let host = host()
        #expect(host.postilion("exec", "in", "-", "--", "mailq", "-v", "--").status == 0)
        let runs = host.processes.runs.filter { $0.command.program == "mailq" }
        #expect(runs.map(\.command.arguments) == [["mailq", "-v", "--"], ["mailq", "-v", "--"]])
        #expect(runs[0].command.environment.contains("MAIL_CONFIG=/etc/postfix"))
        #expect(runs[1].command.environment.contains("MAIL_CONFIG=/etc/postfix-in"))
        #expect(runs[1].command.environment.contains("queue_directory=/var/spool/postfix-in"))
    }

    @Test func `passes lines on as they are, or behind the name`() {
        #expect(host().postilion("exec", "in", "--", "mailq").output == "one\ntwo\n")
        #expect(
            host().postilion("exec", "--prefix", "in", "-", "--", "mailq").output == """
                -          | one
                -          | two
                postfix-in | one
                postfix-in | two

                """)
    }

    @Test func `tells which failed, and whether all did`() {
        let host = host()
        let all = host.postilion("exec", "in", "out", "--", "false")
        #expect(all.status == 1)
        #expect(
            all.errors == """
                postilion: postfix-out: exit status 1
                postilion: postfix-in: exit status 1

                """)
        host.files.remove("/etc/postfix-out/main.cf")
        let some = host.postilion("exec", "--", "mailq")
        #expect(some.status == 3)
        #expect(some.output == "one\ntwo\none\ntwo\n")
        #expect(some.errors.hasPrefix("postilion: /etc/postfix-out: open "))
    }

    @Test func `gives results apart with JSON`() {
        let answer = host().postilion("exec", "--json", "in", "--", "mailq")
        let line: ByteString = """
            {"instance":"postfix-in","exit_status":0,"signal":null,"error":null,\
            "stdout":"one\\ntwo","stderr":"","truncated":false}

            """
        #expect(answer == Answer(status: 0, output: line, errors: ""))
    }

    @Test func `needs a command`() {
        let answer = host().postilion("exec", "in")
        #expect(answer.status == 64)
        #expect(
            answer.errors
                == "postilion: exec: no command\n  hint: postilion exec in -- postqueue -p\n")
        #expect(host().postilion("exec", "--jobs", "0", "--", "mailq").status == 64)
    }
}
