// The command list, and what all commands have in common.

import Bytes
import HostAccess
import TestSupport
import Testing

@Suite struct `The command list` {
    private func host() -> InMemoryHost {
        let host = hostWithPostfix()
        host.addRegisteredInstances(
            ["postfix-out", "postfix-in"], extra: "multi_instance_group = mta\n")
        return host
    }

    @Test func `shows instances in start order`() {
        let expected: ByteString = """
            INSTANCE     GROUP  ENABLED  DIRECTORY
            -            -      yes      /etc/postfix
            postfix-out  mta    no       /etc/postfix-out
            postfix-in   mta    no       /etc/postfix-in

            """
        #expect(host().postilion("list") == Answer(status: 0, output: expected, errors: ""))
    }

    @Test(arguments: ["in", "postfix-in", "/etc/postfix-in", "/etc/postfix-in/"])
    func `takes names and directories`(_ selector: String) {
        let answer = host().postilion("list", "--json", ByteString(selector))
        let line: ByteString = """
            {"name":"postfix-in","group":"mta","primary":false,"enabled":false,\
            "config_directory":"/etc/postfix-in","queue_directory":"/var/spool/postfix-in",\
            "data_directory":"/var/lib/postfix-in"}

            """
        #expect(answer == Answer(status: 0, output: line, errors: ""))
    }

    @Test func `keeps the start order whatever the order of selectors`() {
        let lines = host().postilion("list", "in", "-").output.split { $0 == 0x0A }
        #expect(lines.count == 3 && lines[1].hasPrefix("- ") && lines[2].hasPrefix("postfix-in"))
    }

    @Test func `shows a broken instance as a row, and fails`() {
        let host = host()
        host.files.remove("/etc/postfix-out/main.cf")
        let answer = host.postilion("list")
        #expect(answer.status == 1)
        let lines = answer.output.split { $0 == 0x0A }
        #expect(lines.count == 4)
        #expect(
            lines[2].hasSuffix("open /etc/postfix-out/main.cf: No such file or directory"))
        #expect(lines[2].hasPrefix("/etc/postfix-out"))
        // The others can still be asked for without a word about it.
        #expect(host.postilion("list", "in").status == 0)
    }

    @Test func `suggests what an unknown selector may be`() {
        let answer = host().postilion("list", "postfix-uot")
        #expect(answer.status == 4 && answer.output == "")
        #expect(
            answer.errors == """
                postilion: no instance is meant by 'postfix-uot'
                  hint: did you mean postfix-out? postilion list shows all instances

                """)
    }

    @Test func `has an exit status for each reason`() {
        #expect(host().postilion("list", "--no-such-option").status == 64)
        #expect(host().postilion("no-such-command").status == 64)
        let bare = InMemoryHost { _ in }
        #expect(bare.postilion("list").status == 69)
        let damaged = host()
        damaged.files.addFile("/etc/postfix/main.cf", "multi_instance_enable = perhaps\n")
        #expect(damaged.postilion("list").status == 78)
    }

    @Test func `helps on standard output`() {
        let answer = host().postilion("list", "--help")
        #expect(answer.status == 0 && answer.errors == "")
        #expect(answer.output.text.contains("Examples:"))
    }
}
