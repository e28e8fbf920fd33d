// The commands of blueprints, on a host in memory: plan, apply, drift, export.

import Bytes
import HostAccess
import TestSupport
import Testing

@Suite struct `The commands of blueprints` {
    private let border: ByteString = """
        [[instance]]
        name = "-"
        role = "null-client"
        relay = "[mailhub.example.com]"

        [[instance]]
        name = "postfix-out"
        group = "mta"
        role = "output"
        hostname = "out.example.com"
        relay_domains = ["example.com"]

        [[instance]]
        name = "postfix-in"
        group = "mta"
        role = "input"
        hostname = "mx.example.com"
        listen = ["127.0.0.1:2525"]
        filter = "127.0.0.1:10026"
        relay_domains = ["example.com"]
        [instance.tables.checks]
        type = "regexp"
        use = "header_checks"
        text = "/^Subject: lottery/ REJECT"

        """

    private func host(_ blueprint: ByteString) -> InMemoryHost {
        let host = InMemoryHost.forBlueprints()
        host.files.addFile("/srv/mail.toml", blueprint)
        return host
    }

    /// What matters of the files: nothing of caches and locks.
    private func state(_ host: InMemoryHost) -> [ByteString: ByteString] {
        var state: [ByteString: ByteString] = [:]
        for path in host.files.objects.keys where path.hasPrefix("/etc/") {
            state[path] = host.files.contents(of: path) ?? ""
        }
        return state
    }

    @Test func `plan shows what would be done and does nothing`() {
        let host = host(border)
        let before = state(host)
        let answer = host.postilion("plan", "/srv/mail.toml", "--no-start")
        #expect(answer.status == 2, "\(answer.errors)")
        #expect(answer.output.text.contains("2 to create, 1 to change, 0 to remove"))
        #expect(answer.output.text.contains("+# blueprint: only this host speaks to it"))
        #expect(state(host) == before)
    }

