// The commands that change instances, on a host in memory: what they do, say and refuse.

import Bytes
import HostAccess
import TestSupport
import Testing

@Suite struct `The life-cycle commands` {
    private func host(_ names: ByteString...) -> InMemoryHost {
        let host = hostWithPostfix()
        if !names.isEmpty {
            host.addRegisteredInstances(names, extra: "multi_instance_group = mta\n")
        }
        return host
    }

    private func mainCF(_ host: InMemoryHost, _ name: ByteString) -> String {
        host.files.contents(of: "/etc/\(name)/main.cf")?.text ?? ""
    }

    private func registered(_ host: InMemoryHost) -> String {
        mainCF(host, "postfix").split(separator: "\n")
            .last { $0.hasPrefix("multi_instance_directories") }.map(String.init) ?? ""
    }

    @Test func `create several enabled instances in one transaction`() {
        let host = host()
        let answer = host.postilion("create", "--enable", "--group", "mta", "out", "postfix-in")
        #expect(answer.status == 0)
        #expect(answer.output == "done: create postfix-out, create postfix-in\n")
        #expect(
            host.postilion("list").output == """
                INSTANCE     GROUP  ENABLED  DIRECTORY
                -            -      yes      /etc/postfix
                postfix-out  mta    yes      /etc/postfix-out
                postfix-in   mta    yes      /etc/postfix-in

                """)
        #expect(host.files.contents(of: "/var/lib/postilion/generations/00000002") == nil)
    }

    @Test func `create nothing at all if one of the names is taken`() {
        let host = host("postfix-in")
        let before = host.files.objects
        let answer = host.postilion("create", "out", "in")
        #expect(answer.status == 1)
        #expect(
            answer.errors == """
                postilion: /etc/postfix-in is already config_directory of the instance in \
                /etc/postfix-in
                  hint: postilion list shows all instances

                """)
        let after = host.files.objects.filter { !$0.key.hasPrefix("/var/cache/postilion") }
        #expect(
            after.keys.filter { !$0.hasPrefix("/run/postilion") }.sorted() == before.keys.sorted())
    }

    @Test func `make the primary ready when the first instance is created`() {
        let host = host()
        host.appendToPrimary("multi_instance_wrapper =")
        #expect(host.postilion("enable", "-").status == 1)
        let answer = host.postilion("create", "out")
        #expect(answer.status == 0 && answer.output == "done: init, create postfix-out\n")
        #expect(
            mainCF(host, "postfix").contains(
                "multi_instance_wrapper = ${command_directory}/postmulti -p --"))
        #expect(answer.errors.text.contains("the primary instance now manages instances"))
    }

    @Test func `start a new instance where they are told to`() {
        let host = host("postfix-a", "postfix-b")
        #expect(host.postilion("create", "x", "y", "--before", "b").status == 0)
        #expect(
            registered(host) == "multi_instance_directories = "
                + "/etc/postfix-a /etc/postfix-x /etc/postfix-y /etc/postfix-b")
    }

    @Test func `enable and disable a whole group, and say when there is nothing to do`() {
        let host = host("postfix-out", "postfix-in")
        let answer = host.postilion("enable", "@mta")
        #expect(answer.output == "done: enable postfix-out, enable postfix-in\n")
        #expect(mainCF(host, "postfix-in").contains("multi_instance_enable = yes"))
        #expect(host.postilion("enable", "@mta").output == "nothing to do\n")
        #expect(host.postilion("disable", "out").output == "done: disable postfix-out\n")
    }

    @Test func `assign a group to several, but a name to one only`() {
        let host = host("postfix-out", "postfix-in")
        #expect(host.postilion("assign", "out", "in", "--group", "new").status == 0)
        #expect(mainCF(host, "postfix-in").contains("multi_instance_group = new"))
        #expect(host.postilion("assign", "@new", "--name", "x").status == 64)
        #expect(host.postilion("assign", "out").status == 64)
        #expect(host.postilion("assign", "out", "--name", "new").status == 0)
        #expect(mainCF(host, "postfix-out").contains("multi_instance_name = postfix-new"))
    }

    @Test func `import what exists`() {
        let host = host()
        host.addInstance("postfix-old")
        let answer = host.postilion("import", "/etc/postfix-old", "--enable", "--group", "g")
        #expect(answer.status == 0 && answer.errors == "")
        #expect(registered(host) == "multi_instance_directories = /etc/postfix-old")
        #expect(mainCF(host, "postfix-old").contains("multi_instance_enable = yes"))
        #expect(host.postilion("import", "relative").status == 64)
        #expect(host.postilion("import", "/etc/nothing").status == 78)
    }

    @Test func `ask before they destroy, and take only yes for yes`() {
        let host = host()
        #expect(host.postilion("create", "out").status == 0)
        let before = host.files.objects
        let unasked = host.postilion("destroy", "out")
        #expect(unasked.status == 64)
        #expect(unasked.errors.text.contains("hint: add --yes, or --confirm postfix-out"))
        #expect(host.postilion("destroy", "out", "--confirm", "postfix-in").status == 64)

        host.input.isInputTerminal = true
        host.output.isErrorTerminal = true
        host.input.answers = ["y"]
        let refused = host.postilion("destroy", "out")
        #expect(refused.status == 1)
        #expect(refused.errors.hasPrefix("destroy postfix-out? Type yes to go on: "))
        #expect(host.files.objects == before)
        host.input.answers = ["yes"]
        #expect(host.postilion("destroy", "out").output == "done: destroy postfix-out\n")
        #expect(host.files.contents(of: "/etc/postfix-out/main.cf") == nil)
    }

    @Test func `do not ask about what is refused anyway`() {
        let host = host()
        #expect(host.postilion("create", "--enable", "out").status == 0)
        let enabled = host.postilion("destroy", "out")
        #expect(enabled.errors.text.contains("hint: postilion disable postfix-out"))
        #expect(host.postilion("disable", "out").status == 0)
        host.files.addFile("/var/spool/postfix-out/deferred/A/ABC", "mail")
        let queued = host.postilion("destroy", "out", "-y")
        #expect(queued.status == 1)
        #expect(queued.errors.text.contains("has queued mail: 1 in deferred"))
        #expect(host.postilion("destroy", "-", "-y").status == 1)
    }

    @Test func `deport with a confirmation by name`() {
        let host = host("postfix-out")
        #expect(host.postilion("deport", "out").status == 64)
        #expect(host.postilion("deport", "out", "--confirm", "postfix-out").status == 0)
        #expect(registered(host) == "multi_instance_directories = ")
        #expect(host.files.contents(of: "/etc/postfix-out/main.cf") != nil)
    }

    @Test(arguments: [
        ["create", "x"], ["enable", "out"], ["assign", "out", "--group", "g"],
        ["deport", "out"], ["destroy", "out"], ["init"],
    ])
    func `write nothing in a dry run, not even a cache`(words: [String]) {
        let host = host("postfix-out")
        host.appendToPrimary("multi_instance_wrapper = other")
        let before = host.files.objects
        let answer = host.postilion(words.map { ByteString($0) } + ["--dry-run"])
        #expect(answer.status == 0, "\(answer.errors)")
        #expect(answer.output.text.contains("\n  edit /etc/postfix"))
        #expect(answer.output.text.contains("\n@@ -"))
        #expect(host.files.objects == before)
    }

    @Test func `tell of the change as JSON`() {
        let host = host("postfix-out")
        let answer = host.postilion("enable", "out", "--json")
        #expect(
            answer.output == #"""
                {"title":"enable postfix-out","applied":true,"steps":[{"phase":"commit",\#
                "step":"edit_file","path":"/etc/postfix-out/main.cf","diff":\#
                "--- /etc/postfix-out/main.cf\n+++ /etc/postfix-out/main.cf\n\#
                @@ -2,3 +2,4 @@\n data_directory = /var/lib/postfix-out\n \#
                multi_instance_name = postfix-out\n multi_instance_group = mta\n\#
                +multi_instance_enable = yes\n"}],\#
                "notices":[],"broken":[]}

                """#)
        #expect(
            host.postilion("enable", "out", "--json", "--dry-run").output.hasPrefix(
                #"{"title":"enable postfix-out","applied":false,"steps":[],"#))
    }

    @Test func `tell of a lock that another command holds`() {
        let host = host("postfix-out")
        host.files.lockElsewhere("/run/postilion/lock", holder: 77)
        let answer = host.postilion("enable", "out")
        #expect(answer.status == 5)
        #expect(answer.errors.text.contains("another command (process 77) is changing instances"))
    }

    @Test func `work on the primary instance's own configuration only`() {
        var host = host("postfix-out")
        host.environment.append("MAIL_CONFIG=/etc/postfix-out")
        let answer = host.postilion("create", "x")
        #expect(answer.status == 64 && answer.errors.text.contains("unset MAIL_CONFIG"))
    }

    @Test func `mention other instances that cannot be read`() {
        let host = host("postfix-out", "postfix-in")
        host.files.remove("/etc/postfix-in/main.cf")
        let answer = host.postilion("enable", "out")
        #expect(answer.status == 0)
        #expect(answer.errors.hasPrefix("postilion: /etc/postfix-in: open /etc/postfix-in/main.cf"))
    }

    @Test func `put instances elsewhere in the start order`() {
        let host = host("postfix-a", "postfix-b", "postfix-c")
        let answer = host.postilion("move", "c", "before", "b")
        #expect(answer.output == "done: move postfix-c before postfix-b\n")
        #expect(
            registered(host)
                == "multi_instance_directories = /etc/postfix-a /etc/postfix-c /etc/postfix-b")
        #expect(host.postilion("move", "c", "near", "b").status == 64)
        #expect(host.postilion("move", "c", "before", "-").status == 1)
        #expect(host.postilion("move", "c", "before", "x").status == 4)
    }

    @Test func `clone from one model only`() {
        let host = host("postfix-a", "postfix-b")
        #expect(host.postilion("clone", "x", "from", "@mta").status == 64)
        let answer = host.postilion("clone", "x", "from", "a", "--group", "")
        #expect(answer.output == "done: clone postfix-x from postfix-a\n")
        #expect(answer.errors.hasPrefix("  hint: it takes no mail yet"))
        #expect(
            host.postilion("list", "x").output.hasSuffix(
                "postfix-x  -      no       /etc/postfix-x\n"))
    }

    @Test func `rename a stopped instance, and say what is moved`() {
        let host = host("postfix-a")
        host.files.lockElsewhere("/var/spool/postfix-a/pid/master.pid", holder: 9)
        let running = host.postilion("rename", "a", "x")
        #expect(running.status == 1)
        #expect(running.errors.text.contains("hint: postilion stop /etc/postfix-a"))
        host.files.unlockElsewhere(holder: 9)
        let dry = host.postilion("rename", "a", "x", "--dry-run")
        #expect(dry.output.text.contains("  move /etc/postfix-a to /etc/postfix-x\n"))
        let answer = host.postilion("rename", "a", "x", "--json")
        #expect(
            answer.output.text.contains(
                #""step":"move","path":"/etc/postfix-a","new_path":"/etc/postfix-x"}"#))
        #expect(host.postilion("list", "x").status == 0)
    }

    @Test func `hand queued mail to another instance instead of refusing`() {
        let host = host()
        #expect(host.postilion("create", "out", "heir").status == 0)
        host.files.addFile("/var/spool/postfix-out/deferred/A/ABC", "mail", owner: 105)
        #expect(host.postilion("destroy", "out", "--to", "out", "-y").status == 1)
        #expect(host.postilion("destroy", "out", "--to", "none", "-y").status == 4)
        let dry = host.postilion("destroy", "out", "--to", "heir", "--dry-run")
        #expect(
            dry.output.text.contains(
                "  move /var/spool/postfix-out/deferred/A/ABC to "
                    + "/var/spool/postfix-heir/deferred/A/ABC\n"))
        let answer = host.postilion("destroy", "out", "--to", "heir", "--yes")
        #expect(answer.output == "done: destroy postfix-out\n")
        #expect(
            answer.errors == """
                postilion: postfix-heir has got 1 message to deliver when it is started

                """)
        #expect(host.files.contents(of: "/var/spool/postfix-heir/deferred/A/ABC") == "mail")
    }
}
