// What blueprints say, and how what is wrong with them is told.

import Blueprint
import Bytes
import Instances
import PostfixFormats
import TOMLReading
import Testing

/// Reads a blueprint in TOML.
func read(_ text: String) throws -> Blueprint {
    try Blueprint(TOMLDocument(file: "mail.toml", text: text))
}

/// What is wrong with a blueprint, a line each.
func faults(_ text: String) -> [String] {
    do {
        _ = try read(text)
        return []
    } catch let problems as BlueprintProblems {
        return problems.problems.map(\.description)
    } catch {
        return ["\(error)"]
    }
}

extension DesiredInstance {
    /// The value of a setting.
    func value(_ name: ByteString) -> ByteString? {
        settings.first { $0.name == name }?.value
    }
}

@Suite struct `A blueprint` {
    @Test func `says the settings of a role, each with its reason`() throws {
        let blueprint = try read(
            """
            [[instance]]
            name = "postfix-out"
            role = "output"
            """)
        let instance = try #require(blueprint.instances.first)
        #expect(instance.value("smtpd_authorized_xforward_hosts") == "$mynetworks")
        #expect(instance.value("inet_interfaces") == "loopback-only")
        #expect(instance.services.map(\.name) == ["127.0.0.1:10026"])
        #expect(instance.absentServices == [ServicePattern("smtp", "inet")])
        #expect(instance.settings.allSatisfy { $0.reason != nil })
    }

    @Test func `always follows the operator's own settings`() throws {
        let blueprint = try read(
            """
            [[instance]]
            name = "postfix-out"
            role = "output"
            hostname = "out.example.com"
            [instance.settings]
            smtpd_timeout = "60s"
            myhostname = "other.example.com"
            soft_bounce = true
            message_size_limit = 1024
            mynetworks = ["127.0.0.1", "[::1]"]
            """)
        let instance = try #require(blueprint.instances.first)
        #expect(instance.value("smtpd_timeout") == "60s")
        #expect(instance.value("myhostname") == "other.example.com")
        #expect(instance.value("soft_bounce") == "yes")
        #expect(instance.value("message_size_limit") == "1024")
        #expect(instance.value("mynetworks") == "127.0.0.1, [::1]")
        #expect(Set(instance.settings.map(\.name)).count == instance.settings.count)
        #expect(instance.places.line(of: "smtpd_timeout") == 6)
        #expect(instance.places.line(of: "no_such") == 1)
    }

    @Test func `means one instance for each address of a pool`() throws {
        let blueprint = try read(
            """
            [[instance]]
            name = "postfix-send"
            role = "sender"
            addresses = ["192.0.2.1", "192.0.2.2", "2001:db8::3"]
            hostname = "out{n}.example.com"
            listen = ["127.0.0.1:{n+10100}"]
            [instance.settings]
            smtpd_banner = "{address-} $myhostname ${x?{y}}"
            header_checks = "pcre:/etc/checks-{n}"
            """)
        #expect(
            blueprint.instances.map(\.name)
                == ["postfix-send-1", "postfix-send-2", "postfix-send-3"])
        #expect(
            blueprint.instances.map { $0.value("myhostname") }
                == ["out1.example.com", "out2.example.com", "out3.example.com"])
        #expect(blueprint.instances[1].services.map(\.name) == ["127.0.0.1:10102"])
        #expect(blueprint.instances[1].value("smtp_bind_address") == "192.0.2.2")
        #expect(blueprint.instances[2].value("smtp_bind_address6") == "2001:db8::3")
        // main.cf has braces of its own.
        #expect(
            blueprint.instances[0].value("smtpd_banner") == "{address-} $myhostname ${x?{y}}")
        #expect(blueprint.instances[1].value("header_checks") == "pcre:/etc/checks-2")
    }

    @Test func `is the same in any order of keys`() throws {
        let one = try read(
            """
            [[instance]]
            name = "postfix-out"
            role = "output"
            hostname = "o"
            [instance.settings]
            a_b = "1"
            c_d = "2"
            """)
        let other = try read(
            """
            [[instance]]
            role = "output"
            hostname = "o"
            name = "postfix-out"
            [instance.settings]
            c_d = "2"
            a_b = "1"
            """)
        #expect(one.instances[0].settings == other.instances[0].settings)
        #expect(one.instances[0].services == other.instances[0].services)
    }

    @Test func `is the same in JSON`() throws {
        let toml = try read(
            """
            [[instance]]
            name = "postfix-in"
            role = "input"
            filter = "127.0.0.1:10025"
            settings = { soft_bounce = true, message_size_limit = 9 }
            services = { "a/unix" = { command = "error", process_limit = 3 } }
            [instance.tables.virtual]
            entries = { "a@example.com" = "b" }
            use = "virtual_alias_maps"
            """)
        let json = try Blueprint(
            TOMLDocument(
                file: "mail.toml",
                json: """
                    {"instance": [{"name": "postfix-in", "role": "input",
                     "filter": "127.0.0.1:10025", "enabled": null,
                     "settings": {"soft_bounce": true, "message_size_limit": 9},
                     "services": {"a/unix": {"command": "error", "process_limit": 3}},
                     "tables": {"virtual": {"entries": {"a@example.com": "b"},
                       "use": "virtual_alias_maps"}}}]}
                    """))
        #expect(toml.instances[0].settings == json.instances[0].settings)
        #expect(toml.instances[0].services == json.instances[0].services)
        #expect(toml.instances[0].tables == json.instances[0].tables)
    }

    @Test func `has probes`() throws {
        let blueprint = try read(
            """
            [[instance]]
            name = "-"
            [[probe]]
            from = "a@example.org"
            to = "b@example.com"
            client = "192.0.2.9"
            expect = "rejected"
            reply = "Relay access denied"
            """)
        #expect(blueprint.probes.count == 1)
        #expect(blueprint.probes[0].expectation == .rejected(reply: "Relay access denied"))
    }
}

