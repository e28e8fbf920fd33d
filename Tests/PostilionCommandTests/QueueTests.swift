// The command queue on a host in memory: what is listed and counted, and what is not believed.

import Bytes
import HostAccess
import TestSupport
import Testing

/// A record of a queue file, shorter than 128 bytes.
private func record(_ type: ByteString, _ data: ByteString = "") -> ByteString {
    type + ByteString([UInt8(data.count)]) + data
}

/// Two secondaries with mail: at the time of tests, 22:13:20, some of it has waited for two hours.
func hostWithMail() -> InMemoryHost {
    let host = hostWithPostfix()
    host.addRegisteredInstances(["postfix-out", "postfix-in"])
    host.addMessage("postfix-out", "deferred/3/3D0901A2B3", from: "a@example.com", age: 7200)
    host.addMessage(
        "postfix-out", "hold/5A0911A2B4", from: "", to: ["b@example.net", "c@example.org"])
    host.addMessage("postfix-in", "active/66666ABCDE", from: "news@example.com", age: 1000)
    host.files.addFile(
        "/var/spool/postfix-out/defer/3/3D0901A2B3",
        """
        <b@example.net>: connect to hub[192.0.2.9]:25: refused
        recipient=b@example.net
        offset=93
        action=delayed
        reason=connect to hub[192.0.2.9]:25: refused

        """, mode: 0o600)
    return host
}

extension InMemoryHost {
    /// Puts a message into a queue of an instance.
    func addMessage(
        _ instance: ByteString, _ place: ByteString, from sender: ByteString,
        to recipients: [ByteString] = ["b@example.net"], age: Int = 60, mode: UInt32 = 0o700
    ) {
        var text = record("C", "            700               0               1")
        text += record("T", "\(clock.nowSeconds - age) 5") + record("S", sender)
        for recipient in recipients { text += record("R", recipient) }
        text += record("M") + ByteString([UInt8](repeating: 0x4E, count: 700))
        files.addFile(
            "/var/spool/\(instance)/\(place)", text + record("X") + record("E"), mode: mode)
    }
}

@Suite struct `The command queue list` {
    @Test func `shows the messages of all instances, and why they wait`() throws {
        let answer = hostWithMail().postilion("queue", "list")
        #expect(answer.status == 0 && answer.errors == "")
        try Golden.compare(answer.output, with: "queue-list.txt")
    }

    @Test func `has for programs what postqueue tells, and the instance`() throws {
        let answer = hostWithMail().postilion("queue", "list", "--json")
        #expect(answer.status == 0 && answer.errors == "")
        try Golden.compare(answer.output, with: "queue-list.json")
    }

    @Test(arguments: [
        (["--queue", "hold"], ["5A0911A2B4"]), (["in"], ["66666ABCDE"]),
        (["--older", "1h"], ["3D0901A2B3"]), (["--newer", "2m"], ["5A0911A2B4"]),
        (["--reason", "REFUSED"], ["3D0901A2B3"]), (["--sender", "<>"], ["5A0911A2B4"]),
        (["--sender", "@example.com", "-q", "active"], ["66666ABCDE"]),
        (["--domain", "example.org"], ["5A0911A2B4"]), (["--id", "66666ABCDE"], ["66666ABCDE"]),
        (["--recipient", "c@example.org", "--older", "1h"], []), (["--larger", "1K"], []),
    ])
    func `chooses`(_ options: [String], _ ids: [String]) {
        let answer = hostWithMail().postilion(
            ["queue", "list", "--json"] + options.map { ByteString($0) })
        #expect(answer.status == 0 && answer.errors == "")
        let lines = answer.output.split { $0 == 0x0A }
        #expect(lines.count == ids.count, "\(answer.output)")
        for (line, id) in zip(lines, ids) {
            #expect(line.text.contains("\"queue_id\":\"\(id)\""), "\(line)")
        }
    }

