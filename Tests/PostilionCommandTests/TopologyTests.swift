// The command topology in each of its languages.

import Bytes
import HostAccess
import TestSupport
import Testing

@Suite struct `The command topology` {
    private func host() -> InMemoryHost {
        let host = hostWithPostfix()
        host.addInstance("postfix-in", extra: "default_transport = smtp:[127.0.0.1]:10026\n")
        host.addInstance("postfix-out", extra: "relayhost = [hub.<example>.com]\n")
        host.register(["/etc/postfix-in", "/etc/postfix-out", "/etc/postfix-gone"])
        let transports: ByteString = "smtp unix - - n - - smtp\n"
        host.files.addFile("/etc/postfix/master.cf", transports)
        host.files.addFile("/etc/postfix-in/master.cf", transports)
        host.files.addFile(
            "/etc/postfix-out/master.cf", transports + "127.0.0.1:10026 inet n - n - - smtpd\n")
        return host
    }

    @Test func `draws a tree from those that nobody sends to`() {
        let answer = host().postilion("topology")
        // A broken instance is drawn, and told by the exit status.
        #expect(answer.status == 1)
        #expect(
            answer.output == """
                -
                postfix-in (disabled)
                └─ default_transport → postfix-out (disabled)
                   │  smtpd on 127.0.0.1:10026
                   └─ relayhost → [hub.<example>.com]
                /etc/postfix-gone (broken)
                   open /etc/postfix-gone/main.cf: No such file or directory

                """)
    }

    private func hostWithFilter(_ configuration: ByteString) -> InMemoryHost {
        let host = host()
        host.register(["/etc/postfix-in", "/etc/postfix-out"])
        host.files.addFile(
            "/etc/postfix-in/main.cf",
            host.files.contents(of: "/etc/postfix-in/main.cf").map {
                $0 + "default_transport = smtp:[127.0.0.1]:10025\n"
            } ?? "")
        host.files.addFile("/etc/postilion/filter.toml", configuration)
        return host
    }

    @Test func `knows the content filter by its configuration`() {
        let answer = hostWithFilter(
            "listen = [\"127.0.0.1:10025\"]\nnext_hop = \"127.0.0.1:10026\"\n"
        ).postilion("topology")
        #expect(answer.status == 0)
        #expect(
            answer.output == """
                -
                postfix-in (disabled)
                └─ default_transport → postilion-filter (nothing listens there)
                   │  on 127.0.0.1:10025
                   └─ next_hop → postfix-out (disabled)
                      │  smtpd on 127.0.0.1:10026
                      └─ relayhost → [hub.<example>.com]

                """)
    }

    @Test(arguments: [
        ("listen = \n", "/etc/postilion/filter.toml:1: "),
        (
            "listen = \"127.0.0.1:10025\"\n",
            "/etc/postilion/filter.toml: it does not say listen and next_hop; "
        ),
    ])
    func `shows a broken configuration of the filter, and guesses`(text: String, reason: String) {
        let answer = hostWithFilter(ByteString(text)).postilion("topology")
        #expect(answer.status == 1)
        #expect(answer.output.text.contains("\n/etc/postilion/filter.toml (broken)\n   \(reason)"))
        #expect(answer.output.text.contains("re-injection? → postfix-out"))
    }

    @Test func `speaks the languages of graph programs`() {
        let dot = host().postilion("topology", "--format", "dot").output.text
        #expect(dot.hasPrefix("digraph mail {\n") && dot.hasSuffix("}\n"))
        #expect(dot.contains("  n1 -> n2 [label=\"default_transport\"];\n"))
        let mermaid = host().postilion("topology", "--format", "mermaid").output.text
        #expect(mermaid.hasPrefix("flowchart LR\n"))
        #expect(mermaid.contains("  n4([\"[hub.#lt;example#gt;.com]\"])\n"))
        #expect(mermaid.contains("  n1 -->|\"default_transport\"| n2\n"))
    }

    @Test func `is one object in JSON`() {
        let json = host().postilion("topology", "--json").output
        let start: ByteString = """
            {"nodes":[{"id":0,"kind":"instance","title":"-","details":[]},\
            {"id":1,"kind":"disabled","title":"postfix-in","details":[]},
            """
        #expect(json.hasPrefix(start))
        #expect(
            json.text.contains(
                #"{"source":1,"target":2,"label":"default_transport","assumed":false}"#))
        #expect(json == host().postilion("topology", "--format", "json").output)
    }

    @Test func `is a picture that is well-formed and needs nothing else`() throws {
        let svg = host().postilion("topology", "--format", "svg").output
        let check = ChildProcess(
            "/usr/bin/python3",
            ["-c", "import sys,xml.dom.minidom as m; m.parseString(sys.stdin.buffer.read())"],
            input: svg)
        #expect(try check.run().succeeded)
        #expect(svg.text.contains(">[hub.&lt;example&gt;.com]</text>"))
        #expect(!svg.text.contains("<script") && !svg.text.contains("href"))
    }
}
