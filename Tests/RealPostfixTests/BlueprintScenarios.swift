// Scenarios 90 to 96: blueprints on a live system, with Postfix as the judge of what they made.

import Bytes
import Foundation
import TestSupport
import Testing

@Suite(
    // Each starts dozens of daemons: side by side they would wait for each other.
    .serialized,
    .enabled(
        if: TestedPostfix.obstacle(withPostilion: true) == nil,
        "\(TestedPostfix.obstacle(withPostilion: true) ?? "")"))
struct BlueprintScenarios {
    private static let border: ByteString = """
        cat >/tmp/mail.toml <<'END'
        [[instance]]
        name = "-"
        role = "null-client"
        relay = "[192.0.2.1]:9"
        [[instance]]
        name = "postfix-out"
        group = "mta"
        role = "output"
        hostname = "out.example.com"
        relay = "[192.0.2.1]:9"
        relay_domains = ["example.com"]
        [[instance]]
        name = "postfix-in"
        group = "mta"
        role = "input"
        listen = ["127.0.0.1:2525"]
        hostname = "mx.example.com"
        filter = "127.0.0.1:10026"
        relay_domains = ["example.com"]
        [instance.tables.virtual]
        use = "virtual_alias_maps"
        entries = { "info@example.com" = "user@example.com" }
        END

        """

    private static let clean: ByteString = """
        postilion stop
        for directory in /etc/postfix /etc/postfix-*; do
            postsuper -c $directory -d ALL
        done
        rm -f /etc/postfix-*/virtual /etc/postfix-*/virtual.db

        """