    @Test func `passes nothing on that a terminal obeys`() {
        let host = hostWithMail()
        host.addMessage(
            "postfix-out", "deferred/7/7D0901A2B7", from: "a\u{1B}[31m@example.com",
            to: ["\u{9B}2J\u{202E}@example.net"])
        host.files.addFile(
            "/var/spool/postfix-out/defer/7/7D0901A2B7",
            "recipient=\u{9B}2J\u{202E}@example.net\nreason=\u{1B}]0;owned\u{7}\u{85}\n\n")
        let answer = host.postilion("queue", "list", "out")
        let obeyed = answer.output.text.unicodeScalars.filter {
            $0.value < 0x20 && $0 != "\n" || (0x7F..<0xA0).contains($0.value)
                || (0x202A...0x202E).contains($0.value)
        }
        #expect(obeyed.isEmpty && answer.output.text.contains("7D0901A2B7"))
        let shape = host.postilion("queue", "shape", "--json")
        #expect(!shape.output.contains(0x1B) && shape.status == 0)
    }

    @Test func `passes over what is unfinished, a link, or no message`() {
        let host = hostWithMail()
        host.addMessage("postfix-out", "incoming/9D0901A2B9", from: "x@y", mode: 0o600)
        host.files.addFile("/var/spool/postfix-out/incoming/1700000000.77", "x")
        host.files.addFile("/etc/secret", "S\u{8}a@secretR\u{8}b@secret", mode: 0o700)
        host.files.addLink("/var/spool/postfix-out/deferred/3/3FFFFA2B3", to: "/etc/secret")
        let answer = host.postilion("queue", "list", "--json", "out")
        #expect(answer.output.split { $0 == 0x0A }.count == 2)
        #expect(!answer.output.text.contains("secret"))
        #expect(answer.errors.text.contains("3FFFFA2B3") && answer.status == 3)
    }

    @Test func `says which queue cannot be seen, and shows the others`() {
        let host = hostWithMail()
        host.files.readFaults["/var/spool/postfix-out/deferred"] = .accessDenied
        let answer = host.postilion("queue", "list", "--json")
        #expect(answer.status == 3)
        #expect(answer.errors.text.contains("postfix-out: "))
        #expect(answer.output.text.contains("66666ABCDE"))
        #expect(host.postilion("queue", "list", "--count", "out").status == 1)
    }

    @Test func `counts without opening a file`() {
        let host = hostWithMail()
        // What cannot be read is counted all the same.
        host.files.readFaults["/var/spool/postfix-out/hold/5A0911A2B4"] = .accessDenied
        let answer = host.postilion("queue", "list", "--count", "--json")
        #expect(answer.status == 0)
        #expect(
            answer.output.text.contains(
                """
                {"instance":"postfix-out","maildrop":0,"incoming":0,"active":0,"deferred":1,\
                "hold":1,"corrupt":0,"total":2}
                """))
        let chosen = host.postilion("queue", "list", "--count", "--older", "1h", "in")
        #expect(chosen.output.text.hasSuffix(" 0\n"), "\(chosen.output)")
    }

    @Test(arguments: [
        ["--older", "soon"], ["--larger", "1T"], ["--queue", "outbox"], ["--newer", "-1h"],
    ])
    func `refuses what it does not understand`(_ options: [String]) {
        let answer = hostWithMail().postilion(["queue", "list"] + options.map { ByteString($0) })
        #expect(answer.status == 64 && answer.output == "")
    }
}

@Suite struct `The command queue shape` {
    @Test func `counts domains by age, for each instance and for all`() throws {
        let host = hostWithMail()
        let answer = host.postilion("queue", "shape")
        #expect(answer.status == 0 && answer.errors == "")
        try Golden.compare(answer.output, with: "queue-shape.txt")
        try Golden.compare(
            host.postilion("queue", "shape", "--json", "--buckets", "3").output,
            with: "queue-shape.json")
    }

    @Test func `sums up what is not among the first`() {
        let host = hostWithMail()
        let one = host.postilion("queue", "shape", "-q", "hold", "--top", "1").output.text
        #expect(one.contains("1 more") && !one.contains("example.org"))
        let all = host.postilion("queue", "shape", "-q", "hold", "--top", "0").output.text
        #expect(all.contains("example.org"))
        let senders = host.postilion("queue", "shape", "-q", "hold", "--senders").output.text
        #expect(senders.contains("MAILER-DAEMON"))
    }

    @Test func `draws bars on a terminal`() {
        let host = hostWithMail()
        host.output.outputColumns = 200
        #expect(host.postilion("queue", "shape").output.text.contains("█"))
    }
}

extension InMemoryHost {
    /// The commands so far that do something to mail.
    fileprivate var actions: [ChildCommand] {
        processes.runs.map(\.command).filter { $0.arguments.first?.hasPrefix("post") ?? false }
            .filter { $0.arguments.first != "postconf" }
    }
}

