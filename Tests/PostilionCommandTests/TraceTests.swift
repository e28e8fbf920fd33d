// The commands trace and logs on a host in memory: which logs are read, what the queues add, and
// what is shown.

import Bytes
import HostAccess
import TestSupport
import Testing

/// 14 November 2023, before the time at which hosts in memory are looked at: 22:13:20.
private func line(_ time: String, _ rest: String) -> String { "Nov 14 22:\(time) mx \(rest)\n" }

private let inID = "4SVLCd3mV9z2NtQV"

/// A message through two instances, whose last attempt was deferred.
private let logIn = [
    line("10:00", "postfix-in/smtpd[7]: connect from client.example.net[192.0.2.1]"),
    line(
        "10:00",
        "postfix-in/smtpd[7]: NOQUEUE: reject: RCPT from client.example.net[192.0.2.1]: 550 5.1.1 "
            + "<x@example.com>: unknown; from=<a@example.net> to=<x@example.com> proto=ESMTP "
            + "helo=<c>"
    ),
    line("10:01", "postfix-in/smtpd[7]: \(inID): client=client.example.net[192.0.2.1]"),
    line("10:01", "postfix-in/cleanup[8]: \(inID): message-id=<1@example.net>"),
    line(
        "10:01",
        "postfix-in/qmgr[9]: \(inID): from=<a@example.net>, size=700, nrcpt=1 (queue active)"),
    line(
        "10:02",
        "postfix-in/smtp[10]: \(inID): to=<b@example.com>, relay=127.0.0.1[127.0.0.1]:10025, "
            + "delay=1.1, delays=0.1/0/0/1, dsn=2.0.0, "
            + "status=sent (250 2.0.0 Ok: queued as 3D0901A2B3)"
    ),
    line("10:02", "postfix-in/qmgr[9]: \(inID): removed"),
    line("10:03", "postfix-in/smtpd[7]: warning: \u{1B}[31mred\u{9B}5m"),
].joined()

private let logOut = [
    line(
        "10:01",
        "postfix-out/smtpd[17]: 3D0901A2B3: client=localhost[127.0.0.1], orig_queue_id=\(inID), "
            + "orig_client=client.example.net[192.0.2.1]"),
    line("10:01", "postfix-out/cleanup[18]: 3D0901A2B3: message-id=<1@example.net>"),
    line(
        "10:01",
        "postfix-out/qmgr[19]: 3D0901A2B3: from=<a@example.net>, size=900, nrcpt=1 (queue active)"),
    line(
        "10:05",
        "postfix/relay/smtp[20]: 3D0901A2B3: to=<b@example.com>, relay=none, delay=4, "
            + "delays=0/0/4/0, dsn=4.4.1, status=deferred (connect to hub[192.0.2.9]:25: refused)"),
].joined()

private let delivered = [
    line(
        "12:05",
        "postfix/relay/smtp[20]: 3D0901A2B3: to=<b@example.com>, relay=hub[192.0.2.9]:25, "
            + "delay=124, delays=120/0/4/0, dsn=2.0.0, status=sent (250 Ok)"),
    line("12:05", "postfix-out/qmgr[19]: 3D0901A2B3: removed"),
].joined()

/// Two instances, one with a log of its own, one that logs to syslog.
private func host() -> InMemoryHost {
    let host = hostWithPostfix()
    host.addRegisteredInstances(["postfix-out", "postfix-in"])
    for name: ByteString in ["postfix-out", "postfix-in"] {
        let path: ByteString = "/etc/\(name)/main.cf"
        let old = host.files.contents(of: path) ?? ""
        let log: ByteString = name == "postfix-in" ? "maillog_file = /var/log/in.log\n" : ""
        host.files.addFile(path, old + log + "syslog_name = \(name)\n")
    }
    host.files.addFile("/var/log/in.log", ByteString(logIn))
    host.files.addFile("/var/log/mail.log", ByteString(logOut))
    return host
}

@Suite struct `The command trace` {
    @Test func `shows the whole way, and where the message is`() throws {
        let host = host()
        host.files.addFile("/var/spool/postfix-out/deferred/3/3D0901A2B3", "", mode: 0o700)
        let answer = host.postilion("trace", ByteString(inID))
        #expect(answer.status == 0 && answer.errors == "")
        try Golden.compare(answer.output, with: "trace.txt")
        let json = host.postilion("trace", "--json", "--message-id", "1@example.net")
        #expect(json.status == 0 && json.errors == "")
        try Golden.compare(json.output, with: "trace.json")
    }

    @Test func `says that nobody knows if no queue has the message`() {
        let answer = host().postilion("trace", "b@example.com")
        #expect(answer.status == 0)
        #expect(answer.output.text.contains("now      not known: the log does not tell"))
    }