    @Test func `90 apply makes a running mail server, and a second one changes nothing`()
        async throws
    {
        try await Scenario.play("90") { scenario in
            try await scenario.expect(Self.border + "postilion plan /tmp/mail.toml", status: 2)
            try await scenario.expect("postilion apply /tmp/mail.toml")
            #expect(
                try await scenario.running() == ["-", "postfix-out", "postfix-in"])
            // Postfix's own programs read what was meant.
            let read = try await scenario.expect(
                """
                postconf -c /etc/postfix-in -h smtp_send_xforward_command default_transport
                postmap -c /etc/postfix-in -q info@example.com hash:/etc/postfix-in/virtual
                postfix -c /etc/postfix-in check 2>&1 | grep -v 'not owned' || true
                """)
            #expect(
                read.lines == ["yes", "smtp:[127.0.0.1]:10026", "user@example.com"],
                "\(read.output)")
            let before = try await scenario.expect(
                "find /etc/postfix* -printf '%p %i %T@ %s\\n' | sort")
            let again = try await scenario.expect("postilion apply /tmp/mail.toml")
            #expect(again.output.text.hasPrefix("nothing to do"))
            let after = try await scenario.expect(
                "find /etc/postfix* -printf '%p %i %T@ %s\\n' | sort")
            #expect(before.output == after.output)
            // A message takes the way that the blueprint says.
            try await scenario.expect(
                """
                smtp-source -f a@example.org -t info@example.com 127.0.0.1:2525
                """)
            try await scenario.expectSoon(
                "postqueue -c /etc/postfix-out -j | grep '\"address\": \"user@example.com\"'")
            try await scenario.expect(Self.clean)
        }
    }

    @Test func `91 changes of a live system ask for no more than they need`() async throws {
        try await Scenario.play("91") { scenario in
            try await scenario.expect(Self.border + "postilion apply /tmp/mail.toml")
            func next(_ edit: ByteString) async throws -> ByteString {
                let answer = try await scenario.expect(
                    """
                    \(edit)
                    postilion plan /tmp/mail.toml --json |
                        sed 's/.*"instances"//; s/},/&\\n/g' |
                        sed -n 's/.*"instance":"\\([^"]*\\)".*"next":"\\([^"]*\\)".*/\\1 \\2/p' |
                        grep -v nothing || true
                    """)
                try await scenario.expect("postilion apply /tmp/mail.toml")
                try await scenario.expect("postilion plan /tmp/mail.toml")
                return answer.output
            }
            #expect(
                try await next("sed -i 's/user@example.com/other@example.com/' /tmp/mail.toml")
                    == "postfix-in postmap\n")
            #expect(
                try await next("sed -i 's/mx.example.com/mx2.example.com/' /tmp/mail.toml")
                    == "postfix-in reload\n")
            #expect(
                try await next("sed -i 's/127.0.0.1:2525/127.0.0.2:2525/' /tmp/mail.toml")
                    == "postfix-in reload\n")
            try await scenario.expectSoon("ss -ltn | grep 127.0.0.2:2525")
            #expect(
                try await next("postfix -c /etc/postfix-out stop") == "postfix-out start\n")
            #expect(
                try await next("sed -i '/postfix-out/a enabled = false' /tmp/mail.toml; true")
                    == "")
            try await scenario.expect(Self.clean)
        }
    }

    @Test func `92 an export of a live system plans to nothing`() async throws {
        try await Scenario.play("92") { scenario in
            try await scenario.expect(
                """
                postilion export >/tmp/alone.toml
                postilion plan /tmp/alone.toml --no-start
                """)
            try await scenario.expect(Self.border + "postilion apply /tmp/mail.toml")
            try await scenario.expect(
                """
                postconf -c /etc/postfix-in -Me 'submission/inet=submission inet n - n - - smtpd
                    -o smtpd_tls_security_level=encrypt -o { smtpd_client_restrictions = a, b }'
                postconf -c /etc/postfix-out -e 'smtpd_banner = "quoted" \\backslash'
                postilion export >/tmp/all.toml
                postilion plan /tmp/all.toml
                """)
            try await scenario.expect(Self.clean)
        }
    }

    @Test func `93 what Postfix refuses is not put in place`() async throws {
        try await Scenario.play("93") { scenario in
            try await scenario.expect(
                Self.border
                    + """
                    printf '[instance.settings]\\ninet_protocols = "ipv5"\\n' >>/tmp/mail.toml
                    """)
            let before = try await scenario.expect(
                "find /etc /var/spool -printf '%p %T@\\n' | sort")
            let refused = try await scenario.expect("postilion apply /tmp/mail.toml", status: 1)
            #expect(refused.errors.text.contains("nothing was changed"), "\(refused.errors)")
            let after = try await scenario.expect("find /etc /var/spool -printf '%p %T@\\n' | sort")
            #expect(before.output == after.output)
            try await scenario.expect("! test -e /var/lib/postilion/scratch")
        }
    }

    @Test func `94 a pool of instances is made, started and listens`() async throws {
        try await Scenario.play("94") { scenario in
            try await scenario.expect(
                """
                {
                    printf '[[instance]]\\nname = "postfix-send"\\nrole = "sender"\\n'
                    printf 'hostname = "out{n}.example.com"\\nlisten = ["127.0.0.1:{n+10100}"]\\n'
                    printf 'addresses = ["127.0.1.1"'
                    for n in $(seq 2 12); do printf ', "127.0.1.%d"' "$n"; done
                    printf ']\\n'
                } >/tmp/pool.toml
                for n in $(seq 12); do ip address add 127.0.1.$n/32 dev lo; done
                """)
            try await scenario.expect("postilion apply /tmp/pool.toml")
            let answers = try await scenario.expect(
                """
                for n in $(seq 10101 10112); do
                    timeout 9 bash -c "exec 7<>/dev/tcp/127.0.0.1/$n; head -n 1 <&7" </dev/null |
                        tr -d '\\r'
                done
                """)
            #expect(answers.lines.count == 12)
            #expect(answers.lines.allSatisfy { $0.hasPrefix("220 out") })
            try await scenario.expect(Self.clean)
        }
    }

    @Test func `96 an apply whose instances do not start is taken back, and undo takes all back`()
        async throws
    {
        try await Scenario.play("96") { scenario in
            let files: ByteString =
                "find /etc/postfix* /var/spool /var/lib -path '*/postilion/*' -prune "
                + "-o -type f -name '*.cf' -printf '%p ' -exec md5sum {} \\; | sort"
            let fresh = try await scenario.expect(files)
            // An address that the host does not have is refused; a port that has no name is
            // found out when the instance starts.
            try await scenario.expect(
                Self.border
                    + """
                    sed s/127.0.0.1:2525/192.0.2.77:2525/ /tmp/mail.toml >/tmp/absent.toml
                    cp /tmp/mail.toml /tmp/bad.toml
                    printf '[instance.services."nosuchport/inet"]\\ncommand = "smtpd"\\n' \\
                        >>/tmp/bad.toml
                    """)
            let refused = try await scenario.expect("postilion apply /tmp/absent.toml", status: 1)
            #expect(refused.errors.text.contains("/tmp/absent.toml:16:"), "\(refused.errors)")
            let failed = try await scenario.expect(
                "postilion apply /tmp/bad.toml --timeout 5", status: 1)
            #expect(failed.errors.text.contains("all files are as before"), "\(failed.errors)")
            #expect(try await scenario.expect(files).output == fresh.output)
            #expect(try await scenario.running() == [])

            // The same, done and then taken back by a person; a table of the past counts again.
            try await scenario.expect("postilion apply /tmp/mail.toml")
            try await scenario.expect(
                """
                sed -i 's/user@example.com/other@example.com/' /tmp/mail.toml
                postilion apply /tmp/mail.toml
                postmap -q info@example.com hash:/etc/postfix-in/virtual | grep other
                postilion undo
                postmap -q info@example.com hash:/etc/postfix-in/virtual | grep user
                """)
            try await scenario.expect("postilion stop && postilion undo --yes")
            #expect(try await scenario.expect(files).output == fresh.output)
        }
    }

    @Test(arguments: [
        "border-mail-server", "fallback-relay", "same-address", "queue-life-times",
        "certificate-per-instance", "own-checks", "in-out-separation", "content-filter",
        "sender-pool",
    ])
    func `95 the examples do in a rehearsal what they say`(name: String) async throws {
        let text = try String(
            contentsOfFile: "\(Package.root)/Documentation/examples/\(name).toml",
            encoding: .utf8)
        try await Scenario.play("95-\(name)") { scenario in
            try await scenario.expect(
                """
                cat >/tmp/mail.toml <<'END'
                \(ByteString(text))
                END
                \(Self.certificates)
                """)
            let before = try await scenario.expect("postilion list")
            let rehearsed = try await scenario.expect("postilion rehearse /tmp/mail.toml")
            #expect(rehearsed.output.text.contains("probes as expected"), "\(rehearsed.output)")
            #expect(!rehearsed.errors.text.contains("apply would refuse"), "\(rehearsed.errors)")
            // The host of the scenario is as it was.
            #expect(try await scenario.expect("postilion list").output == before.output)
            try await scenario.expect("! ls -d /etc/postfix-*")
        }
    }

    /// A certificate with its key for each of the names of the example.
    private static let certificates: ByteString = """
        for name in one two; do
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 \\
                -subj /CN=mx.$name.example -addext subjectAltName=DNS:mx.$name.example \\
                -keyout /tmp/key -out /tmp/certificate 2>/dev/null
            umask 077
            cat /tmp/key /tmp/certificate >/etc/ssl/private/mx.$name.example.pem
        done
        """
}
