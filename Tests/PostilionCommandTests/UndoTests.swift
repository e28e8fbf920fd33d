// The commands history and undo on a host in memory.

import Bytes
import HostAccess
import TestSupport
import Testing

@Suite struct `The commands history and undo` {
    private func host() -> InMemoryHost {
        var host = hostWithPostfix()
        host.addRegisteredInstances(["postfix-out", "postfix-in"])
        host.environment = ["SUDO_USER=anna"]
        return host
    }

    private func main(_ name: ByteString, _ host: InMemoryHost) -> ByteString {
        host.files.contents(of: "/etc/\(name)/main.cf") ?? ""
    }

    @Test func `show what was done, and take it back`() throws {
        let host = host()
        #expect(host.postilion("history").output == "nothing was changed yet\n")
        let before = main("postfix-out", host)
        #expect(host.postilion("config", "set", "out", "maillog_file=/a").status == 0)
        #expect(host.postilion("enable", "in").status == 0)
        #expect(host.postilion("undo").output == "done: undo 2: enable postfix-in\n")
        #expect(host.postilion("undo").status == 0)
        #expect(main("postfix-out", host) == before)
        let shown = host.postilion("history")
        #expect(shown.status == 0)
        try Golden.compare(shown.output, with: "history.txt")
        try Golden.compare(host.postilion("history", "--json").output, with: "history.json")
        try Golden.compare(host.postilion("history", "1").output, with: "history-1.txt")
        #expect(
            host.postilion("undo")
                == Answer(
                    status: 1, output: "",
                    errors: """
                        postilion: the history has nothing that could be taken back; nothing was \
                        changed
                          hint: postilion history shows all generations

                        """))
        #expect(
            host.postilion("undo", "1").errors == """
                postilion: generation 1 is taken back already, by 4; nothing was changed
                  hint: to make it again: postilion undo 4

                """)
        #expect(host.postilion("undo", "4").status == 0)
        #expect(main("postfix-out", host) == before + "maillog_file = /a\n")
    }

    @Test func `shows what an undo would do, and does nothing`() {
        let host = host()
        #expect(host.postilion("config", "set", "out", "maillog_file=/a").status == 0)
        let before = host.files.objects
        let answer = host.postilion("undo", "--dry-run")
        #expect(
            answer.output == """
                undo 1: configure postfix-out
                  edit /etc/postfix-out/main.cf

                --- /etc/postfix-out/main.cf
                +++ /etc/postfix-out/main.cf
                @@ -1,4 +1,3 @@
                 queue_directory = /var/spool/postfix-out
                 data_directory = /var/lib/postfix-out
                 multi_instance_name = postfix-out
                -maillog_file = /a

                """)
        #expect(host.files.objects == before)
    }

    @Test func `say what running instances need`() {
        let host = host()
        host.files.lockElsewhere("/var/spool/postfix-out/pid/master.pid", holder: 7)
        _ = host.postilion("config", "set", "out", "in", "inet_interfaces=127.0.0.1")
        _ = host.postilion("config", "set", "out", "inet_interfaces=127.0.0.1")
        #expect(
            host.postilion("undo").errors == """
                postilion: postfix-out: needs a restart: 'postfix -c /etc/postfix-out stop', \
                'postfix -c /etc/postfix-out start'

                """)
    }

    @Test func `ask before they destroy what was created`() {
        let host = host()
        #expect(host.postilion("create", "new", "--enable").status == 0)
        let asked = host.postilion("undo")
        #expect(asked.status == 64)
        #expect(
            asked.errors == """
                postilion: undo 1 and destroy postfix-new: there is no terminal to ask on
                  hint: add --yes, or --confirm postfix-new

                """)
        host.files.lockElsewhere("/var/spool/postfix-new/pid/master.pid", holder: 7)
        #expect(
            host.postilion("undo", "--yes")
                == Answer(
                    status: 1, output: "",
                    errors: """
                        postilion: postfix-new is running; nothing was changed
                          hint: stop it first: postilion stop postfix-new

                        """))
        host.files.unlockElsewhere(holder: 7)
        #expect(host.postilion("undo", "--confirm", "postfix-new").status == 0)
        #expect(host.files.objects["/etc/postfix-new"] == nil)
        #expect(host.files.objects["/var/spool/postfix-new"] == nil)
    }

    @Test func `name who changed what in between`() {
        let host = host()
        _ = host.postilion("config", "set", "out", "maillog_file=/a")
        _ = host.postilion("config", "set", "out", "maillog_file=/b")
        #expect(
            host.postilion("undo", "1").errors == """
                postilion: /etc/postfix-out/main.cf: maillog_file was changed since by \
                generation 2 (configure postfix-out); nothing was changed
                  hint: take that back first: postilion undo 2

                """)
        host.files.addFile("/etc/postfix-out/main.cf", "maillog_file = /c\n")
        #expect(
            host.postilion("undo").errors == """
                postilion: /etc/postfix-out/main.cf: maillog_file was changed since by somebody \
                else; nothing was changed
                  hint: look at /etc/postfix-out/main.cf, and edit it by hand

                """)
    }

    @Test func `list what cannot be read, and go on`() {
        let host = host()
        _ = host.postilion("enable", "in")
        host.files.addFile("/var/lib/postilion/generations/00000002", "nonsense")
        let answer = host.postilion("history", "--json")
        #expect(answer.status == 1)
        #expect(answer.output.hasPrefix("{\"generation\":2,\"error\":\"is no whole record\"}\n"))
        #expect(host.postilion("undo", "2").status == 1)
        #expect(host.postilion("undo").output == "done: undo 1: enable postfix-in\n")
    }
}
