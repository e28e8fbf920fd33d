// The command doctor: what it says in each form, and how it ends.

import Bytes
import Foundation
import HostAccess
import PostilionCommand
import TestSupport
import Testing

@Suite struct `The command doctor` {
    private func run(_ server: BorderServer, _ arguments: ByteString...) -> (Int32, String) {
        var memory = server.memory
        memory.arguments = ["/usr/sbin/postilion", "doctor"] + arguments
        let before = (memory.output.output.count, memory.output.errors.count)
        let status = Postilion.run(on: memory.host())
        let output = memory.output.output.dropFirst(before.0).text
        return (status, output + memory.output.errors.dropFirst(before.1).text)
    }

    private func brokenServer() -> BorderServer {
        let server = BorderServer()
        server.set("postfix-in", "soft_bounce = yes")
        server.set("postfix-in", "relay_host = [192.0.2.25]")
        server.set("postfix-out", "smtp_bind_address = 203.0.113.98")
        server.unset("postfix-in", "parent_domain_matches_subdomains")
        // The filter that the example's host runs cannot be seen in memory.
        return server
    }

    @Test func `says what is wrong, the gravest first, with place and mend`() {
        let (status, text) = run(brokenServer(), "out")
        #expect(status == 1)
        #expect(
            text == """
                1 error
                  bind-address-absent  postfix-out is to send from 203.0.113.98, which this host \
                does not have
                    at    /etc/postfix-out/main.cf:28  smtp_bind_address
                    mend  ip -brief address

                3 instances looked at; postilion doctor --explain ID tells more of a finding

                """)
    }

    @Test func `is content with a host that is all right`() {
        let (status, text) = run(BorderServer.debian())
        #expect(status == 0)
        #expect(text == "Nothing wrong with 1 instance.\n")
    }

    @Test func `writes an object per finding for programs`() throws {
        let (status, text) = run(brokenServer(), "--json", "in")
        #expect(status == 1)
        let lines = text.split(separator: "\n")
        #expect(
            lines.first { $0.contains("soft-bounce") } ?? "" == """
                {"id":"soft-bounce-left-on","severity":"warning","instances":["postfix-in"],\
                "file":"/etc/postfix-in/main.cf","line":28,"parameter":"soft_bounce",\
                "message":"postfix-in has soft_bounce = yes, a setting for tests",\
                "mend":"postconf -c /etc/postfix-in -X soft_bounce",\
                "reference":"postconf(5) soft_bounce"}
                """)
        #expect(lines.allSatisfy { $0.hasPrefix("{") && $0.hasSuffix("}") })
    }

    @Test func `writes a SARIF document`() throws {
        let (status, text) = run(brokenServer(), "--sarif")
        #expect(status == 1)
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(document["version"] as? String == "2.1.0")
        let run = try #require((document["runs"] as? [[String: Any]])?.first)
        let driver = try #require((run["tool"] as? [String: [String: Any]])?["driver"])
        let rules = try #require(driver["rules"] as? [[String: Any]]).map { $0["id"] as? String }
        for result in try #require(run["results"] as? [[String: Any]]) {
            let index = try #require(result["ruleIndex"] as? Int)
            #expect(rules[index] == result["ruleId"] as? String)
            #expect(["error", "warning", "note"].contains(result["level"] as? String))
        }
        #expect(text.contains(#""uri":"file:///etc/postfix-in/main.cf"}"#))
    }

    @Test func `explains each check, and lists all`() {
        let (status, page) = run(BorderServer(), "--explain", "listener-overlap")
        #expect(status == 0)
        #expect(page.hasPrefix("listener-overlap (error): Two instances want one address"))
        for heading in ["Why", "Example", "Mend", "See"] {
            #expect(page.contains("\n\n\(heading)\n  "), "\(heading)")
        }
        let wide = page.split(separator: "\n").filter { $0.count > 80 }
        #expect(wide == [])
        #expect(run(BorderServer(), "--list").1.contains("\nlistener-overlap "))
    }

    @Test func `suggests the check that was meant`() {
        let (status, text) = run(BorderServer(), "--explain", "listener-overlaps")
        #expect(status == 64)
        #expect(text.contains("did you mean listener-overlap?"))
    }

    @Test func `goes on when a configuration cannot be read, and says so in its status`() {
        let server = brokenServer()
        server.memory.files.remove("/etc/postfix-out/main.cf")
        let (status, text) = run(server)
        #expect(status == 78)
        #expect(text.contains("instance-unreadable"))
        #expect(text.contains("soft-bounce-left-on"))
    }

    @Test func `tells of a primary that cannot be read`() {
        let server = BorderServer()
        server.set("postfix", "multi_instance_enable = perhaps")
        server.set("postfix-in", "soft_bounce = yes")
        let (status, text) = run(server)
        #expect(status == 78)
        #expect(text.contains("soft-bounce-left-on"))
        server.memory.files.remove("/etc/postfix/main.cf")
        let (gone, words) = run(server, "--json")
        #expect(gone == 78)
        #expect(words.contains(#""file":"/etc/postfix/main.cf""#))
    }

    @Test func `knows no instance by a wrong name`() {
        #expect(run(BorderServer(), "uot").0 == 4)
        #expect(run(BorderServer(), "--json", "--sarif").0 == 64)
    }
}
