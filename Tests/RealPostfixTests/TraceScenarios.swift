// Scenarios 50 to 52: messages through three real instances, found in their logs and queues by
// postilion trace, and compared with what a sink got.

import Bytes
import TestSupport
import Testing

@Suite(
    .enabled(
        if: TestedPostfix.obstacle(withPostilion: true) == nil,
        "\(TestedPostfix.obstacle(withPostilion: true) ?? "")"))
struct TraceScenarios {
    @Test func `50 trace tells of each recipient what the sink got`() async throws {
        try await Scenario.play("50") { scenario in
            try await start(scenario)
            // Of three recipients one gets it, one waits, and one is refused for good.
            try await scenario.expect(
                """
                for number in $(seq 30); do
                    printf 'Subject: parcel %s\\n\\nx\\n' $number | sendmail \\
                        -f sender$number@example.com good$number@ok.example.net \\
                        late$number@dead.example.net none$number@gone.example.net
                done
                """)
            try await scenario.expectSoon("ls /tmp/sink | wc -l | grep -x 30")
            try await scenario.expectSoon(
                "postqueue -c /etc/postfix-out -j | grep -c '\"queue_name\": \"deferred\"' "
                    + "| grep -x 30")
            // The bounce goes to a mailbox on this host, which nobody has.
            for number in [1, 15, 30] {
                let name: ByteString = "\(number)"
                let answer = try await scenario.expect(
                    "postilion trace --json --sender sender\(name)@example.com "
                        + "--recipient late\(name)@dead.example.net")
                try #require(answer.lines.count == 1)
                let text = answer.lines[0]
                for instance in ["postfix", "postfix-in", "postfix-out"] {
                    #expect(text.contains(#"{"instance":"\#(instance)","queue_id":""#), "\(text)")
                }
                #expect(text.contains(#""good\#(number)@ok.example.net":"sent""#))
                #expect(text.contains(#""late\#(number)@dead.example.net":"deferred""#))
                #expect(text.contains(#""none\#(number)@gone.example.net":"bounced""#))
                #expect(
                    text.contains(#""where":{"instance":"postfix-out","queue":"deferred","#))
                #expect(text.contains(#""action":"failed"}]"#))
                // The sink has logged the id that it gave, and Postfix what it was told.
                try await scenario.expect(
                    "grep -l 'good\(name)@ok.example.net' /tmp/sink/* | wc -l | grep -x 1")
            }
            let all = try await scenario.expect("postilion trace --json ok.example.net")
            #expect(all.lines.filter { $0.contains(#"@ok.example.net":"sent""#) }.count == 30)
            try await stop(scenario)
        }
    }

    @Test func `51 trace follows a message that is held, released and requeued`() async throws {
        try await Scenario.play("51") { scenario in
            try await start(scenario)
            try await scenario.expect(
                "echo x | sendmail -f a@example.com later@dead.example.net")
            let waiting = "postilion trace --json later@dead.example.net"
            try await scenario.expectSoon(
                "\(ByteString(waiting)) | grep '\"queue\":\"deferred\"'")
            // Of what is done to all messages at once, postsuper logs only how many they were.
            let id = try await scenario.expect(
                "postqueue -c /etc/postfix-out -j | sed 's/.*\"queue_id\": \"//; s/\".*//'")
            try #require(id.lines.count == 1)
            let held = ByteString(id.lines[0])
            try await scenario.expect("postsuper -c /etc/postfix-out -h \(held)")
            try await scenario.expect(
                "\(ByteString(waiting)) | grep '\"final\":.*\"hold\".*\"queue\":\"hold\"'")
            // Released and requeued, it gets another id; and now the way is free.
            try await scenario.expect(
                """
                postconf -c /etc/postfix-out -e transport_maps=
                (timeout 60 postilion trace --follow later@dead.example.net >/tmp/followed;
                    echo $? >/tmp/status) &
                postsuper -c /etc/postfix-out -H \(held)
                postsuper -c /etc/postfix-out -r \(held)
                # pickup(8) looks once a minute, and when it is started.
                postfix -c /etc/postfix-out reload
                """)
            try await scenario.expectSoon("ls /tmp/sink | wc -l | grep -x 1")
            try await scenario.expectSoon("grep -x 0 /tmp/status")
            let followed = try await scenario.expect("cat /tmp/followed").output.text
            for word in ["held", "released", "requeued", "known by requeue", "in no queue"] {
                #expect(followed.contains(word), "\(word) in \(followed)")
            }
            let whole = try await scenario.expect(ByteString(waiting))
            #expect(whole.output.text.contains(#""status":"requeued""#))
            #expect(whole.output.text.contains(#""where":null"#))
            try await stop(scenario)
        }
    }

    @Test func `52 logs shows three logs as one, also the one before`() async throws {
        try await Scenario.play("52") { scenario in
            try await start(scenario)
            try await scenario.expect("echo x | sendmail -f a@example.com b@ok.example.net")
            try await scenario.expectSoon("ls /tmp/sink | wc -l | grep -x 1")
            // What was put aside belongs to the log all the same.
            try await scenario.expect(
                """
                set -e
                mv /var/log/postfix-in.log /var/log/postfix-in.log.1
                gzip /var/log/postfix-in.log.1
                postfix -c /etc/postfix-in reload
                """)
            try await scenario.expectSoon(
                "postilion trace --json b@ok.example.net | grep postfix-out | grep postfix-in")
            let counts = try await scenario.expect("postilion logs --summary --json")
            for name in ["postfix", "postfix-in", "postfix-out"] {
                let outside = name == "postfix" ? 1 : 0
                let line = counts.lines.first { $0.hasPrefix(#"{"instance":"\#(name)","#) }
                #expect(
                    line?.contains(#""received":1,"received_from_outside":\#(outside),"#) == true,
                    "\(counts.output)")
            }
            let shown = try await scenario.expect("postilion logs --since 1h --instance in")
            #expect(shown.lines.allSatisfy { $0.contains(" postfix-in ") })
            #expect(shown.output.text.contains("status=sent"))
            try await stop(scenario)
        }
    }

    /// The primary sends to in, that to out, and that to a sink, to nobody, or back.
    private func start(_ scenario: Scenario) async throws {
        try await scenario.expect("postmulti -e init")
        try await scenario.create("out", "in")
        try await scenario.expect(Scenario.relay("out", at: "10026", to: "2525"))
        try await scenario.expect(Scenario.relay("in", at: "10025", to: "10026"))
        try await scenario.expect(
            """
            set -e
            postconf -e 'relayhost = [127.0.0.1]:10025' authorized_submit_users=static:all
            gone='{gone.example.net=error:5.1.1 nobody is there}'
            others='dead.example.net=smtp:[127.0.0.1]:9, example.com=discard:bounce'
            postconf -c /etc/postfix-out -e "transport_maps = inline:{ $others, $gone }"
            for name in postfix postfix-in postfix-out; do
                postconf -c /etc/$name -e maillog_file=/var/log/$name.log
            done
            mkdir -m 777 /tmp/sink
            setsid smtp-sink -u nobody -d '/tmp/sink/mail.' 127.0.0.1:2525 10 \
                >/dev/null 2>&1 & echo $! >/tmp/sink.pid
            """)
        try await scenario.expect("postfix start")
        for port in ["10025", "10026", "2525"] {
            try await scenario.expectSoon("bash -c ': </dev/tcp/127.0.0.1/\(ByteString(port))'")
        }
    }

    private func stop(_ scenario: Scenario) async throws {
        try await scenario.expect(
            """
            # Without postlogd(8), which ends with the instance, postsuper cannot log.
            for name in postfix postfix-in postfix-out; do postsuper -c /etc/$name -d ALL; done
            postfix stop; kill $(cat /tmp/sink.pid)
            """)
        try await scenario.expectSoon("! kill -0 $(cat /tmp/sink.pid)")
    }
}
