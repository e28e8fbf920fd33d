// The commands config get, set, unset, diff and origin on a host in memory.

import Bytes
import HostAccess
import TestSupport
import Testing

@Suite struct `The command config` {
    private func host() -> InMemoryHost {
        let host = hostWithPostfix()
        host.addRegisteredInstances(
            ["postfix-out", "postfix-in"], extra: "multi_instance_group = mta\n")
        return host
    }

    private func main(_ name: ByteString, _ host: InMemoryHost) -> ByteString {
        host.files.contents(of: "/etc/\(name)/main.cf") ?? ""
    }

    @Test func `gets values as postconf prints them`() {
        let host = host()
        #expect(
            host.postilion("config", "get", "out", "syslog_name", "maillog_file")
                == Answer(
                    status: 0,
                    output: """
                        syslog_name = ${multi_instance_name?{$multi_instance_name}:{postfix}}
                        maillog_file =

                        """, errors: ""))
        #expect(
            host.postilion("config", "get", "-x", "@mta", "syslog_name").output
                == "postfix-out: syslog_name = postfix-out\npostfix-in: syslog_name = postfix-in\n")
        #expect(host.postilion("config", "get", "-h", "-", "smtp/inet/chroot").output == "y\n")
        #expect(
            host.postilion("config", "get", "in").output == """
                data_directory = /var/lib/postfix-in
                multi_instance_group = mta
                multi_instance_name = postfix-in
                queue_directory = /var/spool/postfix-in

                """)
        let line: ByteString = """
            {"instance":"postfix-in","name":"queue_directory","value":"/var/spool/postfix-in"}

            """
        #expect(host.postilion("config", "get", "in", "queue_directory", "--json").output == line)
    }

    @Test func `says which names are not known, and gets the others`() {
        let answer = host().postilion("config", "get", "out", "mial_owner", "mail_owner")
        #expect(answer.status == 1)
        #expect(answer.output == "mail_owner = postfix\n")
        #expect(
            answer.errors == """
                postilion: postfix-out: mial_owner: unknown parameter; did you mean mail_owner?

                """)
        #expect(host().postilion("config", "get", "out", "a b").status == 64)
    }

    @Test func `takes the directory of an instance that is not registered`() {
        let host = host()
        host.addInstance("postfix-new")
        let answer = host.postilion("config", "get", "-h", "/etc/postfix-new", "queue_directory")
        #expect(answer.output == "/var/spool/postfix-new\n")
        #expect(host.postilion("config", "get", "new").status == 4)
        #expect(host.postilion("config", "get", "/etc/nowhere").status == 4)
        #expect(
            host.postilion("config", "set", "/etc/postfix-new/", "maillog_file=/var/log/x").status
                == 0)
        #expect(main("postfix-new", host).hasSuffix("maillog_file = /var/log/x\n"))
    }

    @Test func `sets in all that are meant, and says what comes next where it runs`() {
        let host = host()
        host.files.lockElsewhere("/var/spool/postfix-in/pid/master.pid", holder: 7)
        let answer = host.postilion(
            "config", "set", "@mta", "inet_interfaces=127.0.0.1", "smtp/inet/chroot=n")
        #expect(answer.status == 0)
        #expect(answer.output == "done: configure postfix-out, configure postfix-in\n")
        let command = "postfix -c /etc/postfix-in"
        #expect(
            answer.errors.text == "postilion: postfix-in: needs a restart: '\(command) stop', "
                + "'\(command) start'\n")
        for name: ByteString in ["postfix-out", "postfix-in"] {
            #expect(main(name, host).hasSuffix("\ninet_interfaces = 127.0.0.1\n"))
            let master = host.files.contents(of: "/etc/\(name)/master.cf")?.text
            #expect(master?.contains("smtp       inet  n       -       n") == true)
        }
        let reload = host.postilion("config", "set", "in", "maillog_file=/var/log/x")
        #expect(reload.errors.text == "postilion: postfix-in: needs '\(command) reload'\n")
        // Once more changes nothing, and asks for nothing.
        let again = host.postilion("config", "set", "in", "maillog_file=/var/log/x")
        #expect(again == Answer(status: 0, output: "nothing to do\n", errors: ""))
    }

    @Test func `changes no instance if one refuses`() {
        let host = host()
        host.files.remove("/etc/postfix-in/master.cf")
        let before = main("postfix-out", host)
        let answer = host.postilion("config", "set", "@mta", "mail_owner=x", "smtp/inet/chroot=n")
        #expect(answer.status == 78 && answer.output == "")
        #expect(main("postfix-out", host) == before)
        let unknown = host.postilion("config", "set", "out", "mial_owner=x")
        #expect(unknown.status == 1 && main("postfix-out", host) == before)
        #expect(
            unknown.errors == """
                postilion: postfix-out: nothing reads a parameter mial_owner; nothing was changed
                  hint: did you mean mail_owner? Otherwise use --force

                """)
        #expect(host.postilion("config", "set", "--force", "out", "mial_owner=x").status == 0)
        #expect(main("postfix-out", host).hasSuffix("mial_owner = x\n"))
    }

    @Test func `asks Postfix for its kinds of tables, once`() {
        let host = host()
        host.processes.answer("/usr/sbin/postconf", "-m", output: "btree\nhash\nproxy\n")
        let asked = { host.processes.runs.filter { $0.command.arguments.last == "-m" }.count }
        let wrong = host.postilion("config", "set", "@mta", "address_verify_map=btre:/x")
        #expect(wrong.status == 1 && asked() == 1)
        #expect(
            wrong.errors == """
                postilion: postfix-out: address_verify_map: the installed Postfix has no tables of \
                type btre; nothing was changed
                  hint: did you mean btree? postconf -m shows all

                """)
        let right = host.postilion("config", "set", "@mta", "address_verify_map=proxy:btree:/x")
        #expect(right.status == 0 && asked() == 2)
        // Where no value can name a table, nobody has to be asked.
        #expect(host.postilion("config", "set", "@mta", "mail_owner=x").status == 0)
        #expect(asked() == 2)
    }

    @Test func `shows as a diff what it would do`() {
        let host = host()
        let before = main("postfix-out", host)
        let answer = host.postilion("config", "set", "out", "mail_owner=x", "--dry-run")
        #expect(answer.status == 0 && main("postfix-out", host) == before)
        #expect(answer.output.text.contains("\n--- /etc/postfix-out/main.cf\n"))
        #expect(answer.output.text.contains("\n+mail_owner = x\n"))
        let json = host.postilion("config", "set", "out", "mail_owner=x", "--dry-run", "--json")
        #expect(json.output.text.contains(#""applied":false"#))
        #expect(
            json.output.text.contains(
                #""instances":[{"instance":"postfix-out","#
                    + #""config_directory":"/etc/postfix-out","next":"nothing"}]"#))
    }

    @Test func `unsets, so that the default counts again`() {
        let host = host()
        #expect(host.postilion("config", "unset", "in", "multi_instance_group").status == 0)
        #expect(!main("postfix-in", host).text.contains("multi_instance_group"))
        #expect(
            host.postilion("config", "unset", "in", "multi_instance_group").output
                == "nothing to do\n")
        #expect(host.postilion("config", "unset", "in", "smtp/inet/chroot").status == 64)
    }

    @Test func `shows what differs, and by its exit status that something does`() {
        let host = host()
        let answer = host.postilion("config", "diff", "out", "in")
        #expect(answer.status == 1)
        #expect(
            answer.output == """
                --- postfix-out
                +++ postfix-in
                - data_directory = /var/lib/postfix-out
                + data_directory = /var/lib/postfix-in
                - multi_instance_name = postfix-out
                + multi_instance_name = postfix-in
                - queue_directory = /var/spool/postfix-out
                + queue_directory = /var/spool/postfix-in

                """)
        #expect(
            host.postilion("config", "diff", "out", "out")
                == Answer(status: 0, output: "", errors: ""))
        #expect(host.postilion("config", "diff", "out", "@mta").status == 64)
    }

    @Test func `says where a value comes from`() {
        let host = host()
        host.files.addFile(
            "/etc/postfix-out/master.cf",
            "smtp inet n - y - - smtpd\n  -o mail_owner=nobody\n")
        let text = main("postfix-out", host)
        host.files.addFile("/etc/postfix-out/main.cf", "mail_owner = a\n" + text + "mail_owner=b\n")
        let count = text.bytes.filter { $0 == 0x0A }.count
        #expect(
            host.postilion("config", "origin", "out", "mail_owner", "maillog_file").output == """
                /etc/postfix-out/main.cf:\(count + 2): mail_owner = b
                /etc/postfix-out/main.cf:1: mail_owner = a (overruled by a later line)
                /etc/postfix-out/master.cf:1: smtp/inet/mail_owner = nobody
                postfix-out: default: maillog_file =

                """)
        let line: ByteString = """
            {"instance":"postfix-in","name":"maillog_file","value":"","origin":"default",\
            "file":null,"line":null,"role":"counts"}

            """
        #expect(
            host.postilion("config", "origin", "in", "maillog_file", "--json").output == line)
        #expect(host.postilion("config", "origin", "in", "nothing_like_it").status == 1)
    }
}
