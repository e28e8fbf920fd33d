// The command metrics on a host in memory: what is counted, the grammar of the text, and that
// dashboards and documents name what there is.

import Bytes
import HostAccess
import TestSupport
import Testing

/// Two secondaries with mail, one of which runs, and a log for each.
private func monitoredHost() -> InMemoryHost {
    let host = hostWithMail()
    for name: ByteString in ["postfix-out", "postfix-in"] {
        let path: ByteString = "/etc/\(name)/main.cf"
        host.files.addFile(
            path,
            (host.files.contents(of: path) ?? "")
                + "maillog_file = /var/log/\(name).log\nqmgr_message_active_limit = 8\n"
                + "multi_instance_group = mta\nmulti_instance_enable = yes\n")
        host.files.addFile("/var/log/\(name).log", "")
    }
    host.files.addFile("/var/log/mail.log", "")
    host.files.addFile("/proc/net/tcp", "")
    host.files.addFile("/etc/postfix-out/master.cf", "127.0.0.1:10026 inet n - n - - smtpd\n")
    host.files.lockElsewhere("/var/spool/postfix-out/pid/master.pid", holder: 77)
    return host
}

private func line(_ time: String, _ rest: String) -> ByteString {
    ByteString("Nov 14 22:\(time) mx \(rest)\n")
}

extension InMemoryHost {
    /// Appends to a log.
    fileprivate func log(_ name: ByteString, _ lines: ByteString...) {
        let path: ByteString = "/var/log/\(name).log"
        files.addFile(path, lines.reduce(files.contents(of: path) ?? "", +))
    }

    /// The samples of metrics, by name and labels.
    fileprivate func samples(_ arguments: ByteString...) -> [String: String] {
        let text = postilion(["metrics"] + arguments).output.text
        var samples: [String: String] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            guard let blank = line.lastIndex(of: " ") else { continue }
            samples[String(line[..<blank])] = String(line[line.index(after: blank)...])
        }
        return samples
    }

    fileprivate func count(_ name: String, _ mta: String, edge: String? = nil) -> String? {
        let labels = edge.map { ",edge=\"\($0)\"" } ?? ""
        return samples()["postfix_\(name){mta=\"\(mta)\",group=\"mta\"\(labels)}"]
    }
}

@Suite struct `The command metrics` {
    @Test func `prints what was recorded`() throws {
        let answer = monitoredHost().postilion("metrics")
        try Golden.compare(answer.output, with: "metrics.txt")
    }

    @Test func `counts a message once that goes through two instances`() {
        let host = monitoredHost()
        // The first call begins at the end of what there is.
        host.log("postfix-in", line("05:00", "postfix-in/smtpd[7]: OLD0001: client=x[192.0.2.1]"))
        #expect(host.count("received_messages_total", "postfix-in", edge: "outside") == "0")
        host.log(
            "postfix-in", line("10:01", "postfix-in/smtpd[7]: AAAAA11111: client=x[192.0.2.1]"),
            line("10:01", "postfix-in/cleanup[8]: AAAAA11111: message-id=<1@example.net>"))
        #expect(host.count("received_messages_total", "postfix-in", edge: "outside") == "1")
        // The rest is logged later, and counted by another call.
        host.log(
            "postfix-out",
            line(
                "10:02",
                "postfix-out/smtpd[17]: BBBBB22222: client=localhost[127.0.0.1], "
                    + "orig_queue_id=AAAAA11111"),
            line("10:02", "postfix-out/cleanup[18]: BBBBB22222: message-id=<1@example.net>"))
        host.log(
            "postfix-in",
            line(
                "10:02",
                "postfix-in/smtp[9]: AAAAA11111: to=<b@example.com>, relay=[127.0.0.1]:10025, "
                    + "delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 queued as BBBBB22222)"))
        #expect(host.count("received_messages_total", "postfix-out", edge: "internal") == "1")
        host.log(
            "postfix-out",
            line(
                "10:03",
                "postfix/relay/smtp[20]: BBBBB22222: to=<b@example.com>, relay=hub[192.0.2.9]:25, "
                    + "delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 Ok)"))
        let samples = host.samples()
        func value(_ name: String, _ mta: String, _ edge: String) -> String? {
            samples["postfix_\(name)_total{mta=\"\(mta)\",group=\"mta\",edge=\"\(edge)\"}"]
        }
        #expect(value("received_messages", "postfix-in", "outside") == "1")
        #expect(value("received_messages", "postfix-out", "outside") == "0")
        #expect(value("deliveries", "postfix-in", "internal") == "1")
        #expect(value("deliveries", "postfix-in", "outside") == "0")
        #expect(value("deliveries", "postfix-out", "outside") == "1")
        // Nothing new is nothing more.
        #expect(host.samples() == samples)
    }