    @Test(arguments: [
        ["--queue-id", "3D0901A2B3", "--instance", "out"], ["--sender", "A@example.net"],
        ["--recipient", "<b@example.com>"], ["--recipient", "x@example.com"],
        ["--sender", "a@example.net", "--recipient", "b@example.com"], ["connect to hub"],
        ["<1@example.net>"],
    ])
    func `finds a message by anything that names it`(_ arguments: [String]) {
        let words = ["trace", "--json"] + arguments.map { ByteString($0) }
        let answer = host().postilion(words)
        #expect(answer.status == 0)
        #expect(answer.output.split { $0 == 0x0A }.count == 1)
        #expect(answer.output.text.contains(#""message_id":"<1@example.net>""#))
    }

    @Test(arguments: [
        ["--queue-id", "3D0901A2B3", "--instance", "in"], ["--sender", "b@example.com"],
        ["--message-id", "2@example.net"], ["nobody@example.com"],
    ])
    func `fails if nothing fits`(_ arguments: [String]) {
        let answer = host().postilion(["trace"] + arguments.map { ByteString($0) })
        #expect(answer == Answer(status: 1, output: "", errors: ""))
    }

    @Test func `reads compressed and older logs, and only those that are named`() {
        let host = host()
        host.files.addFile("/var/log/mail.log", "")
        host.files.addFile("/var/log/mail.log.2.gz", "\u{1F}" + ByteString([0x8B]) + "x")
        host.processes.answer(
            "gzip", "-dc", "--", "/var/log/mail.log.2.gz", output: ByteString(logOut))
        #expect(host.postilion("trace", "3D0901A2B3").status == 0)
        #expect(host.postilion("trace", "--log", "/var/log/in.log", "3D0901A2B3").status == 0)
        #expect(host.postilion("trace", "--log", "/var/log/mail.log", "3D0901A2B3").status == 1)
    }

    @Test func `asks the journal where no file is`() {
        let host = host()
        host.files.remove("/var/log/mail.log")
        let lines = logOut.split(separator: "\n").map {
            $0.replacing("Nov 14 22", with: "2023-11-14T22").replacing(" mx ", with: "+0000 mx ")
        }
        host.processes.answer(
            "journalctl", output: ByteString(lines.joined(separator: "\n") + "\n"))
        let answer = host.postilion("trace", "--json", "connect to hub")
        #expect(answer.status == 0 && answer.output.text.contains(inID))
    }

    @Test func `goes on without a log that cannot be read, and says so`() {
        let host = host()
        host.files.readFaults["/var/log/in.log"] = .accessDenied
        let answer = host.postilion("trace", "3D0901A2B3")
        #expect(answer.status == 3)
        #expect(answer.errors == "postilion: read /var/log/in.log: Permission denied\n")
        #expect(host.postilion("trace", "--log", "/no", "abc").status == 1)
    }

    @Test func `takes what the queues hold from a file`() {
        let host = host()
        host.files.addFile(
            "/tmp/queue",
            #"{"instance": "postfix-out", "queue_name": "hold", "queue_id": "3D0901A2B3", "#
                + #""recipients": [{"address": "b@example.com"}]}"# + "\n")
        let answer = host.postilion("trace", inID.bytes, "--queue-listing", "/tmp/queue")
        #expect(answer.output.text.contains("now      in the hold queue of postfix-out"))
        host.files.addFile("/tmp/queue", "{}\n")
        let broken = host.postilion("trace", inID.bytes, "--queue-listing", "/tmp/queue")
        #expect(broken.status == 1 && broken.errors.text.contains("/tmp/queue: line 1"))
    }

    @Test func `passes nothing to a terminal that it would obey`() {
        let host = host()
        let evil = logIn.replacing("250 2.0.0 Ok", with: "250 \u{1B}]0;x\u{7} \u{9B}2J \u{202E}Ok")
        host.files.addFile("/var/log/in.log", ByteString(evil))
        let text = host.postilion("trace", inID.bytes).output.text
        #expect(text.contains("250 ?]0;x? ?2J ?Ok"))
        #expect(!text.unicodeScalars.contains { [0x1B, 0x07, 0x9B, 0x202E].contains($0.value) })
    }

    @Test func `follows a message to its end`() {
        let host = host()
        let files = host.files
        host.clock.onPause = { count in
            if count == 2 { files.addFile("/var/log/mail.log", ByteString(logOut + delivered)) }
        }
        let answer = host.postilion("trace", "--follow", inID.bytes)
        #expect(answer.status == 0)
        let parts = answer.output.text.split(separator: "not known: the log does not tell")
        #expect(parts.count == 2)
        let news = parts.last ?? ""
        #expect(news.contains("22:12:05  sent") && news.contains("now      in no queue"))
        #expect(!news.contains("received"))
    }

    @Test(arguments: [[], ["ab"], ["--json", "--follow", "abc"], ["--instance", "in"]])
    func `must be asked for something`(_ arguments: [String]) {
        #expect(host().postilion(["trace"] + arguments.map { ByteString($0) }).status == 64)
    }
}

@Suite struct `The command logs` {
    private func lines(_ answer: Answer) -> [String] {
        answer.output.text.split(separator: "\n").map(String.init)
    }

