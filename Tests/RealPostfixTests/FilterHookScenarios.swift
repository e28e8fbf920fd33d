// Scenarios 65 to 67: the content filter with real services that look into messages.
//
// The services run without a network, with the least that finds the industry's test messages.

import Bytes
import Glibc
import TestSupport
import Testing

@Suite(
    .enabled(
        if: TestedPostfix.obstacle(withFilter: true) == nil,
        "\(TestedPostfix.obstacle(withFilter: true) ?? "")"))
struct FilterHookScenarios {
    /// True if a service is installed; scripts/setup does that.
    private static func isInstalled(_ path: String) -> Bool {
        unsafe access((TestedPostfix.root ?? "") + path, X_OK) == 0
    }

    // The messages are put together here, so that no virus scanner takes this file for one.
    private static let virus =
        #"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-"# + "STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
    private static let spam =
        "XJS*C4JDBQADN1.NSBN3*2IDNEN*" + "GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"

    /// The primary instance sends all to the filter, that to the output instance, and that to a
    /// sink; the output instance holds what the filter wants held.
    private static let chain: ByteString = """
        set -e
        postmulti -e init
        postmulti -e create -I postfix-out
        postmulti -e enable -i postfix-out
        \(Scenario.relay("out", at: "10026", to: "2525"))
        echo '/^X-Postilion-Hold:/ HOLD' >/tmp/hold_checks
        postconf -c /etc/postfix-out -e header_checks=regexp:/tmp/hold_checks
        postconf -e 'relayhost=[127.0.0.1]:10025' myorigin=example.com
        mkdir -m 777 /tmp/sink
        setsid smtp-sink -u nobody -d '/tmp/sink/%M.' 127.0.0.1:2525 10 >/dev/null 2>&1 &
        echo $! >/tmp/sink.pid
        mkdir -p /etc/postilion
        postfix start
        """

    /// Starts the filter with this hook, or lets a running one take it instead.
    private static func filter(_ hook: ByteString) -> ByteString {
        """
        cat >/etc/postilion/filter.toml <<'end'
        listen = "127.0.0.1:10025"
        next_hop = "127.0.0.1:10026"
        [[hook]]
        \(hook)
        end
        postilion-filter --check || exit 1
        if [ -e /tmp/filter.pid ]; then
            kill -HUP $(cat /tmp/filter.pid)
            while ! grep -q 'read again' /tmp/filter.log; do sleep 0.05; done
        else
            setsid postilion-filter >>/tmp/filter.log 2>&1 & echo $! >/tmp/filter.pid
            while ! bash -c ': </dev/tcp/127.0.0.1/10025' 2>/dev/null; do sleep 0.05; done
        fi
        """
    }

    /// Sends a message with this line in it.
    private static func send(
        _ line: String, _ fields: ByteString = "", to recipient: ByteString = "bob@example.net"
    ) -> ByteString {
        """
        sendmail -f alice@example.com \(recipient) <<'end'
        From: alice@example.com
        To: bob@example.net
        Subject: parcel
        Date: Sat, 21 Nov 2026 16:05:00 +0000
        Message-ID: <1@example.com>
        \(fields)
        \(ByteString(line))
        end
        """
    }

    private static let stop: ByteString = """
        kill $(cat /tmp/filter.pid) $(cat /tmp/sink.pid) $(cat /tmp/service.pid)
        postfix stop
        for file in filter sink service; do
            while kill -0 $(cat /tmp/$file.pid); do sleep 0.05; done
        done 2>/dev/null
        while pgrep -f 'spamd|rspamd'; do sleep 0.05; done >/dev/null
        postsuper -c /etc/postfix-out -d ALL 2>/dev/null; postsuper -d ALL 2>/dev/null; :
        """

    private static let clamd: ByteString = """
        set -e
        mkdir /tmp/signatures
        printf 'Test.Virus:0:*:%s\\n' "$(printf '%s' '\(ByteString(virus))' | od -An -v -tx1 \\
            | tr -d ' \\n')" >/tmp/signatures/test.ndb
        printf '%s\\n' 'DatabaseDirectory /tmp/signatures' 'LocalSocket /tmp/clamd.ctl' \\
            'Foreground yes' 'User root' >/tmp/clamd.conf
        setsid clamd -c /tmp/clamd.conf >/tmp/clamd.log 2>&1 & echo $! >/tmp/service.pid
        while ! [ -S /tmp/clamd.ctl ]; do sleep 0.05; done
        chmod 666 /tmp/clamd.ctl
        """