    @Test func `waits for the Message-ID before it says where a message came from`() {
        let host = monitoredHost()
        _ = host.samples()
        host.log(
            "postfix-in", line("10:01", "postfix-in/smtpd[7]: AAAAA11111: client=x[192.0.2.1]"),
            line("10:01", "postfix-in/cleanup[8]: AAAAA11111: message-id=<1@example.net>"))
        host.log(
            "postfix-out", line("10:02", "postfix-out/smtpd[7]: BBBBB22222: client=l[127.0.0.1]"))
        #expect(host.count("received_messages_total", "postfix-out", edge: "outside") == "0")
        host.log(
            "postfix-out",
            line("10:02", "postfix-out/cleanup[8]: BBBBB22222: message-id=<1@example.net>"))
        #expect(host.count("received_messages_total", "postfix-out", edge: "outside") == "0")
        host.log(
            "postfix-out", line("10:02", "postfix-out/smtpd[7]: CCCCC33333: client=l[127.0.0.1]"))
        _ = host.samples()
        // One that never gets any is one of its own.
        #expect(host.count("received_messages_total", "postfix-out", edge: "outside") == "1")
    }

    @Test func `reads a log that was put aside to its end, and knows a gap`() {
        let host = monitoredHost()
        _ = host.samples()
        let warning = line("10:01", "postfix-in/smtpd[7]: warning: odd")
        host.log("postfix-in", warning)
        #expect(host.count("log_warnings_total", "postfix-in") == "1")
        host.log("postfix-in", warning, "Nov 14 22:10:02 mx postfix-in/smtpd[7]: warn")
        // Half a line counts when it is a whole one.
        #expect(host.count("log_warnings_total", "postfix-in") == "2")
        host.log("postfix-in", "ing: half\n", warning)
        host.files.moveOver("/var/log/postfix-in.log", to: "/var/log/postfix-in.log.1")
        host.log("postfix-in", warning)
        #expect(host.count("log_warnings_total", "postfix-in") == "5")
        #expect(host.samples()["postfix_log_gaps_total"] == "0")
        host.files.remove("/var/log/postfix-in.log")
        host.log("postfix-in", warning)
        #expect(host.count("log_warnings_total", "postfix-in") == "6")
        #expect(host.samples()["postfix_log_gaps_total"] == "1")
    }

    @Test func `begins anew if its file is damaged`() {
        let host = monitoredHost()
        _ = host.samples()
        host.files.addFile("/var/lib/postilion/metrics", "postilion metrics 1\nbegan then\nend\n")
        host.log("postfix-in", line("10:01", "postfix-in/smtpd[7]: warning: odd"))
        #expect(host.count("log_warnings_total", "postfix-in") == "0")
    }

    @Test func `puts a file into place for the collector`() {
        let host = monitoredHost()
        host.files.addDirectory("/srv")
        let answer = host.postilion("metrics", "--textfile", "/srv/postfix.prom", "--no-log")
        #expect(answer.output == "" && answer.status == 0, "\(answer.errors)")
        let object = host.files.objects["/srv/postfix.prom"]
        #expect(object?.mode == 0o644)
        #expect(object?.content.text.contains("# TYPE postfix_up gauge\n") == true)
        #expect(object?.content.text.contains("# EOF") == false)
        #expect(host.postilion("metrics", "--textfile", "postfix.prom").status == 64)
        #expect(host.postilion("metrics", "--textfile", "/srv/postfix.txt").status == 64)
        #expect(host.postilion("metrics", "--textfile", "/nowhere/a.prom").status == 1)
    }