@Suite struct `The commands that change queues` {
    /// A host on which postsuper(1) does as it is told to messages of postfix-out.
    private func host() -> InMemoryHost {
        let host = hostWithMail()
        let files = host.files
        files.addDirectory("/var/spool/postfix-out/hold")
        host.processes.answer("/usr/sbin/postsuper")
        host.processes.onRun = { command in
            for (option, id) in zip(command.arguments, command.arguments.dropFirst()) {
                let spool: ByteString = "/var/spool/postfix-out"
                let deferred: ByteString = "\(spool)/deferred/3/\(id)"
                switch option {
                case "-h": files.moveOver(deferred, to: "\(spool)/hold/\(id)")
                case "-H": files.moveOver("\(spool)/hold/\(id)", to: deferred)
                case "-d": files.remove(deferred)
                default: break
                }
            }
        }
        return host
    }

    @Test func `ask Postfix's own program, and look what came of it`() {
        let host = host()
        let answer = host.postilion("queue", "hold", "--domain", "example.net", "out")
        #expect(answer == Answer(status: 0, output: "postfix-out: 1 held\n", errors: ""))
        #expect(
            host.actions.last?.arguments
                == ["postsuper", "-c", "/etc/postfix-out", "-h", "3D0901A2B3"])
        let back = host.postilion("queue", "release", "--id", "3D0901A2B3", "--json")
        #expect(
            back.output == """
                {"instance":"postfix-out","action":"release","done":1,"gone":0,"left":0,"errors":[]}

                """)
    }

    @Test(arguments: ["hold", "release", "delete", "requeue", "flush"])
    func `want to be told which messages`(_ verb: String) {
        let host = host()
        for words: [ByteString] in [[], ["out"], ["--all", "--domain", "x"]] {
            let answer = host.postilion(["queue", ByteString(verb)] + words)
            #expect(answer.status == 64 && answer.output == "")
        }
        #expect(host.actions.isEmpty)
    }

    @Test func `show what is meant with --dry-run, and run nothing`() {
        let host = host()
        let answer = host.postilion("queue", "delete", "--all", "out", "--dry-run")
        #expect(answer.status == 0 && answer.output.text.contains("2 messages"))
        #expect(host.actions.isEmpty)
    }

    @Test func `delete only what was confirmed`() {
        let host = host()
        let arguments: [ByteString] = ["queue", "delete", "--older", "1h"]
        #expect(host.postilion(arguments).status == 64)
        #expect(host.postilion(arguments + ["--confirm", "postfix-in"]).status == 64)
        #expect(host.actions.isEmpty)
        let answer = host.postilion(arguments + ["--confirm", "postfix-out"])
        #expect(answer == Answer(status: 0, output: "postfix-out: 1 deleted\n", errors: ""))
        #expect(host.postilion(arguments + ["--yes"]).output == "no messages\n")
    }

    @Test func `leave alone what has the same id, but came at another time`() {
        let host = host()
        host.input.isInputTerminal = true
        host.output.isErrorTerminal = true
        // While the question stands there, the message goes and another one gets its id.
        host.input.answers = ["yes"]
        host.input.onAnswer = {
            host.addMessage("postfix-out", "deferred/3/3D0901A2B3", from: "other@x", age: 1)
        }
        let answer = host.postilion("queue", "delete", "--older", "1h")
        #expect(answer.output == "postfix-out: 0 deleted, 1 had gone or moved before\n")
        #expect(host.actions.isEmpty)
    }

    @Test func `say what was left, and why`() {
        let host = hostWithMail()
        host.processes.answer("/usr/sbin/postsuper", status: .exited(1))
        let answer = host.postilion("queue", "hold", "--older", "1h")
        #expect(answer.status == 3 && answer.output == "postfix-out: 0 held, 1 not\n")
    }

    @Test func `know in which queues they make sense`() {
        let answer = host().postilion("queue", "release", "--queue", "deferred")
        #expect(answer.status == 64 && answer.errors.text.contains("this is for hold"))
        #expect(host().postilion("queue", "hold", "--id", "5A0911A2B4").output == "no messages\n")
    }

    @Test func `are for root only`() {
        var host = host()
        host.accounts.effectiveUser = 1000
        let answer = host.postilion("queue", "hold", "--all")
        #expect(answer.status == 77 && host.actions.isEmpty)
    }
}
