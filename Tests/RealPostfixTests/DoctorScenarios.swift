// Scenarios 30 to 32: what postilion doctor says of hosts on which nothing is wrong, and of one
// whose mistake the real Postfix trips over.

import Bytes
import Foundation
import TestSupport
import Testing

@Suite(
    .enabled(
        if: TestedPostfix.obstacle(withPostilion: true, withFilter: true) == nil,
        "\(TestedPostfix.obstacle(withPostilion: true, withFilter: true) ?? "")"))
struct DoctorScenarios {
    @Test func `30 nothing is wrong with what Debian installs, stopped and running`() async throws {
        try await Scenario.play("30") { scenario in
            try await scenario.expect(Self.installing)
            let stopped = try await scenario.expect("postilion doctor")
            #expect(stopped.lines == ["Nothing wrong with 1 instance."])
            // As Debian's unit starts it: the jail is filled first, since 3.9 by Postfix itself.
            try await scenario.expect(
                "/usr/lib/postfix/configure-instance.sh - 2>/dev/null; postfix start")
            // Whoever may not see everything hears of nothing that is not so.
            for user: ByteString in ["", "setpriv --reuid 65534 --regid 65534 --clear-groups "] {
                let running = try await scenario.expect(user + "postilion doctor")
                #expect(running.lines == ["Nothing wrong with 1 instance."])
            }
            try await scenario.expect("postfix stop")
        }
    }

    @Test func `31 a border mail server is all right until mail is sent from elsewhere`()
        async throws
    {
        try await Scenario.play("31") { scenario in
            try await Self.buildBorderServer(scenario)
            try await scenario.expect(
                """
                setsid postilion-filter --config /tmp/filter.toml >/dev/null 2>&1 &
                echo $! >/tmp/filter.pid
                """)
            try await scenario.expectSoon("bash -c ': </dev/tcp/127.0.0.1/10025'")
            for command: ByteString in ["true", "postfix start"] {
                try await scenario.expect(command)
                let found = try await scenario.expect("postilion doctor --json")
                #expect(found.lines.filter { !$0.contains(#""severity":"note""#) } == [])
            }
            let hidden = try await scenario.expect(
                """
                chmod 600 /etc/postfix-out/main.cf
                setpriv --reuid 65534 --regid 65534 --clear-groups postilion doctor --json
                status=$?
                chmod 644 /etc/postfix-out/main.cf
                exit $status
                """, status: 77)
            #expect(hidden.lines.filter { !$0.contains(#""severity":"note""#) } == [])
            #expect(hidden.errors.text.contains("may not look at /etc/postfix-out"))
            // Without the filter, connections to postfix-out now come from the outside address.
            try await scenario.expect(
                """
                set -e
                kill $(cat /tmp/filter.pid)
                postconf -c /etc/postfix-in -e 'default_transport = smtp:[127.0.0.1]:10026'
                postconf -c /etc/postfix-in -X smtp_bind_address
                postfix -c /etc/postfix-in reload
                """)
            let found = try await scenario.expect("postilion doctor --json", status: 1)
            let ids = found.lines.filter { !$0.contains(#""severity":"note""#) }
            #expect(ids.contains { $0.contains(#""id":"relay-denied""#) })
            try await scenario.expect(
                "echo text | sendmail -C /etc/postfix-in -f a@example.net bob@example.com")
            try await scenario.expectSoon("mailq -C /etc/postfix-in | grep -q empty")
            let refusals = await scenario.host.logged.filter { line in
                line.hasPrefix("postfix-out/smtpd") && line.contains("203.0.113.25")
                    && line.contains("reject:")
            }
            #expect(!refusals.isEmpty)
            try await scenario.expect("postfix stop")
        }
    }

    @Test func `32 parameters that nothing reads are those that postconf calls unused`()
        async throws
    {
        try await Scenario.play("32") { scenario in
            try await scenario.expect("\(Self.installing)\n\(Self.oddParameters)")
            let stock = try await scenario.expect(
                """
                postconf -n 2>&1 >/dev/null |
                    sed -n 's/.*unused parameter: \\(.*\\)=.*/\\1/p' | sort
                """)
            let ours = try await scenario.expect(
                """
                postilion doctor --json | grep parameter-unknown |
                    sed 's/.*"parameter":"\\([^"]*\\)".*/\\1/' | sort
                """)
            #expect(ours.lines == stock.lines)
            #expect(ours.lines.count > 4)
        }
    }

    /// Names of all kinds that may or may not be read, and a service that makes one of them known.
    private static let oddParameters: ByteString = """
        cat >>/etc/postfix/main.cf <<'END'
        relay_host = [mailhub.example.com]
        indexed = texthash:/etc/
        virtual_alias_domains = ${indexed}services
        smtpd_restriction_classes = greylist
        greylist = permit
        policy_time_limit = 3600
        scache_destination_recipient_limit = 1
        relay_destination_recipient_limit = 1
        gone_destination_recipient_limit = 1
        fallback_relay = [mailhub.example.com]
        smtp_helo_namee = b
        unread = $other
        other = 3
        END
        echo 'policy unix - n n - 0 spawn user=nobody argv=/bin/true' >>/etc/postfix/master.cf
        touch -d '1 minute ago' /etc/postfix/main.cf

        """

    /// Puts the configuration in place as the package's installer does for an Internet site.
    private static let installing: ByteString = """
        set -e
        cp /usr/share/postfix/main.cf.debian /etc/postfix/main.cf
        cp "$(postconf -h meta_directory)/master.cf.proto" /etc/postfix/master.cf
        echo 'postmaster: root' >/etc/aliases
        postconf -e myhostname=host.example.test alias_maps=hash:/etc/aliases \\
            alias_database=hash:/etc/aliases relayhost= mailbox_size_limit=0 \\
            'mydestination=$myhostname, localhost.example.test, localhost' \\
            'mynetworks=127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128' \\
            recipient_delimiter=+ inet_interfaces=all inet_protocols=all
        newaliases

        """

    /// The three instances of the demo, with its own files.
    private static func buildBorderServer(_ scenario: Scenario) async throws {
        for name in ["null-client.cf", "postfix-out.cf", "postfix-in.cf", "filter.toml"] {
            let text = try String(
                contentsOfFile: "\(Package.root)/scripts/walk-through.d/\(name)", encoding: .utf8)
            try await scenario.expect("cat >/tmp/\(name) <<'END'\n\(text)END")
        }
        try await scenario.expect(
            """
            set -e
            ip address add 203.0.113.25/24 dev lo
            cp /tmp/null-client.cf /etc/postfix/main.cf
            postconf "compatibility_level = $(postconf -dh mail_version | cut -d. -f1-2)"
            touch /etc/postfix/generic /etc/postfix/virtual
            postmap /etc/postfix/generic /etc/postfix/virtual
            postconf -F '*/*/chroot = n'
            postilion create --enable --group mta out in
            for name in out in; do
                postconf -c /etc/postfix-$name -F '*/*/chroot = n'
                grep '^[a-z]' /tmp/postfix-$name.cf |
                    xargs -d '\\n' postconf -c /etc/postfix-$name -e
            done
            postconf -c /etc/postfix-out -MX smtp/inet
            postconf -c /etc/postfix-out -Me \\
                '127.0.0.1:10026/inet = 127.0.0.1:10026 inet n - n - - smtpd'
            postconf -c /etc/postfix-out -P 'relay/unix/syslog_name = postfix-out/relay'
            """)
    }
}
