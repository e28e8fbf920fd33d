// status --watch on a terminal in memory, where the test presses the keys.

import Bytes
import HostAccess
import TestSupport
import Testing

@Suite struct `Watching the status` {
    private func host(rows: Int = 24, instances: [ByteString] = ["postfix-x"]) -> InMemoryHost {
        let host = hostWithPostfix()
        host.addRegisteredInstances(instances)
        host.terminal.size = TerminalSize(columns: 80, rows: rows)
        host.output.outputColumns = 80
        return host
    }

    /// What was on the screen, picture by picture, as lines.
    private func pictures(_ answer: Answer) -> [[String]] {
        answer.output.text.components(between: "\u{1B}[H", "\u{1B}[J").map { picture in
            picture.components(endingWith: "\u{1B}[K")
        }
    }

    @Test func `draws, and draws again each second and when the size changes`() {
        var host = host()
        host.environment.append("NO_COLOR=1")
        let (terminal, files) = (host.terminal, host.files)
        terminal.events = [.nothing, .key(0x78), .changed, .key(0x71), .nothing]
        terminal.onEvent = { event in
            if event == .nothing { files.remove("/etc/postfix-x/main.cf") }
            if event == .changed { terminal.size = TerminalSize(columns: 30, rows: 3) }
        }
        let answer = host.postilion("status", "--watch")
        #expect(answer.status == 0 && answer.errors == "")
        #expect(terminal.takings == 1 && !terminal.isTaken)
        let seen = pictures(answer)
        #expect(seen.count == 4)
        #expect(
            seen[0][0] == "2 instances, 0 running, 1 with something wrong  22:13:20 UTC  q quits")
        #expect(seen[0].contains { $0.hasPrefix("postfix-x ") })
        #expect(seen[1].contains { $0.hasPrefix("/etc/postfix-x ") })
        #expect(seen[3].count <= 3 && seen[3].allSatisfy { $0.count <= 30 })
    }

    @Test func `ends when it is asked to by a signal`() {
        let host = host()
        host.terminal.events = [.ended, .nothing]
        #expect(host.postilion("status", "--watch").status == 0)
        #expect(host.terminal.events == [.nothing] && !host.terminal.isTaken)
    }

    @Test func `goes on when the host cannot be observed for a while`() {
        let host = host()
        let files = host.files
        let mainCF = files.contents(of: "/etc/postfix/main.cf") ?? ""
        host.terminal.events = [.nothing, .nothing, .key(0x51)]
        var count = 0
        host.terminal.onEvent = { _ in
            count += 1
            files.addFile("/etc/postfix/main.cf", count == 1 ? "multi_instance_enable=x\n" : mainCF)
        }
        let seen = pictures(host.postilion("status", "--watch"))
        #expect(seen.count == 3)
        #expect(seen[1].count == 1 && seen[1][0].contains("bad boolean"))
        #expect(seen[2].count > 2)
    }

    @Test func `shows those with something wrong first if not all fit`() {
        let host = host(rows: 6, instances: ["postfix-a", "postfix-b", "postfix-c", "postfix-d"])
        host.files.remove("/etc/postfix-c/main.cf")
        host.files.remove("/etc/postfix-d/main.cf")
        host.terminal.events = [.key(0x71)]
        let lines = pictures(host.postilion("status", "--watch"))[0]
        #expect(lines.count == 6)
        // The primary is enabled, and stopped.
        #expect(lines[2].contains("stopped"))
        #expect(lines[3].contains("/etc/postfix-c") && lines[4].contains("/etc/postfix-d"))
        #expect(lines[5].contains("… 2 more") && !lines[5].contains("wrong"))
    }

    @Test func `needs a terminal that can be drawn on, and no JSON`() {
        let host = host()
        host.terminal.size = nil
        #expect(host.postilion("status", "--watch").status == 64)
        host.terminal.size = TerminalSize(columns: 80, rows: 24)
        var dumb = host
        dumb.environment.append("TERM=dumb")
        #expect(dumb.postilion("status", "--watch").status == 64)
        #expect(host.postilion("status", "--watch", "--json").status == 64)
        #expect(host.postilion("status", "--watch", "nobody").status == 4)
        #expect(host.terminal.takings == 0)
    }

    @Test func `fails if the terminal is gone`() {
        let host = host()
        host.output.outputFault = .inputOutput
        host.terminal.events = [.nothing, .nothing]
        #expect(host.postilion("status", "--watch").status == 1)
        #expect(host.terminal.events.count == 2 && !host.terminal.isTaken)
    }
}

extension String {
    /// The parts between a start and the next end.
    fileprivate func components(between start: String, _ end: String) -> [String] {
        split(separator: start, omittingEmptySubsequences: false).dropFirst().compactMap { part in
            part.split(separator: end, omittingEmptySubsequences: false).first.map(String.init)
        }
    }

    /// The parts before each end, without the line ends in front of them.
    fileprivate func components(endingWith end: String) -> [String] {
        split(separator: end, omittingEmptySubsequences: false).dropLast().map { part in
            String(part.drop { $0.isNewline })
        }
    }
}
