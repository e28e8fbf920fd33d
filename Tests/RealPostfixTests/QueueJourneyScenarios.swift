// Scenario 56: two thousand messages through three real instances; queue, trace and metrics say of
// them what a sink got.

import Bytes
import TestSupport
import Testing

@Suite(
    .enabled(
        if: TestedPostfix.obstacle(withPostilion: true) == nil,
        "\(TestedPostfix.obstacle(withPostilion: true) ?? "")"))
struct QueueJourneyScenarios {
    @Test func `56 two thousand messages are where trace, queue and metrics say`() async throws {
        try await Scenario.play("56") { scenario in
            try await startThree(scenario)
            try await scenario.expect("postilion metrics >/dev/null")
            // Each hundredth of what is sent waits, bounces or is held; some have many recipients.
            let (delivered, deferred, bounced, held, lists) = (1400, 250, 150, 100, 100)
            for (count, more, domain) in [
                (delivered, "", "ok"), (deferred, "", "dead"), (bounced, "", "gone"),
                (held, "", "held"), (lists, "-r 3", "ok"),
            ] {
                try await scenario.expect(
                    """
                    smtp-source -s 5 -m \(count) -N \(ByteString(more)) -f s@example.com \
                        -t x@\(ByteString(domain)).example.net 203.0.113.25:25
                    """)
            }
            let arrived = delivered + 3 * lists
            let received = "cat /tmp/sink/* | grep -c '^X-Rcpt-Args:'"
            try await scenario.expectSoon("\(ByteString(received)) | grep -x \(arrived)")
            try await scenario.expectSoon(
                "postilion queue list --count --json out | grep '\"deferred\":\(deferred),.*"
                    + "\"total\":\(deferred)}'")
            try await scenario.expectSoon(
                "postilion queue list --count --json in | grep '\"hold\":\(held),\"corrupt\":0'")
            let waiting = try await scenario.expect("postilion queue list --json out")
            #expect(waiting.lines.count == deferred)
            #expect(waiting.lines.allSatisfy { $0.contains("Connection refused") })
            // What the traces tell of each recipient is what the sink got.
            let traced = try await scenario.expect("postilion trace --json x@ok.example.net")
            let sent = traced.output.text.split(separator: "@ok.example.net\":\"sent\"").count - 1
            #expect(sent == arrived)
            let late = try await scenario.expect("postilion trace --json x@dead.example.net")
            #expect(late.lines.count { $0.contains(#"@dead.example.net":"deferred""#) } == deferred)
            let metrics = try await scenario.expect("postilion metrics").output.text
            func expectMetric(_ name: String, _ mta: String, _ edge: String?, _ value: Int) {
                let labels = edge.map { ",edge=\"\($0)\"" } ?? ""
                let line = "postfix_\(name){mta=\"\(mta)\",group=\"mta\"\(labels)} \(value)\n"
                #expect(metrics.contains(line), "\(line) in \(metrics)")
            }
            let taken = delivered + deferred + bounced + held + lists
            expectMetric("received_messages_total", "postfix-in", "outside", taken)
            expectMetric("received_messages_total", "postfix-out", "outside", 0)
            expectMetric("received_messages_total", "postfix-out", "internal", taken - held)
            expectMetric("bounces_total", "postfix-out", nil, bounced)
            // Of the bounces, which go to a sender who has no mailbox, each is a delivery, too.
            expectMetric("deliveries_total", "postfix-out", "outside", arrived + bounced)
            expectMetric("deliveries_total", "postfix-in", "outside", 0)
            try await scenario.expect("postilion metrics check in out")
            try await scenario.expect("postilion metrics check -w 200 -c 200 out", status: 2)
            try await stopThree(scenario)
        }
    }

    /// An instance takes mail and hands it to another one, which sends it to a sink or to nobody.
    private func startThree(_ scenario: Scenario) async throws {
        try await scenario.expect("postmulti -e init")
        try await scenario.create("out", "in")
        try await scenario.expect(
            """
            set -e
            # Clients have other addresses than the hops behind: that tells which came first.
            ip address add 203.0.113.25/32 dev lo
            listen() { # name, address and port
                postconf -c /etc/postfix-$1 -e master_service_disable= mydestination= \
                    'mynetworks = 127.0.0.0/8 203.0.113.0/24' maillog_file=/var/log/$1.log
                postconf -c /etc/postfix-$1 -MX smtp/inet
                postconf -c /etc/postfix-$1 -Me "$2/inet=$2 inet n - n - - smtpd"
            }
            postconf -e maillog_file=/var/log/primary.log
            listen in 203.0.113.25:25
            listen out 127.0.0.1:10026
            postconf -c /etc/postfix-in -e 'relayhost = [127.0.0.1]:10026' \
                'held = check_recipient_access inline:{held.example.net=HOLD}' \
                'smtpd_recipient_restrictions = $held, permit_mynetworks, reject'
            gone='{gone.example.net=smtp:[127.0.0.1]:2526}'
            others='dead.example.net=smtp:[127.0.0.1]:9, example.com=discard:bounce'
            postconf -c /etc/postfix-out -e 'relayhost = [127.0.0.1]:2525' \
                "transport_maps = inline:{ $others, $gone }"
            mkdir -m 777 /tmp/sink
            setsid smtp-sink -u nobody -d '/tmp/sink/mail.' 127.0.0.1:2525 100 >/dev/null 2>&1 &
            echo $! >/tmp/sink.pid
            setsid smtp-sink -u nobody -f rcpt 127.0.0.1:2526 100 >/dev/null 2>&1 &
            echo $! >/tmp/refusing.pid
            postfix start
            """)
        for place in ["203.0.113.25/25", "127.0.0.1/10026", "127.0.0.1/2525", "127.0.0.1/2526"] {
            try await scenario.expectSoon("bash -c ': </dev/tcp/\(ByteString(place))'")
        }
    }

    private func stopThree(_ scenario: Scenario) async throws {
        try await scenario.expect(
            """
            for name in postfix-in postfix-out; do postsuper -c /etc/$name -d ALL; done
            postfix stop
            for name in postfix-in postfix-out; do postsuper -c /etc/$name -d ALL; done
            kill $(cat /tmp/sink.pid /tmp/refusing.pid)
            """)
        try await scenario.expectSoon("! kill -0 $(cat /tmp/sink.pid)")
        try await scenario.expectSoon("! kill -0 $(cat /tmp/refusing.pid)")
    }
}