@Suite struct `A wrong blueprint` {
    @Test(arguments: [
        (
            "name = \"postfix-a\"\nrole = \"outptu\"",
            "3: postfix-a: role: \"outptu\" is unknown; did you mean output?"
        ),
        (
            "name = \"postfix-a\"\nlisen = [\"25\"]",
            "3: postfix-a: lisen: unknown key; did you mean listen?"
        ),
        ("name = \"a\"", "2: instance.name: \"a\" is no name of an instance; write postfix-a"),
        ("role = \"plain\"", "1: instance.name: missing;"),
        (
            "name = \"postfix-a\"\nlisten = [\"127.0.0.1\"]",
            "3: postfix-a: listen: \"127.0.0.1\" is no listener;"
        ),
        (
            "name = \"postfix-a\"\nlisten = [\"::1:25\"]",
            "3: postfix-a: listen: \"::1:25\" is no listener;"
        ),
        (
            "name = \"postfix-a\"\nrole = \"null-client\"",
            "1: postfix-a: relay: the role null-client needs it;"
        ),
        (
            "name = \"postfix-a\"\n[instance.settings]\nqueue_directory = \"/x\"",
            "4: postfix-a: settings.queue_directory: is a key of the instance itself;"
        ),
        (
            "name = \"postfix-a\"\n[instance.services.smtp]\ncommand = \"smtpd\"",
            "3: postfix-a: services.smtp: no service;"
        ),
        (
            "name = \"postfix-a\"\n[instance.tables.\"main.cf\"]\ntext = \"\"",
            "3: postfix-a: tables.main.cf: no name of a file of tables;"
        ),
        (
            "name = \"postfix-a\"\n[instance.tables.virtual]\ntype = \"hash\"",
            "3: postfix-a: tables.virtual: has no content;"
        ),
        (
            "name = \"postfix-a\"\naddresses = [\"192.0.2.1\", \"192.0.2.1\"]",
            "3: postfix-a-1: addresses: \"192.0.2.1\" is there twice;"
        ),
        (
            "name = \"postfix-a\"\ntls_key = \"/k\"",
            "3: postfix-a: tls_key: there is no certificate that it belongs to;"
        ),
        (
            "name = \"postfix-a\"\nqueue_lifetime = \"soon\"",
            "3: postfix-a: queue_lifetime: \"soon\" is no time;"
        ),
        ("name = \"postfix-a\"\nfilter = \"a b\"", "3: postfix-a: filter: \"a b\" is no next hop;"),
        (
            "name = \"postfix-a\"\n[[probe]]\nto = \"x@y\"\nexpect = \"eaten\"",
            "3: probe: 'eaten' cannot be expected;"
        ),
    ])
    func `is told with file, line, key and mend`(text: String, expected: String) {
        let found = faults("[[instance]]\n" + text)
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.hasPrefix("mail.toml:" + expected) ?? false, "\(found)")
    }

    @Test func `tells all that is wrong at once, in the order of lines`() {
        let found = faults(
            """
            purge = "yes"
            [[instance]]
            name = "postfix-a"
            listen = ["127.0.0.1:25"]
            [[instance]]
            name = "postfix-b"
            listen = ["127.0.0.1:25"]
            [[instance]]
            name = "postfix-a"
            [[instance]]
            name = "-"
            """)
        #expect(
            found.map { $0.split(separator: ":")[1] } == ["1", "7", "8", "10"], "\(found)")
        #expect(found[1].contains("is taken by postfix-a, line 4"))
    }

    @Test func `has the line of a fault of JSON`() {
        #expect(throws: TOMLProblem.self) {
            try TOMLDocument(file: "x.json", json: "{\n\"instance\": [}")
        }
    }
}

@Suite struct `Roles` {
    @Test(arguments: Role.all)
    func `give every setting a reason, and set each parameter once`(role: Role) {
        let settings = role.example
        #expect(Set(settings.map(\.name)).count == settings.count)
        #expect(settings.allSatisfy { $0.reason?.isEmpty == false })
        #expect(role.name == "plain" || settings.count > 3)
    }
}