    @Test func `a plan after apply is empty, and applying twice changes nothing`() {
        let host = host(border)
        let first = host.postilion("apply", "/srv/mail.toml", "--no-start")
        #expect(first.status == 0, "\(first.errors)")
        #expect(
            first.output == "done: blueprint: create postfix-out, postfix-in, change -\n")
        let after = state(host)
        let plan = host.postilion("plan", "/srv/mail.toml", "--no-start")
        #expect(plan.status == 0 && plan.output.text.hasPrefix("nothing to do"), "\(plan)")
        #expect(host.postilion("apply", "/srv/mail.toml", "--no-start").status == 0)
        #expect(state(host) == after)
        #expect(host.postilion("drift", "--no-start").status == 0)
    }

    @Test func `an exported blueprint plans to nothing`() {
        let host = host(border)
        #expect(host.postilion("apply", "/srv/mail.toml", "--no-start").status == 0)
        let exported = host.postilion("export")
        #expect(exported.status == 0)
        host.files.addFile("/srv/again.toml", exported.output)
        let plan = host.postilion("plan", "/srv/again.toml", "--no-start")
        #expect(plan.status == 0, "\(plan)")
    }

    @Test func `hand-written lines stay, whatever the blueprint owns`() {
        let host = host(border)
        let own: ByteString = """
            # My own comment.
            mydestination = example.net
            # Another one, of many lines,
            smtpd_banner = hello

            """
        host.files.addFile(
            "/etc/postfix/main.cf", (host.files.contents(of: "/etc/postfix/main.cf") ?? "") + own)
        #expect(host.postilion("apply", "/srv/mail.toml", "--no-start").status == 0)
        let text = host.files.contents(of: "/etc/postfix/main.cf")?.text ?? ""
        #expect(text.contains("# My own comment.\n# blueprint: no mailboxes here"))
        #expect(text.contains("mydestination = \n# Another one, of many lines,\n"))
        #expect(text.contains("smtpd_banner = hello\n"))
    }

    @Test func `what leaves the blueprint leaves the files, and a table with it`() {
        let host = host(border)
        #expect(host.postilion("apply", "/srv/mail.toml", "--no-start").status == 0)
        #expect(host.files.contents(of: "/etc/postfix-in/checks") != nil)
        let smaller = ByteString(
            border.text.split(separator: "[instance.tables").first.map(String.init) ?? "")
        host.files.addFile("/srv/mail.toml", smaller)
        #expect(host.postilion("apply", "/srv/mail.toml", "--no-start").status == 0)
        #expect(host.files.contents(of: "/etc/postfix-in/checks") == nil)
        let main = host.files.contents(of: "/etc/postfix-in/main.cf")?.text ?? ""
        #expect(!main.contains("header_checks"))
    }

    @Test func `drift names what was wanted and what was found`() {
        let host = host(border)
        #expect(host.postilion("drift").status == 1)
        #expect(host.postilion("apply", "/srv/mail.toml", "--no-start").status == 0)
        let path: ByteString = "/etc/postfix-in/main.cf"
        let main = host.files.contents(of: path)?.text ?? ""
        host.files.addFile(
            path,
            ByteString(main.split(separator: "mx.example.com").joined(separator: "x.example.com")))
        let drift = host.postilion("drift", "--no-start", "--json")
        #expect(drift.status == 2)
        #expect(
            drift.output == """
                {"instance":"postfix-in","what":"myhostname","wanted":"mx.example.com",\
                "found":"x.example.com"}

                """)
    }

    @Test func `apply refuses a saved plan when the host has changed since`() {
        let host = host(border)
        #expect(
            host.postilion("plan", "/srv/mail.toml", "--no-start", "--out", "/srv/a.plan").status
                == 2)
        #expect(host.postilion("create", "other").status == 0)
        let before = state(host)
        let answer = host.postilion("apply", "/srv/a.plan")
        #expect(answer.status == 1)
        #expect(answer.errors.text.contains("has changed since the plan was made"))
        #expect(state(host) == before)
    }

    @Test func `apply carries out a saved plan of this host`() {
        let host = host(border)
        #expect(
            host.postilion("plan", "/srv/mail.toml", "--no-start", "--out", "/srv/a.plan").status
                == 2)
        let answer = host.postilion("apply", "/srv/a.plan")
        #expect(answer.status == 0, "\(answer.errors)")
        #expect(host.postilion("plan", "/srv/mail.toml", "--no-start").status == 0)
    }

    @Test func `the blueprint's order is the start order, others keep their places`() {
        let host = host(border)
        #expect(host.postilion("create", "in", "x", "out").status == 0)
        #expect(host.postilion("apply", "/srv/mail.toml", "--no-start").status == 0)
        let names = host.postilion("list").output.text.split(separator: "\n").dropFirst()
            .map { $0.prefix { $0 != " " } }
        #expect(names == ["-", "postfix-out", "postfix-x", "postfix-in"])
    }

    @Test func `purge removes what is not named, once that is confirmed`() {
        let host = host("purge = true\n" + border)
        #expect(host.postilion("create", "x").status == 0)
        #expect(host.postilion("apply", "/srv/mail.toml", "--no-start").status == 64)
        let answer = host.postilion("apply", "/srv/mail.toml", "--no-start", "--yes")
        #expect(answer.status == 0, "\(answer.errors)")
        #expect(host.files.contents(of: "/etc/postfix-x/main.cf") == nil)
        #expect(!host.postilion("list").output.text.contains("postfix-x"))
    }

    @Test func `what doctor finds in the planned system is refused with its line`() {
        let text = border.text.split(separator: "filter = \"127.0.0.1:10026\"")
            .joined(separator: "relay = \"[127.0.0.1]:9\"")
        let host = host(ByteString(text))
        let before = state(host)
        let answer = host.postilion("apply", "/srv/mail.toml", "--no-start")
        #expect(answer.status == 1)
        #expect(answer.errors.text.contains("/srv/mail.toml:19:"), "\(answer.errors)")
        #expect(answer.errors.text.contains("[next-hop-dead]"))
        #expect(state(host) == before)
    }

    @Test(arguments: [
        ("tls_certificate = \"/etc/ssl/private/none.pem\"", "tls-certificate"),
        ("settings = { transport_maps = \"hash:/etc/postfix-in/none\" }", "table-missing"),
        ("address = \"192.0.2.77\"", "bind-address-absent"),
        ("settings = { myhostnam = \"x\" }", "parameter-unknown"),
        ("settings = { smtpd_banner = \"${myhostname\" }", "expansion-broken"),
    ])
    func `what is wrong is refused before anything changes, with its line`(
        key: String, check: String
    ) {
        let text = border.text.split(separator: "filter = \"127.0.0.1:10026\"")
            .joined(separator: key)
        let host = host(ByteString(text))
        let before = state(host)
        let answer = host.postilion("apply", "/srv/mail.toml", "--no-start")
        #expect(answer.status == 1)
        #expect(
            answer.errors.text.split(separator: "\n").contains {
                $0.hasPrefix("postilion: refused: /srv/mail.toml:19:") && $0.contains("[\(check)]")
            }, "\(answer.errors)")
        #expect(state(host) == before)
    }

    @Test func `a circle of instances is refused`() {
        let name = "hostname = \"out.example.com\"\n"
        let back = "smtp:[127.0.0.1]:2525"
        let text = border.text.split(separator: name).joined(
            separator: name
                + "settings = { default_transport = \"\(back)\", relay_transport = \"\(back)\" }\n")
        let answer = host(ByteString(text)).postilion("apply", "/srv/mail.toml", "--no-start")
        #expect(answer.status == 1)
        #expect(answer.errors.text.contains("[flow-cycle]"), "\(answer.errors)")
    }

    @Test func `listeners that overlap are refused with both lines`() {
        let text = border.text.split(separator: "127.0.0.1:2525").joined(
            separator: "127.0.0.1:10026")
        let answer = host(ByteString(text)).postilion("plan", "/srv/mail.toml", "--no-start")
        #expect(answer.status == 78)
        #expect(
            answer.errors.text.contains(
                "/srv/mail.toml:18: postfix-in: listen: 127.0.0.1:10026 of postfix-in is taken"),
            "\(answer.errors)")
    }

    @Test func `what Postfix refuses on a copy changes nothing`() {
        let host = host(border)
        host.processes.answer("/usr/sbin/postfix", status: .exited(1))
        let before = state(host)
        let answer = host.postilion("apply", "/srv/mail.toml", "--no-start")
        #expect(answer.status == 1)
        #expect(answer.errors.text.contains("refuses the planned files"))
        #expect(state(host) == before)
        #expect(!host.files.objects.keys.contains { $0.text.contains("scratch") })
    }
}
