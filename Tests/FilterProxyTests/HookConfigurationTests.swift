// What the hooks of a configuration come to, and which make no sense.

import TestSupport
import Testing

@testable import FilterProxy

@Suite struct `The hooks of a configuration` {
    private func hooks(_ text: String) throws -> [HookConfiguration] {
        try readConfiguration(bothAddresses + text).hooks
    }

    @Test func `come in their order with their limits`() throws {
        let hooks = try hooks(
            """
            [[hook]]
            type = "clamd"
            address = "127.0.0.1:3310"
            action = "hold"
            timeout = "2m"
            size_limit = "25MB"
            concurrency = 3
            on_failure = "pass"
            [[hook]]
            type = "command"
            name = "mine"
            command = ["/bin/true", "-a b"]
            line_ends = "lf"
            output_limit = "1KiB"
            exit_codes = { reject = 1, hold = [2, 3] }
            """)
        var clamd = ClamdSettings()
        clamd.address = .host("127.0.0.1", port: 3310)
        clamd.action = .hold
        var first = HookConfiguration(name: "clamd", kind: .clamd(clamd))
        first.limits.timeoutSeconds = 120
        first.limits.sizeBytes = 25_000_000
        first.limits.concurrency = 3
        first.limits.onFailure = .pass
        var command = CommandSettings(command: ["/bin/true", "-a b"])
        command.lineEnds = .lf
        command.outputBytes = 1024
        command.exitCodes.reject = [1]
        command.exitCodes.hold = [2, 3]
        #expect(hooks == [first, HookConfiguration(name: "mine", kind: .command(command))])
    }

    @Test func `have what their types have`() throws {
        let hooks = try hooks(
            """
            [[hook]]
            type = "spamd"
            address = "unix:/run/spamd.sock"
            user = "mail"
            hold_score = 5
            reject_score = 10.5
            discard_score = 20
            tag = false
            [[hook]]
            type = "rspamd"
            address = "[::1]:11333"
            password = "secret"
            action = "hold"
            tag = false
            [[hook]]
            type = "header"
            trace = true
            add = ["X-Filtered: ${queue_id} by us"]
            remove = ["X-Mailer"]
            """)
        var spamd = SpamdSettings()
        spamd.address = .path("/run/spamd.sock")
        spamd.user = "mail"
        (spamd.holdScore, spamd.rejectScore, spamd.discardScore) = (5, 10.5, 20)
        spamd.tags = false
        var rspamd = RspamdSettings()
        rspamd.address = .host("::1", port: 11_333)
        rspamd.password = "secret"
        rspamd.action = .hold
        rspamd.tags = false
        var header = HeaderSettings()
        header.add = [.trace, try FieldTemplate(name: "X-Filtered", value: "${queue_id} by us")]
        header.remove = ["X-Mailer"]
        #expect(hooks.map(\.kind) == [.spamd(spamd), .rspamd(rspamd), .header(header)])
    }

    @Test(arguments: [
        ("name = \"x\"", "3: hook.type: missing; the table begins here; add type = \"clamd\""),
        (
            "type = \"virus\"",
            "4: hook.type: \"virus\" is unknown; write one of "
                + "\"header\", \"command\", \"clamd\", \"spamd\", \"rspamd\""
        ),
        (
            "type = \"header\"",
            "3: hook.add: missing; the table begins here; add add = [\"X-Filtered: ${queue_id}\"]"
        ),
        (
            "type = \"header\"\nadd = \"X Y: z\"",
            "5: hook.add: \"X Y\" does not begin with the name of a header field; "
                + "write \"Name: value\""
        ),
        (
            "type = \"header\"\nadd = \"X-Y: ${time}\"",
            "5: hook.add: ${time} is unknown; use one of ${queue_id}, ${sender}, ${helo}, ${date}, "
                + "${client_address}, ${client_name}, ${host_name}, ${protocol}"
        ),
        (
            "type = \"header\"\nadd = [\n\"X-Y: ${date\"]",
            "6: hook.add: ${ has no }; close it, as in ${queue_id}"
        ),
        (
            "type = \"header\"\nadd = \"X-Y: a\\r\\nX-Z: b\"",
            "5: hook.add: has a control character, such as a line end; take it out"
        ),
        (
            "type = \"header\"\nadd = \"X-Y: caf\u{E9}\"",
            "5: hook.add: has characters that are not ASCII; "
                + "write them as RFC 2047 has it, such as =?utf-8?q?caf=C3=A9?="
        ),
        (
            "type = \"header\"\nremove = \"X-Y:\"",
            "5: hook.remove: \"X-Y:\" is no name of a header field; "
                + "write the name alone, such as \"X-Mailer\""
        ),
        (
            "type = \"command\"",
            "3: hook.command: missing; the table begins here; "
                + "add command = [\"/usr/local/libexec/my-filter\"]"
        ),
        (
            "type = \"command\"\ncommand = \"grep -q spam\"",
            "5: hook.command: \"grep -q spam\" is relative, and no shell looks for it; "
                + "write a path that begins with /, each argument as a string of its own"
        ),
        (
            "type = \"command\"\ncommand = \"/bin/true\"\nexit_codes.hold = 65",
            "6: hook.exit_codes.hold: exit code 65 means reject, too; let each code mean one thing"
        ),
        (
            "type = \"clamd\"\naddress = \"/run/clamd.ctl\"",
            "5: hook.address: \"/run/clamd.ctl\" is no address; "
                + "write \"127.0.0.1:10025\", \"[::1]:10025\" or \"unix:/path\""
        ),
        (
            "type = \"clamd\"\naction = \"tempfail\"",
            "5: hook.action: \"tempfail\" is unknown; "
                + "write one of \"reject\", \"hold\", \"discard\", \"tag\""
        ),
        (
            "type = \"rspamd\"\naction = \"tag\"\ntag = false",
            "6: hook.tag: false does not go with action = \"tag\"; change one of them"
        ),
        (
            "type = \"clamd\"\ntimout = 5",
            "5: hook.timout: unknown key; did you mean timeout?"
        ),
        (
            "type = \"clamd\"\n[[hook]]\ntype = \"clamd\"",
            "5: hook.name: another hook is called \"clamd\" too; give each a name of its own"
        ),
    ])
    func `are refused where they make no sense`(text: String, fault: String) {
        #expect(faults(bothAddresses + "[[hook]]\n" + text) == [fault])
    }

    @Test func `run only programs that are there`() throws {
        let files = InMemoryFileSystem()
        #expect(throws: ConfigurationFault.self) {
            _ = try ConfigurationReader.read(
                file: "f",
                text: bothAddresses + "[[hook]]\ntype = \"command\"\ncommand = \"/opt/none\"",
                files: files)
        }
    }

    @Test func `take out of messages what only they may say`() throws {
        let configuration = try readConfiguration(
            bothAddresses + """
                [[hook]]
                type = "header"
                remove = ["X-A", "x-postilion-hold"]
                [[hook]]
                type = "clamd"
                """)
        #expect(configuration.removedFields == ["X-A", "x-postilion-hold", "X-Virus-Status"])
    }
}
