// Scenarios 60 to 62: the content filter between two instances.

import Bytes
import Foundation
import TestSupport
import Testing

@Suite(
    .enabled(
        if: TestedPostfix.obstacle(withFilter: true) == nil,
        "\(TestedPostfix.obstacle(withFilter: true) ?? "")"))
struct FilterScenarios {
    /// The input instance takes mail at 10024 and delivers to the filter at 10025, which hands it
    /// on to the output instance at 10026, and that to a sink at 2525.
    private static let pair: ByteString = """
        set -e
        postmulti -e init
        for name in out in; do
            postmulti -e create -I postfix-$name -G mta
            postmulti -e enable -i $name
        done
        \(Scenario.relay("in", at: "10024", to: "10025"))
        \(Scenario.relay("out", at: "10026", to: "2525"))
        for name in out in; do
            postconf -c /etc/postfix-$name -e \\
                myhostname=$name.example.test inet_protocols=ipv4 \\
                smtp_dns_support_level=disabled smtpd_client_connection_count_limit=0 \\
                minimal_backoff_time=1s maximal_backoff_time=1s queue_run_delay=1s \\
                smtp_connect_timeout=5s
        done
        postconf -c /etc/postfix-in -e smtp_send_xforward_command=yes
        postconf -c /etc/postfix-out -e 'smtpd_authorized_xforward_hosts=$mynetworks'
        mkdir -m 777 /tmp/sink
        setsid smtp-sink -u nobody -d '/tmp/sink/%M.' 127.0.0.1:2525 200 >/dev/null 2>&1 &
        echo $! >/tmp/sink.pid
        mkdir -p /etc/postilion
        printf 'listen = "127.0.0.1:10025"\\nnext_hop = "127.0.0.1:10026"\\n' \\
            >/etc/postilion/filter.toml
        """

    /// Starts the filter, and waits until it listens.
    private static let startFilter: ByteString = """
        setsid postilion-filter >>/tmp/filter.log 2>&1 & echo $! >/tmp/filter.pid
        for try in $(seq 100); do
            bash -c ': </dev/tcp/127.0.0.1/10025' 2>/dev/null && break
            sleep 0.05
        done
        """

    private static let stopAll: ByteString = """
        kill $(cat /tmp/filter.pid) $(cat /tmp/sink.pid)
        postfix stop
        while kill -0 $(cat /tmp/filter.pid) || kill -0 $(cat /tmp/sink.pid); do
            sleep 0.05
        done 2>/dev/null
        """

    /// The Message-IDs at the sink, each with how often it came.
    private static let arrived: ByteString = """
        cat /tmp/sink/* | sed -n 's/^Message-Id: //Ip' | sort | uniq -c
        """