    @Test func `leaves out what cannot be seen`() {
        let host = monitoredHost()
        host.files.readFaults["/var/spool/postfix-in/active"] = .accessDenied
        let answer = host.postilion("metrics", "--no-log")
        #expect(answer.status == 3 && answer.errors.text.contains("postfix-in"))
        #expect(!answer.output.text.contains(#"postfix_queue_messages{mta="postfix-in""#))
        #expect(answer.output.text.contains("postilion_problems 1\n"))
    }
}

@Suite struct `The command metrics check` {
    @Test func `tells the worst first, and ends as plugins do`() {
        let host = monitoredHost()
        let answer = host.postilion("metrics", "check")
        #expect(answer.status == 2)
        #expect(
            answer.output.text.hasPrefix(
                "POSTFIX CRITICAL - postfix: is enabled, but does not run (and 2 more) | "),
            "\(answer.output)")
        #expect(answer.output.text.contains(" 'postfix-out_messages'=1;;;0 'postfix-out_oldest'"))
        #expect(answer.output.text.contains("\npostfix-in: is enabled, but does not run\n"))
    }

    @Test(arguments: [
        ([], 0, "OK"), (["-w", "1"], 1, "WARNING"), (["-w", "2"], 0, "OK"),
        (["-w", "1", "-c", "1"], 2, "CRITICAL"), (["--age-warning", "2h"], 1, "WARNING"),
        (["--age-critical", "119m"], 2, "CRITICAL"), (["--age-warning", "3h"], 0, "OK"),
    ])
    func `knows limits`(_ options: [String], _ status: Int, _ word: String) {
        let host = monitoredHost()
        host.files.addFile("/etc/postfix-out/master.cf", "")
        let answer = host.postilion(["metrics", "check", "out"] + options.map { ByteString($0) })
        #expect(answer.status == Int32(status), "\(answer.output)")
        #expect(answer.output.text.hasPrefix("POSTFIX \(word) - "))
    }

    @Test func `does not know what cannot be seen`() {
        let host = monitoredHost()
        host.files.addFile("/etc/postfix-out/master.cf", "")
        host.files.readFaults["/var/spool/postfix-out/deferred"] = .accessDenied
        let answer = host.postilion("metrics", "check", "out")
        #expect(answer.status == 3 && answer.output.text.hasPrefix("POSTFIX UNKNOWN - "))
        let nobody = host.postilion("metrics", "check", "nobody")
        #expect(nobody.status == 3 && nobody.output.text.hasPrefix("POSTFIX UNKNOWN - "))
    }

    @Test func `prints local checks`() {
        let host = monitoredHost()
        host.files.addFile("/etc/postfix-out/master.cf", "")
        let answer = host.postilion("metrics", "check", "--checkmk", "-c", "9", "out", "in")
        #expect(
            answer.output == """
                0 "Postfix postfix-out" messages=1;;9|oldest=7200;; all is well
                2 "Postfix postfix-in" messages=1;;9|oldest=1000;; is enabled, but does not run

                """)
        #expect(answer.status == 0)
    }

    @Test func `lets Zabbix discover instances and queues`() {
        let host = monitoredHost()
        #expect(
            host.postilion("metrics", "discovery", "out").output == """
                [{"{#MTA}":"postfix-out","{#GROUP}":"mta","{#ENABLED}":"yes",\
                "{#DIRECTORY}":"/etc/postfix-out"}]

                """)
        let queues = host.postilion("metrics", "discovery", "--queues").output.text
        #expect(queues.split(separator: "{#QUEUE}").count == 1 + 3 * 6)
    }
}
