// What a configuration comes to, and what the reader says of one that cannot be used.

import Bytes
import SMTPProtocol
import TestSupport
import Testing

@testable import FilterProxy

@Suite struct `A configuration` {
    @Test func `needs the two bothAddresses and nothing else`() throws {
        let configuration = try readConfiguration(bothAddresses)
        #expect(configuration.listen == [.host("127.0.0.1", port: 10_025)])
        #expect(configuration.nextHop == .host("127.0.0.1", port: 10_026))
        #expect(
            configuration
                == FilterConfiguration(
                    listen: configuration.listen, nextHop: configuration.nextHop))
        #expect(
            faults("") == [
                "1: listen: missing; add listen = \"127.0.0.1:10025\"",
                "1: next_hop: missing; add next_hop = \"127.0.0.1:10026\"",
            ])
    }

    @Test func `has a place for everything that can be set`() throws {
        let configuration = try readConfiguration(
            """
            listen = ["[::1]:10025", "unix:/run/filter.sock"]
            next_hop = "mail.example.com:25"
            name = "filter-in"
            user = "filter"
            threads = 4
            [limits]
            sessions = 10
            backlog = 20
            message_size = "50MiB"
            command_line = 2048
            content_line = 998
            errors = 5
            [timeouts]
            connect = 1
            greeting = 2
            command = 3
            data = 4
            content = 5
            end_of_content = "1m"
            drain = 7
            [spool]
            directory = "/var/spool/filter"
            memory = "1MiB"
            [log]
            format = "json"
            level = "debug"
            """)
        var expected = FilterConfiguration(
            listen: [.host("::1", port: 10_025), .path("/run/filter.sock")],
            nextHop: .host("mail.example.com", port: 25))
        expected.name = "filter-in"
        expected.user = "filter"
        expected.threads = 4
        expected.limits.sessions = 10
        expected.limits.backlog = 20
        expected.limits.drainSeconds = 7
        expected.policy.messageSizeLimit = 52_428_800
        expected.policy.commandLineLimit = 2048
        expected.policy.contentLineLimit = 998
        expected.policy.errorLimit = 5
        expected.timeouts.connect = Seconds(1)
        expected.timeouts.greeting = Seconds(2)
        expected.timeouts.command = Seconds(3)
        expected.timeouts.data = Seconds(4)
        expected.timeouts.content = Seconds(5)
        expected.timeouts.endOfContent = Seconds(60)
        expected.spoolDirectory = "/var/spool/filter"
        expected.spoolMemoryBytes = 1 << 20
        expected.log.format = .json
        expected.log.level = .debug
        #expect(configuration == expected)
    }

    @Test func `names the keys that a start takes to heart and a reload does not`() {
        let start = FilterConfiguration(
            listen: [.host("::1", port: 10_025)], nextHop: .path("/run/next.sock"))
        #expect(start.keysForRestart(since: start) == [])
        var other = FilterConfiguration(
            listen: [.host("::1", port: 10_026)], nextHop: .path("/run/other.sock"))
        other.limits.sessions += 1
        other.limits.drainSeconds += 1
        other.timeouts.data = Seconds(1)
        other.spoolDirectory = "/tmp"
        other.policy.errorLimit += 1
        #expect(other.keysForRestart(since: start) == ["listen"])
        other.name = "other"
        other.user = "other"
        other.threads += 1
        other.limits.backlog += 1
        other.log.format = .json
        other.log.level = .debug
        #expect(
            other.keysForRestart(since: start) == [
                "listen", "name", "user", "threads", "limits.backlog", "log.format", "log.level",
            ])
    }

    @Test(arguments: [
        (
            "listen = 25",
            "1: listen: is an integer; write a string in quotation marks, or an array of such"
        ),
        ("listen = []", "1: listen: is empty; write at least one address"),
        (
            "listen = \"localhost\"",
            "1: listen: \"localhost\" is no address; "
                + "write \"127.0.0.1:10025\", \"[::1]:10025\" or \"unix:/path\""
        ),
        (
            "listen = \"::1:25\"",
            "1: listen: \"::1:25\" is no address: brackets are missing; write \"[::1]:25\""
        ),
        (
            "listen = \"smtp;127.0.0.1:25\"",
            "1: listen: \"smtp;127.0.0.1:25\" is no address: a host has letters, digits, dots and "
                + "hyphens; write \"127.0.0.1:25\""
        ),
        (
            "listen = \"unix:relative\"",
            "1: listen: \"unix:relative\" is no address; "
                + "write \"127.0.0.1:10025\", \"[::1]:10025\" or \"unix:/path\""
        ),
        (
            "listen = [\"127.0.0.1:1\",\n\"127.0.0.1:1\"]",
            "2: listen: 127.0.0.1:1 is there twice; take one out"
        ),
    ])
    func `listens only where it can`(text: String, fault: String) {
        #expect(faults("\(text)\nnext_hop = \"127.0.0.1:10026\"") == [fault])
    }

    @Test(arguments: [
        ("127.0.0.1:25", "127.0.0.1:25", true),
        ("0.0.0.0:25", "127.0.0.1:25", true),
        ("[::]:25", "[::1]:25", true),
        ("[::]:25", "localhost:25", true),
        ("127.0.0.1:25", "localhost:25", true),
        ("Mail.example.com:25", "mail.example.com:25", true),
        ("unix:/a", "unix:/a", true),
        ("127.0.0.1:25", "127.0.0.1:26", false),
        ("127.0.0.1:25", "127.0.0.2:25", false),
        ("127.0.0.1:25", "[::1]:25", false),
        ("0.0.0.0:25", "192.0.2.1:25", false),
        ("unix:/a", "unix:/b", false),
    ])
    func `sends nothing to itself`(listen: String, nextHop: String, loops: Bool) {
        let found = faults("listen = \"\(listen)\"\nnext_hop = \"\(nextHop)\"")
        #expect(found.contains { $0.contains("leads back here") } == loops)
        #expect(found.isEmpty == !loops)
    }

    @Test(arguments: ["0.0.0.0:25", "[::]:25"])
    func `sends to no address that means all`(nextHop: String) {
        #expect(faults("listen = \"127.0.0.1:1\"\nnext_hop = \"\(nextHop)\"").count == 1)
    }

    @Test func `says of every mistake where it is and how it is mended`() {
        let text = """
            name = "my filter"
            treads = 2
            [limits]
            sessions = 0
            content_line = 80
            [timeout]
            data = 1
            [spool]
            directory = "var/tmp"
            [log]
            level = "loud"
            """
        #expect(
            faults(bothAddresses + text) == [
                "3: name: \"my filter\" is no name; "
                    + "use 1 to 64 letters, digits, dots, hyphens and underscores",
                "4: treads: unknown key; did you mean threads?",
                "6: limits.sessions: 0 is out of range; use 1 to 100000",
                "7: limits.content_line: 80 would refuse sound mail; "
                    + "use 998 or more, or 0 for no limit",
                "8: timeout: unknown key; did you mean timeouts?",
                "11: spool.directory: \"var/tmp\" is relative; write a path that begins with /",
                "13: log.level: \"loud\" is unknown; "
                    + "write one of \"debug\", \"info\", \"notice\", \"warning\", \"error\"",
            ])
    }

    @Test func `that is no TOML is one problem`() {
        let found = faults(bothAddresses + "threads = = 2\n")
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("3: ") == true)
    }
}