    @Test func `60 mail comes through once, and each hop knows the one before`() async throws {
        try await Scenario.play("60") { scenario in
            try await scenario.expect(Self.pair)
            try await scenario.expect("postfix start")
            try await scenario.expect(Self.startFilter)
            try await scenario.expect(
                "smtp-source -s 20 -m 1000 -l 2000 -f a@x.test -t b@y.test 127.0.0.1:10024")
            try await scenario.expectSoon(
                "test $(cat /tmp/sink/* | grep -ci '^Message-Id:') -ge 1000")
            let arrived = try await scenario.expect(Self.arrived).lines
            #expect(arrived.count == 1000)
            #expect(arrived.allSatisfy { $0.hasPrefix("      1 ") })
            // The queue ID that the filter names is the input's, and the reply the output's.
            let line = try await scenario.expect("grep -m1 verdict=pass /tmp/filter.log")
                .output.text
            let ids = try #require(
                line.firstMatch(of: /queue_id=(\w+).*queued as (\w+)/)?.output)
            let (input, output) = (String(ids.1), String(ids.2))
            let logged = await scenario.host.logged
            #expect(
                logged.contains {
                    $0.contains("postfix-in/smtp[") && $0.contains(": \(input):")
                })
            #expect(
                logged.contains {
                    $0.contains("postfix-out/smtpd[") && $0.contains(": \(output): client=")
                        && $0.contains("orig_queue_id=\(input)")
                })
            try await scenario.expect(Self.stopAll)
        }
    }

    @Test func `61 no mail is lost when the filter is killed again and again`() async throws {
        try await Scenario.play("61") { scenario in
            try await scenario.expect(Self.pair)
            try await scenario.expect("postfix start")
            try await scenario.expect(Self.startFilter)
            try await scenario.expect(
                """
                setsid smtp-source -s 10 -m 500 -l 20000 -f a@x.test -t b@y.test 127.0.0.1:10024 &
                source=$!
                for kill in 1 2 3 4 5; do
                    sleep 0.4
                    kill -9 $(cat /tmp/filter.pid)
                    \(Self.startFilter)
                done
                wait $source
                """)
            let arrived = try await scenario.host.wait(
                until: """
                    postqueue -c /etc/postfix-in -f
                    test $(cat /tmp/sink/* | sed -n 's/^Message-Id: //Ip' | sort -u | wc -l) -ge 500
                    """, seconds: 60)
            #expect(arrived, "mail was lost")
            try await scenario.expectSoon(
                "postqueue -c /etc/postfix-in -p | grep -q empty")
            try await scenario.expect(Self.stopAll)
        }
    }

    @Test func `62 it drains, reloads, and refuses a wrong configuration`() async throws {
        try await Scenario.play("62") { scenario in
            try await scenario.expect(Self.twoSinks)
            try await scenario.expect(Self.startFilter)
            // It has given up root, in all its threads.
            let user = try await scenario.expect(
                "ps -L -o user= -p $(cat /tmp/filter.pid) | sort -u"
            ).lines
            #expect(user == ["nobody"])
            try await scenario.expect("setsid bash /tmp/held &")
            try await scenario.expectSoon("test -e /tmp/is-held")
            try await Self.reload(scenario)
            try await Self.drain(scenario)
            try await scenario.expect(
                """
                kill $(cat /tmp/sink.pid) $(cat /tmp/other.pid)
                while kill -0 $(cat /tmp/sink.pid) || kill -0 $(cat /tmp/other.pid); do
                    sleep 0.05
                done 2>/dev/null
                """)
        }
    }

    /// Two sinks, a filter for the first, and a client that stops in the middle of a message.
    private static let twoSinks: ByteString = """
        mkdir -m 777 /tmp/sink /tmp/other
        setsid smtp-sink -u nobody -d '/tmp/sink/m.' 127.0.0.1:2525 9 >/dev/null 2>&1 &
        echo $! >/tmp/sink.pid
        setsid smtp-sink -u nobody -d '/tmp/other/m.' 127.0.0.1:2526 9 >/dev/null 2>&1 &
        echo $! >/tmp/other.pid
        mkdir -p /etc/postilion
        printf 'listen = "127.0.0.1:10025"\nnext_hop = "127.0.0.1:2525"\n' \
            >/etc/postilion/filter.toml
        cat >/tmp/held <<'END'
        exec 3<>/dev/tcp/127.0.0.1/10025
        read -r line <&3
        for command in 'HELO x' 'MAIL FROM:<a@x.test>' 'RCPT TO:<b@y.test>' DATA; do
            printf '%s\r\n' "$command" >&3; read -r line <&3
        done
        printf 'Subject: held\r\n' >&3
        touch /tmp/is-held
        until test -e /tmp/go-on; do sleep 0.05; done
        printf '\r\nrest\r\n.\r\n' >&3; read -r line <&3
        printf '%s\n' "$line" >/tmp/held.reply
        read -r line <&3
        printf '%s\n' "$line" >>/tmp/held.reply
        END
        """

    /// A session from before keeps its next hop, one that begins after it has the new one; a wrong
    /// configuration changes nothing.
    private static func reload(_ scenario: Scenario) async throws {
        let send: ByteString = "smtp-source -m 1 -f a@x.test -t b@y.test 127.0.0.1:10025"
        try await scenario.expect(
            """
            sed -i s/2525/2526/ /etc/postilion/filter.toml
            echo 'threads = 7' >>/etc/postilion/filter.toml
            kill -HUP $(cat /tmp/filter.pid)
            """)
        try await scenario.expectSoon("grep -q 'configuration read again' /tmp/filter.log")
        try await scenario.expectSoon(
            "grep 'filter.toml: threads: as at the start until a restart' /tmp/filter.log")
        try await scenario.expect("\(send); ls /tmp/other | grep m")
        try await scenario.expect(
            """
            echo 'next_hopp = "x"' >>/etc/postilion/filter.toml
            kill -HUP $(cat /tmp/filter.pid)
            """)
        try await scenario.expectSoon(
            "grep 'configuration kept: .*filter.toml:4: next_hopp: ' /tmp/filter.log")
        try await scenario.expect(send)
        try await scenario.expect("postilion-filter --check", status: 78)
        let missing = try await scenario.expect(
            "postilion-filter --check --config /nowhere/filter.toml 2>&1", status: 78)
        #expect(
            missing.output.text
                == "postilion-filter: open /nowhere/filter.toml: No such file or directory; "
                + "write it, or name another file with --config\n")
    }

    /// It ends when the message under way has, and takes nobody else meanwhile.
    private static func drain(_ scenario: Scenario) async throws {
        try await scenario.expect("kill -TERM $(cat /tmp/filter.pid)")
        try await scenario.expectSoon("! bash -c ': </dev/tcp/127.0.0.1/10025'")
        try await scenario.expect("kill -0 $(cat /tmp/filter.pid); touch /tmp/go-on")
        try await scenario.expectSoon("! kill -0 $(cat /tmp/filter.pid)")
        try await scenario.expectSoon("test $(wc -l </tmp/held.reply) -eq 2")
        let replies = try await scenario.expect("tr -d '\\r' </tmp/held.reply").lines
        #expect(replies.first?.hasPrefix("250 ") == true)
        #expect(replies.last?.hasPrefix("421 ") == true)
        try await scenario.expect("grep -q rest /tmp/sink/m.*")
    }
}
