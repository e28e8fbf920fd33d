// Scenarios 80 to 85: a border mail server in a rehearsal, planned or not, and a probe through it
// as it runs.

import Bytes
import Foundation
import TestSupport
import Testing

@Suite(
    .enabled(
        if: TestedPostfix.obstacle(withPostilion: true, withFilter: true) == nil,
        "\(TestedPostfix.obstacle(withPostilion: true, withFilter: true) ?? "")"))
struct RehearsalScenarios {
    /// The input instance hands all mail to the filter, the filter to the output instance, and that
    /// to the hub, which is nowhere.
    private static let border: ByteString = """
        set -e
        postmulti -e init
        for name in out in; do
            postmulti -e create -I postfix-$name -G mta
            postmulti -e enable -i $name
            postconf -c /etc/postfix-$name -e master_service_disable= mydestination= \\
                alias_maps= local_recipient_maps= mynetworks=127.0.0.0/8 inet_protocols=ipv4 \\
                relay_domains=example.com parent_domain_matches_subdomains= \\
                authorized_submit_users=root smtpd_relay_restrictions= \\
                smtp_bind_address=0.0.0.0 myhostname=$name.example.test
            postconf -c /etc/postfix-$name -F '*/*/chroot=n'
        done
        postconf -c /etc/postfix-in -e inet_interfaces=203.0.113.25 \\
            'default_transport=smtp:[127.0.0.1]:10025' 'relay_transport=$default_transport' \\
            'relay_recipient_maps=inline:{ bob@example.com=here }' \\
            smtp_send_xforward_command=yes header_checks=regexp:/etc/postfix/checks \\
            'smtpd_recipient_restrictions=permit_mynetworks,reject_unauth_destination'
        printf '/^X-Test: (hold|discard)/ $1\\n' >/etc/postfix/checks
        postconf -c /etc/postfix-out -MX smtp/inet
        postconf -c /etc/postfix-out -Me '10026/inet=10026 inet n - n - - smtpd'
        postconf -c /etc/postfix-out -e inet_interfaces=loopback-only \\
            'relay_transport=relay:[mailhub.example.com]' \\
            'smtpd_recipient_restrictions=permit_mynetworks,reject' \\
            'smtpd_authorized_xforward_hosts=$mynetworks'
        postconf -F '*/*/chroot=n'
        mkdir -p /etc/postilion
        printf 'listen = "127.0.0.1:10025"\\nnext_hop = "127.0.0.1:10026"\\n' \\
            >/etc/postilion/filter.toml
        """

    /// Everything in the places that a rehearsal could change, with all its times but that of the
    /// last look.
    private static let state: ByteString = """
        find /etc /var /usr/lib/postfix /run \\
            -printf '%p %y %m %U %G %s %T@ %C@ %i\\n' 2>/dev/null | sort
        """

    /// The lines that only one of two answers has.
    private static func difference(
        _ before: RealHost.Answer, _ after: RealHost.Answer
    ) -> [String] {
        Set(before.lines).symmetricDifference(after.lines).sorted()
    }

    /// The members of a JSON object on each line.
    private static func objects(_ answer: RealHost.Answer) -> [[String: Any]] {
        answer.lines.compactMap { line in
            // What is no object is seen by whoever counts them.
            (try? JSONSerialization.jsonObject(with: Data(line.utf8))) as? [String: Any]
        }
    }

