// The output of option -l.

import Bytes
import HostAccess
import TestSupport
import Testing

@Suite struct `A listing` {
    private func output(
        _ arguments: ByteString..., prepare: (InMemoryHost) -> Void
    ) -> ByteString {
        let host = hostWithPostfix()
        prepare(host)
        #expect(host.postmulti(arguments) == 0)
        #expect(host.output.errors == "")
        return host.output.output
    }

    private func example(_ host: InMemoryHost) {
        host.addInstance(
            "postfix-out", extra: "multi_instance_group = mta\nmulti_instance_enable = yes\n")
        host.addInstance("postfix-in", extra: "multi_instance_group = mta\n")
        host.register(["/etc/postfix-out", "/etc/postfix-in"])
    }

    @Test func `has aligned columns`() {
        #expect(
            output("-l", prepare: example) == """
                -               -               y         /etc/postfix
                postfix-out     mta             y         /etc/postfix-out
                postfix-in      mta             n         /etc/postfix-in

                """)
    }

    @Test func `may be reversed and selected`() {
        let reversed = output("-lR", "-g", "mta", prepare: example)
        #expect(
            reversed == """
                postfix-in      mta             n         /etc/postfix-in
                postfix-out     mta             y         /etc/postfix-out

                """)
        #expect(output("-l", "-i", "nobody", prepare: example) == "")
        #expect(output("-l", "-g", "nobody", prepare: example) == "")
        #expect(
            output("-l", "-i", "-", prepare: example)
                == "-               -               y         /etc/postfix\n")
        #expect(output("-l", "-a", prepare: example) == output("-l", prepare: example))
    }

    @Test func `shows a lone primary as enabled`() {
        let line: ByteString = "-               -               y         /etc/postfix\n"
        #expect(output("-l") { $0.appendToPrimary("multi_instance_enable = no") } == line)
    }

    @Test func `never cuts a name`() {
        let name: ByteString = "postfix-" + ByteString([UInt8](repeating: 0x78, count: 92))
        let text = output("-l", "-i", name) { host in
            host.addInstance(name, extra: "multi_instance_group = \(name)\n")
            host.register(["/etc/\(name)"])
        }
        #expect(text == "\(name) \(name) n         /etc/\(name)\n")
        #expect(name.count == 100)
    }

    @Test func `counts the columns' width in bytes, as printf does`() {
        let text = output("-l", "-i", "/etc/x") { host in
            host.addInstance("x", extra: "multi_instance_name = ää\n")
            host.register(["/etc/x"])
        }
        #expect(text == "ää            -               n         /etc/x\n")
    }

    @Test func `in JSON has an object a line`() {
        #expect(
            output("-lj", prepare: example) == """
                {"name": "-","group": "-","enabled": "y","config_directory": "/etc/postfix"}
                {"name": "postfix-out","group": "mta","enabled": "y",\
                "config_directory": "/etc/postfix-out"}
                {"name": "postfix-in","group": "mta","enabled": "n",\
                "config_directory": "/etc/postfix-in"}

                """)
    }

    @Test(
        arguments: [
            ("a\"b", "a\\\"b"), ("a\\b", "a\\\\b"), ("a\tb", "a\\tb"), ("a\u{8}b", "a\\bb"),
            ("a\u{C}b", "a\\fb"), ("a\rb", "a\\rb"), ("a\u{1}b", "a\\u0001b"),
            ("a\u{1F}b", "a\\u001Fb"), ("a\u{7F}b", "a\\u007Fb"), ("a/b", "a/b"), ("ä", "ä"),
        ] as [(ByteString, ByteString)])
    func `in JSON escapes what must be`(group: ByteString, escaped: ByteString) {
        let text = output("-lj", "-i", "/etc/x") { host in
            host.addInstance("x", extra: "multi_instance_group = \(group)\n")
            host.register(["/etc/x"])
        }
        let words: ByteString =
            "{\"name\": \"x\",\"group\": \"\(escaped)\",\"enabled\": \"n\","
            + "\"config_directory\": \"/etc/x\"}\n"
        #expect(text == words)
    }

    @Test func `in JSON is always UTF-8`() {
        let text = output("-lj", "-i", "/etc/x") { host in
            host.addInstance(
                "x", extra: "multi_instance_group = " + ByteString([0x61, 0xFC]) + "\n")
            host.register(["/etc/x"])
        }
        #expect(String(validating: text.bytes, as: UTF8.self) != nil)
        #expect(text.text.contains("\"group\": \"a\u{FFFD}\""))
    }

    @Test func `that cannot be written fails`() {
        let host = hostWithPostfix()
        host.output.outputFault = .noSpace
        #expect(
            complaint(["-l"], on: host) == "error writing output: No space left on device")
    }

    @Test func `serves the sound ones beside a broken one`() {
        let host = hostWithPostfix()
        example(host)
        host.files.remove("/etc/postfix-in/main.cf")
        #expect(host.postmulti("-l") == 1)
        #expect(
            host.output.output == """
                -               -               y         /etc/postfix
                postfix-out     mta             y         /etc/postfix-out

                """)
        #expect(
            host.output.errors == """
                postmulti: error: instance /etc/postfix-in: open /etc/postfix-in/main.cf: \
                No such file or directory

                """)
    }

    @Test(
        arguments: [("out", 0), ("-", 0), ("in", 1), ("/etc/postfix-in", 1)]
            as [(ByteString, Int32)])
    func `of one by name fails only if that one is broken`(name: ByteString, status: Int32) {
        let host = hostWithPostfix()
        example(host)
        host.files.remove("/etc/postfix-in/main.cf")
        #expect(host.postmulti("-l", "-i", name) == status)
    }
}