    @Test(.enabled(if: isInstalled("/usr/sbin/clamd"), "clamd is missing: scripts/setup"))
    func `65 clamd's findings are refused or put on hold, and its absence defers`() async throws {
        try await Scenario.play("65") { scenario in
            try await scenario.expect(Self.chain)
            try await scenario.expect(Self.clamd)
            let hook: ByteString = "type = \"clamd\"\naddress = \"unix:/tmp/clamd.ctl\""
            try await scenario.expect(Self.filter(hook))

            try await scenario.expect(Self.send("harmless"))
            try await scenario.expectSoon("grep -rl harmless /tmp/sink")
            try await scenario.expect(Self.send(Self.virus))
            try await scenario.expectSoon("grep 'hooks=.clamd=reject(Test.Virus' /tmp/filter.log")
            try await expectLogged(
                scenario, "said: 550 5.7.1 Message rejected: virus found: Test.Virus")

            try await scenario.expect(Self.filter(hook + "\naction = \"hold\""))
            try await scenario.expect(Self.send(Self.virus))
            // An exclamation mark says that a message is on hold.
            try await scenario.expectSoon("postqueue -c /etc/postfix-out -p | grep '^[0-9A-F]*!'")

            try await scenario.expect("kill $(cat /tmp/service.pid)")
            try await scenario.expectSoon("! kill -0 $(cat /tmp/service.pid)")
            try await scenario.expect(Self.send("nobody looked"))
            try await expectLogged(
                scenario, "said: 451 4.7.1 Message deferred: clamd is not available")
            try await scenario.expect("! grep -rl 'nobody looked\\|STANDARD' /tmp/sink")
            try await scenario.expect(Self.stop)
        }
    }

    @Test(.enabled(if: isInstalled("/usr/sbin/spamd"), "spamd is missing: scripts/setup"))
    func `66 spamd's score refuses spam, and tells the next hop of the rest`() async throws {
        try await Scenario.play("66") { scenario in
            try await scenario.expect(Self.chain)
            try await scenario.expect(
                """
                setsid spamd -L -x -4 -i 127.0.0.1 -m 1 --syslog=stderr -u nobody \
                    --helper-home-dir=/tmp >/tmp/spamd.log 2>&1 & echo $! >/tmp/service.pid
                while ! grep -q 'server started' /tmp/spamd.log; do sleep 0.05; done
                """)
            try await scenario.expect(Self.filter("type = \"spamd\"\nreject_score = 15"))

            try await scenario.expect(Self.send(Self.spam))
            try await expectLogged(
                scenario, "said: 550 5.7.1 Message rejected: spam score 1000.0")
            // What a sender says of itself counts for nothing.
            try await scenario.expect(Self.send("harmless", "X-Spam-Flag: sure\\n"))
            try await scenario.expectSoon("grep -rl harmless /tmp/sink")
            let mail = try await scenario.expect("grep -rh '^X-Spam' /tmp/sink")
            #expect(mail.lines.count == 3)
            #expect(mail.lines.first == "X-Spam-Flag: NO")
            #expect(mail.lines.last?.hasPrefix("X-Spam-Status: No, score=") == true)
            try await scenario.expect(Self.stop)
        }
    }

    @Test(.enabled(if: isInstalled("/usr/bin/rspamd"), "rspamd is missing: scripts/setup"))
    func `67 rspamd's actions are taken, in its words`() async throws {
        try await Scenario.play("67") { scenario in
            try await scenario.expect(Self.chain)
            // With the list of all top-level domains it starts in twenty seconds, not in two.
            try await scenario.expect(
                """
                mkdir -p /run/rspamd
                printf '%s\\n' com net >/tmp/domains
                cd /etc/rspamd/local.d
                echo 'type = "console"; level = "warning";' >logging.inc
                echo 'url_tld = "/tmp/domains"; dns { timeout = 0.1s; retransmits = 0; }' \
                    >options.inc
                echo 'carol { rcpt = "carol@example.net";
                    apply { actions { "rewrite subject" = -100; } } }' >settings.conf
                setsid rspamd -f -i >/tmp/rspamd.log 2>&1 & echo $! >/tmp/service.pid
                while ! bash -c ': </dev/tcp/127.0.0.1/11333' 2>/dev/null; do sleep 0.05; done
                """)
            try await scenario.expect(Self.filter("type = \"rspamd\""))

            try await scenario.expect(Self.send(Self.spam))
            try await expectLogged(scenario, "said: 550 5.7.1 Message rejected: Gtube pattern")
            try await scenario.expect(Self.send("harmless"))
            try await scenario.expectSoon("grep -rl harmless /tmp/sink")
            try await scenario.expect("grep 'rspamd=[a-z]*(no action' /tmp/filter.log")

            // Whose mail gets another subject, rspamd knows from the envelope.
            try await scenario.expect(Self.send("for carol", to: "carol@example.net"))
            try await scenario.expectSoon("grep -rl 'for carol' /tmp/sink")
            let subjects = try await scenario.expect(
                "grep -h '^Subject:' $(grep -rl 'for carol' /tmp/sink)")
            #expect(subjects.lines == ["Subject: *** SPAM *** parcel"])
            try await scenario.expect(Self.stop)
        }
    }

    /// Waits until a text is in the log.
    private func expectLogged(
        _ scenario: Scenario, _ text: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        for _ in 0..<600 {
            if await scenario.host.logged.contains(where: { $0.contains(text) }) { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("never logged: \(text)", sourceLocation: sourceLocation)
    }
}