    @Test func `shows the lines of all instances in the order of time`() {
        let shown = lines(host().postilion("logs"))
        #expect(shown.count == 12)
        #expect(shown.map { $0.prefix(19) }.sorted() == shown.map { $0.prefix(19) })
        #expect(
            shown[0]
                == "2023-11-14 22:10:00 postfix-in smtpd[7]: "
                + "connect from client.example.net[192.0.2.1]"
        )
        // The tag names another instance, the message is of this one.
        #expect(shown[11].hasPrefix("2023-11-14 22:10:05 postfix-out postfix/relay/smtp[20]: 3D09"))
    }

    @Test func `leaves out what nobody asked for`() {
        let host = host()
        #expect(lines(host.postilion("logs", "--instance", "out")).count == 4)
        #expect(lines(host.postilion("logs", "--instance", "@none")).isEmpty)
        #expect(lines(host.postilion("logs", "--since", "2023-11-14T22:10:03")).count == 2)
        #expect(lines(host.postilion("logs", "--since", "197s")).count == 2)
        #expect(lines(host.postilion("logs", "--since", "1w")) == lines(host.postilion("logs")))
        let bad = lines(host.postilion("logs", "--severity", "warning"))
        #expect(bad == ["2023-11-14 22:10:03 postfix-in smtpd[7]: warning: ?[31mred?5m"])
        #expect(lines(host.postilion("logs", "--severity", "fatal")).isEmpty)
    }

    @Test func `gives each instance its colour on a terminal`() {
        let host = host()
        host.output.outputColumns = 80
        let shown = lines(host.postilion("logs"))
        let colours = Set(shown.compactMap { $0.split(separator: " ").dropFirst(2).first })
        #expect(colours.count == 2 && colours.allSatisfy { $0.contains("\u{1B}[") })
    }

    @Test func `tells programs each line`() {
        let shown = lines(host().postilion("logs", "--json", "--severity", "warning"))
        #expect(
            shown == [
                #"{"at":1699999803,"instance":"postfix-in","service":"smtpd","pid":7,"#
                    + #""severity":"warning","text":"warning: \u001b[31mred5m"}"#
            ])
    }

    @Test func `counts a message once where it came from outside`() throws {
        let host = host()
        host.files.addFile("/var/log/mail.log", ByteString(logOut + delivered))
        try Golden.compare(host.postilion("logs", "--summary").output, with: "logs-summary.txt")
        try Golden.compare(
            host.postilion("logs", "--summary", "--json").output, with: "logs-summary.json")
    }

    @Test func `follows logs, also into a new file`() {
        let host = host()
        let (files, output) = (host.files, host.output)
        host.clock.onPause = { count in
            switch count {
            case 2: files.addFile("/var/log/mail.log", ByteString(logOut + delivered))
            case 3:
                files.remove("/var/log/mail.log")
                files.addFile(
                    "/var/log/mail.log", ByteString(line("13:00", "postfix-out/qmgr[1]: a")))
            case 4: output.outputFault = .inputOutput
            case 5:
                files.addFile(
                    "/var/log/in.log", ByteString(logIn + line("14:00", "postfix-in/qmgr[1]: b")))
            default: break
            }
        }
        let answer = host.postilion("logs", "--follow")
        // It ends when nobody reads any more.
        #expect(answer.status == 1)
        let shown = lines(answer)
        #expect(
            shown.suffix(3).map { $0.prefix(19) } == [
                "2023-11-14 22:12:05", "2023-11-14 22:12:05", "2023-11-14 22:13:00",
            ])
    }

    @Test(arguments: [
        ["--since", "yesterday"], ["--summary", "--follow"], ["--severity", "bad"],
        ["--summary", "--since", "1h"],
    ])
    func `refuses what it does not understand`(_ arguments: [String]) {
        #expect(host().postilion(["logs"] + arguments.map { ByteString($0) }).status == 64)
    }
}

extension String {
    fileprivate var bytes: ByteString { ByteString(self) }
}