    @Test func `80 the usual probes go through filter and all instances`() async throws {
        try await Scenario.play("80") { scenario in
            try await scenario.expect(Self.border)
            let answer = try await scenario.expect("postilion rehearse --json")
            let objects = Self.objects(answer)
            try #require(objects.count == 4)
            let names = (objects[0]["neighbours"] as? [[String: Any]])?.compactMap {
                $0["is"] as? String
            }
            #expect(names == ["postilion-filter with /etc/postilion/filter.toml"])
            #expect(objects.allSatisfy { $0["ok"] as? Bool == true }, "\(answer.output.text)")
            let journeys = objects[1]["journeys"] as? [[String: Any]]
            let hops = journeys?.first?["hops"] as? [[String: Any]]
            #expect(
                hops?.compactMap { $0["instance"] as? String } == ["postfix-in", "postfix-out"])
            let received = objects[0]["received"] as? [[String: Any]]
            let servers = received?.compactMap { $0["server"] as? String }
            #expect(servers == ["mailhub.example.com", "mx.example.org"])
            // Without the filter's own program somebody stands in for it.
            let text = try await scenario.expect(
                "rm /etc/postilion/filter.toml; postilion rehearse")
            #expect(text.output.text.contains("a stand-in that hands on to postfix-out"))
            #expect(text.lines.last?.hasPrefix("3 of 3 probes as expected") == true)
        }
    }

    /// Options of a probe, and the exit status of the rehearsal.
    private static let expectations: [(options: ByteString, status: Int)] = [
        ("--relayed-to [mailhub.example.com]:25 --client 192.0.2.99 --helo c.test", 0),
        ("--to eve@example.com --to x@example.com --reply '550 5.1.1'", 0),
        ("--reject example.com --expect bounced", 0),
        ("--defer example.com --expect deferred", 0),
        ("--header 'X-Test: hold' --expect held", 0),
        ("--header 'X-Test: discard' --expect discarded", 0),
        ("--relayed-to [other.example.com]", 1),
        ("--client 127.0.0.1 --entry 127.0.0.1:10026 --expect relayed", 0),
        ("--entry 203.0.113.25:26 --expect relayed", 1),
    ]

    @Test func `81 what is expected comes, and what does not is told`() async throws {
        try await Scenario.play("81") { scenario in
            try await scenario.expect(Self.border)
            for (options, status) in Self.expectations {
                let to: ByteString = options.hasPrefix("--to ") ? "" : "--to bob@example.com"
                let answer = try await scenario.expect(
                    "postilion rehearse --from a@example.net \(to) \(options)", status: status)
                #expect(answer.output.text.contains(status == 0 ? "\nok " : "\nWRONG "))
            }
        }
    }

    @Test func `82 the host is not touched, and its mail stays where it is`() async throws {
        try await Scenario.play("82") { scenario in
            try await scenario.expect(Self.border)
            try await scenario.expect(
                """
                set -e
                ip address add 203.0.113.25/32 dev lo
                postconf -c /etc/postfix-out -e defer_transports=relay,smtp
                printf 'Subject: old\\n\\nx\\n' | sendmail -C /etc/postfix-out -i bob@example.com
                postilion start
                """)
            try await scenario.expectSoon(
                "find /var/spool/postfix-out/deferred -type f | grep -q .")
            try await scenario.expect("postconf -c /etc/postfix-out -X defer_transports")
            let before = try await scenario.expect(Self.state)
            let answer = try await scenario.expect("postilion rehearse --json")
            let after = try await scenario.expect(Self.state)
            #expect(Self.difference(before, after) == [])
            #expect(before.lines.contains { $0.contains("/deferred/") && $0.contains(" f ") })
            #expect(!answer.output.text.contains("Subject: old"))
            try await scenario.expect("postilion stop; postsuper -c /etc/postfix-out -d ALL")
        }
    }

    /// Commands that kill one of the processes of a rehearsal.
    private static let kills: [ByteString] = [
        "kill -INT $(pgrep -xo postilion)", "kill -TERM $(pgrep -xo postilion)",
        "kill -KILL $(pgrep -xo postilion)", "kill -KILL $(pgrep -x unshare)",
        "kill -KILL $(pgrep -x -P $(pgrep -x unshare) postilion)",
    ]

    @Test func `83 nothing is left, whoever is killed`() async throws {
        try await Scenario.play("83") { scenario in
            try await scenario.expect(Self.border)
            // The probe waits for the reply to its recipient.
            try await scenario.expect(
                "postconf -c /etc/postfix-in 'smtpd_recipient_restrictions=sleep 60,reject'")
            let before = try await scenario.expect(Self.state)
            let mounts = try await scenario.expect("cat /proc/self/mountinfo")
            for kill in Self.kills {
                try await scenario.expect(
                    """
                    setsid --fork postilion rehearse --from a@example.net --to bob@example.com \\
                        --within 60 </dev/null >/dev/null 2>&1
                    """)
                // The sandbox sees the processes of all namespaces below its own.
                try await scenario.expectSoon("test $(pgrep -xc master) = 3 && pgrep -x smtpd")
                try await scenario.expect(kill)
                try await scenario.expectSoon(
                    "! pgrep -x 'postilion|unshare|master|smtpd|qmgr|postilion-filte'")
                let after = try await scenario.expect(Self.state)
                #expect(Self.difference(before, after) == [], "\(kill.text)")
                let left = try await scenario.expect("cat /proc/self/mountinfo")
                #expect(left.output == mounts.output, "\(kill.text)")
                let networks = try await scenario.expect(
                    "readlink /proc/[0-9]*/ns/net | sort -u | wc -l; ip link | grep -c veth || :")
                #expect(networks.lines == ["1", "0"], "\(kill.text)")
            }
        }
    }

    @Test func `84 a probe goes through the running system`() async throws {
        try await Scenario.play("84") { scenario in
            try await scenario.expect(Self.border)
            try await scenario.expect(
                """
                set -e
                for directory in /etc/postfix /etc/postfix-out /etc/postfix-in; do
                    postconf -c $directory -e maillog_file=/var/log/mail.log
                done
                echo 127.0.0.1 mailhub.example.com >>/etc/hosts
                postconf -c /etc/postfix-out -e smtp_dns_support_level=disabled \\
                    'relay_transport=relay:[mailhub.example.com]:2525'
                postconf -c /etc/postfix-in -e inet_interfaces=127.0.0.1
                postconf -e master_service_disable=inet
                mkdir -m 777 /tmp/sink
                setsid smtp-sink -u nobody -d '/tmp/sink/%M.' 127.0.0.1:2525 20 >/dev/null 2>&1 &
                setsid postilion-filter >/dev/null 2>&1 &
                postilion start
                """)
            try await scenario.expectSoon("ss -ltn | grep -q :10025 && ss -ltn | grep -q :2525")
            let answer = try await scenario.expect(
                "postilion probe --to bob@example.com --expect delivered --json")
            let object = try #require(Self.objects(answer).first)
            let journeys = object["journeys"] as? [[String: Any]]
            let hops = journeys?.first?["hops"] as? [[String: Any]]
            #expect(
                hops?.compactMap { $0["instance"] as? String } == ["postfix-in", "postfix-out"])
            try await scenario.expect("cat /tmp/sink/* | grep -q '^Subject: Postilion probe'")
            // Whoever expects something else is told what came instead, and in time.
            let wrong = try await scenario.expect(
                "postilion probe --to bob@example.com --expect held", status: 1)
            #expect(wrong.output.text.hasPrefix("WRONG"))
            try await scenario.expect(
                "postilion probe --to eve@example.net --client 127.0.0.1 --reply 550", status: 1)
            try await scenario.expect(
                """
                postilion probe --entry local:out --to bob@example.com ||
                    { tail -30 /var/log/mail.log; exit 1; }
                """)
            let late = try await scenario.expect(
                """
                kill -STOP $(pgrep -x smtp-sink)
                postilion probe --to bob@example.com --within 2
                """, status: 1)
            #expect(late.output.text.contains("now in the active queue of postfix-out"))
            try await scenario.expect(
                """
                kill -CONT $(pgrep -x smtp-sink)
                postilion stop
                postsuper -c /etc/postfix-out -d ALL
                kill $(pgrep -x smtp-sink) $(pgrep -x postilion-filte)
                while pgrep -x 'smtp-sink|postilion-filte'; do sleep 0.05; done >/dev/null
                """)
        }
    }

    @Test func `85 a blueprint is rehearsed with its probes, and the host stays as it is`()
        async throws
    {
        try await Scenario.play("85") { scenario in
            try await scenario.expect(
                """
                cat >/tmp/mail.toml <<'END'
                [[instance]]
                name = "-"
                role = "null-client"
                relay = "[mailhub.example.com]"
                [[instance]]
                name = "postfix-out"
                role = "output"
                listen = ["127.0.0.1:10026"]
                relay_domains = ["example.com"]
                relay = "[mailhub.example.com]"
                [[instance]]
                name = "postfix-in"
                role = "input"
                listen = ["203.0.113.7:25"]
                filter = "127.0.0.1:10025"
                relay_domains = ["example.com"]
                [[probe]]
                name = "mail for Bob"
                from = "alice@example.net"
                to = ["bob@example.com"]
                client = "192.0.2.77"
                relayed_to = "[mailhub.example.com]"
                [[probe]]
                name = "no open relay"
                from = "alice@example.net"
                to = ["eve@example.org"]
                client = "192.0.2.77"
                expect = "rejected"
                END
                """)
            let before = try await scenario.expect(Self.state)
            let answer = try await scenario.expect("cd /tmp && postilion rehearse mail.toml")
            #expect(answer.output.text.contains("ok     mail for Bob: relayed to mailhub"))
            #expect(answer.lines.last?.hasPrefix("2 of 2 probes as expected") == true)
            let after = try await scenario.expect(Self.state)
            #expect(Self.difference(before, after) == [])
        }
    }
}
