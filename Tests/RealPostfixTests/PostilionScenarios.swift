// Scenarios 10 to 15: the life cycle of instances by postilion, with the real Postfix as the judge.

import Bytes
import TestSupport
import Testing

@Suite(
    .enabled(
        if: TestedPostfix.obstacle(withPostilion: true) == nil,
        "\(TestedPostfix.obstacle(withPostilion: true) ?? "")"))
struct PostilionScenarios {
    @Test func `10 created, enabled, deported, imported and destroyed`() async throws {
        try await Scenario.play("10") { scenario in
            // The host has never managed instances: create sees to that.
            try await scenario.expect("postilion create --enable --group mta out in aux")
            try await scenario.expect("postilion disable aux")
            try await scenario.expect("postfix check && postfix start")
            #expect(try await scenario.running() == ["-", "postfix-out", "postfix-in"])
            try await scenario.expect("postilion destroy in --yes", status: 1)
            try await scenario.expect("postfix stop")

            try await scenario.expect("postilion assign in --group other --name input")
            try await scenario.expect("postmulti -l -g other | grep '^postfix-input '")
            try await scenario.expect("postilion disable input out")
            try await scenario.expect("postilion deport input --confirm postfix-input")
            try await scenario.expect("postmulti -l | grep postfix-in", status: 1)
            try await scenario.expect("postfix -c /etc/postfix-in start")
            try await scenario.expect("postfix -c /etc/postfix-in stop")
            try await scenario.expect("postilion import /etc/postfix-in --name in --group ''")
            try await scenario.expect("postmulti -l | grep '^postfix-in  *-  *n '")

            try await scenario.expect("postilion destroy out in aux --dry-run")
            try await scenario.expect("test -e /etc/postfix-out/main.cf")
            try await scenario.expect("postilion destroy out in aux --yes")
            try await scenario.expect("test ! -e /var/spool/postfix-in")
        }
    }

    @Test func `11 a clone starts beside its model and opens none of its ports`() async throws {
        try await Scenario.play("11") { scenario in
            try await scenario.expect("postilion create --enable out")
            try await scenario.expect(
                """
                set -e
                echo 'example.org discard:' >/etc/postfix-out/transport
                postconf -c /etc/postfix-out -e master_service_disable= syslog_name=postfix-out \\
                    transport_maps=texthash:/etc/postfix-out/transport
                postconf -c /etc/postfix-out -MX smtp/inet
                postconf -c /etc/postfix-out -Me \\
                    '127.0.0.1:10025/inet=127.0.0.1:10025 inet n - n - - smtpd'
                postilion clone copy from out
                """)
            try await scenario.expect(
                "postmap -c /etc/postfix-copy -q example.org texthash:/etc/postfix-copy/transport")
            let maps = try await scenario.expect("postconf -c /etc/postfix-copy -h transport_maps")
            #expect(maps.output == "texthash:/etc/postfix-copy/transport\n")
            try await scenario.expect("postfix -c /etc/postfix-out start")
            try await scenario.expectSoon("bash -c ': </dev/tcp/127.0.0.1/10025'")
            try await scenario.expect("postfix -c /etc/postfix-copy check")
            try await scenario.expect("postfix -c /etc/postfix-copy start")
            #expect(try await scenario.running() == ["postfix-out", "postfix-copy"])
            #expect(
                await scenario.loggers(of: "starting the Postfix mail system")
                    == ["postfix-out", "postfix-copy"])
            #expect(await !scenario.host.logged.contains { $0.contains("bind") })
            try await scenario.expect("postfix -c /etc/postfix-copy stop")
            try await scenario.expect("postfix -c /etc/postfix-out stop")
            try await scenario.expect("rm /etc/postfix-*/transport")
        }
    }

    @Test func `12 a renamed instance keeps its mail and delivers it once`() async throws {
        try await Scenario.play("12") { scenario in
            try await scenario.expect("postilion create --enable out")
            try await scenario.expect(
                """
                postconf -c /etc/postfix-out -e authorized_submit_users=root mydestination= \\
                    'relayhost=[127.0.0.1]:2525' 'inet_interfaces=loopback-only'
                postfix -c /etc/postfix-out start
                for number in 1 2 3; do
                    echo "parcel $number" | sendmail -C /etc/postfix-out -f a@example.com \\
                        b$number@example.com
                done
                """)
            try await scenario.expectSoon(
                "test $(postqueue -c /etc/postfix-out -j | grep -c deferred) = 3")
            try await scenario.expect("postilion rename out relay", status: 1)
            try await scenario.expect("postsuper -c /etc/postfix-out -h ALL deferred")
            try await scenario.expect("postfix -c /etc/postfix-out stop")
            try await scenario.expect("postilion rename out relay")
            try await scenario.expect(
                """
                ! ls -d /etc/postfix-out /var/spool/postfix-out /var/lib/postfix-out 2>/dev/null
                mkdir -m 777 /tmp/sink
                setsid smtp-sink -u nobody -d '/tmp/sink/mail.' 127.0.0.1:2525 10 \\
                    >/dev/null 2>&1 & echo $! >/tmp/sink.pid
                """)
            try await scenario.expectSoon("bash -c ': </dev/tcp/127.0.0.1/2525'")
            try await scenario.expect("postmulti -i relay -p start")
            try await scenario.expect("postsuper -c /etc/postfix-relay -H ALL")
            try await scenario.expect("postqueue -c /etc/postfix-relay -f")
            try await scenario.expectSoon(
                "postqueue -c /etc/postfix-relay -p | grep 'queue is empty'")
            let sent = try await scenario.expect("cat /tmp/sink/* | grep '^parcel' | sort")
            #expect(sent.lines == ["parcel 1", "parcel 2", "parcel 3"])
            #expect(
                Set(await scenario.loggers(of: "status=sent")) == ["postfix-relay"])
            try await scenario.expect(
                "postfix -c /etc/postfix-relay stop; kill $(cat /tmp/sink.pid)")
            try await scenario.expectSoon("! kill -0 $(cat /tmp/sink.pid)")
        }
    }

    @Test func `13 the start order is what move makes of it`() async throws {
        try await Scenario.play("13") { scenario in
            try await scenario.expect("postilion create --enable --group mta a b c")
            try await scenario.expect("postilion move c before a")
            try await scenario.expect("postilion move a after b")
            try await scenario.expect("postfix start")
            #expect(
                await scenario.loggers(of: "starting the Postfix mail system")
                    == ["postfix", "postfix-c", "postfix-b", "postfix-a"])
            try await scenario.expect("postfix stop")
        }
    }

    @Test func `14 the heir of a destroyed instance delivers each message once`() async throws {
        try await Scenario.play("14") { scenario in
            try await scenario.expect("postilion create --enable out heir")
            try await scenario.expect(
                """
                set -e
                for name in out heir; do
                    postconf -c /etc/postfix-$name -e authorized_submit_users=root \\
                        mydestination= 'relayhost=[127.0.0.1]:2525'
                done
                postconf -c /etc/postfix-heir -e hash_queue_depth=2 'hash_queue_names=deferred'
                postfix -c /etc/postfix-out start
                """)
            try await scenario.expect(submit("first", to: "out"))
            try await scenario.expectSoon(deferred(2))
            // A message with a long name, and two recipients of which one has failed for good.
            try await scenario.expect(
                """
                set -e
                postconf -c /etc/postfix-out -e enable_long_queue_ids=yes \\
                    transport_maps=inline:{lost@example.com=error}
                postfix -c /etc/postfix-out reload
                echo 'parcel third' | sendmail -C /etc/postfix-out -f a@example.com -N never \\
                    lost@example.com kept@example.com
                """)
            try await scenario.expectSoon(deferred(3))
            try await scenario.expect(
                """
                set -e
                id=$(postqueue -c /etc/postfix-out -j | grep b2@example.com \\
                    | sed 's/.*"queue_id": "\\([^"]*\\)".*/\\1/')
                postsuper -c /etc/postfix-out -h $id
                postfix -c /etc/postfix-out stop
                echo 'parcel fourth' | sendmail -C /etc/postfix-out -f a@example.com d@example.com
                postilion disable out
                """)
            let refused = try await scenario.expect("postilion destroy out --yes", status: 1)
            #expect(
                refused.errors.text.contains(
                    "has queued mail: 1 in maildrop, 2 in deferred, 1 in hold"))
            let done = try await scenario.expect("postilion destroy out --to heir --yes")
            #expect(done.errors.text.contains("postfix-heir has got 4 messages to deliver"))
            try await scenario.expect("test ! -e /var/spool/postfix-out")
            try await deliver(scenario)
        }
    }

    @Test func `15 a drained instance delivers all, or goes on as before`() async throws {
        try await Scenario.play("15") { scenario in
            try await scenario.expect("postilion create --enable out")
            try await scenario.expect(
                """
                set -e
                postconf -c /etc/postfix-out -e authorized_submit_users=root mydestination= \\
                    master_service_disable= 'relayhost=[127.0.0.1]:2525'
                postconf -c /etc/postfix-out -MX smtp/inet
                postconf -c /etc/postfix-out -Me \\
                    '127.0.0.1:10025/inet=127.0.0.1:10025 inet n - n - - smtpd'
                cp -p /etc/postfix-out/main.cf /tmp/before
                postfix -c /etc/postfix-out start
                """)
            try await scenario.expect(submit("late", to: "out"))
            try await scenario.expectSoon(deferred(2))

            let late = try await scenario.expect(
                "postilion destroy out --drain --deadline 3 --yes", status: 1)
            #expect(late.errors.text.contains("mail is left after the deadline: 2 in deferred"))
            try await scenario.expect("cmp /tmp/before /etc/postfix-out/main.cf")
            try await scenario.expect("postfix -c /etc/postfix-out status")
            try await scenario.expectSoon("bash -c ': </dev/tcp/127.0.0.1/10025'")

            try await scenario.expect(
                """
                mkdir -m 777 /tmp/sink
                setsid smtp-sink -u nobody -d '/tmp/sink/mail.' 127.0.0.1:2525 10 \\
                    >/dev/null 2>&1 & echo $! >/tmp/sink.pid
                """)
            try await scenario.expectSoon("bash -c ': </dev/tcp/127.0.0.1/2525'")
            let done = try await scenario.expect(
                "postilion destroy out --drain --deadline 60 --yes")
            #expect(done.output == "done: destroy postfix-out\n")
            #expect(done.errors.text.contains("postfix-out: no mail is queued"))
            let sent = try await scenario.expect("cat /tmp/sink/* | grep '^parcel' | sort")
            #expect(sent.lines == ["parcel late 1", "parcel late 2"])
            try await scenario.expect("kill $(cat /tmp/sink.pid)")
            try await scenario.expectSoon("! kill -0 $(cat /tmp/sink.pid)")
        }
    }

    /// The heir delivers all but what was on hold, then that as well, and nothing twice.
    private func deliver(_ scenario: Scenario) async throws {
        try await scenario.expect(
            """
            mkdir -m 777 /tmp/sink
            setsid smtp-sink -u nobody -d '/tmp/sink/mail.' 127.0.0.1:2525 10 \\
                >/dev/null 2>&1 & echo $! >/tmp/sink.pid
            """)
        try await scenario.expectSoon("bash -c ': </dev/tcp/127.0.0.1/2525'")
        try await scenario.expect("postfix -c /etc/postfix-heir start")
        try await scenario.expect("postqueue -c /etc/postfix-heir -f")
        try await scenario.expectSoon(
            """
            test "$(postqueue -c /etc/postfix-heir -j | grep -c .)" = 1
            postqueue -c /etc/postfix-heir -j | grep '"queue_name": "hold"'
            """)
        try await scenario.expect(
            "postsuper -c /etc/postfix-heir -H ALL && postqueue -c /etc/postfix-heir -f")
        try await scenario.expectSoon(
            "postqueue -c /etc/postfix-heir -p | grep 'queue is empty'")
        let sent = try await scenario.expect("cat /tmp/sink/* | grep '^parcel' | sort")
        #expect(
            sent.lines == ["parcel first 1", "parcel first 2", "parcel fourth", "parcel third"])
        try await scenario.expect(
            "postfix -c /etc/postfix-heir stop; kill $(cat /tmp/sink.pid)")
        try await scenario.expectSoon("! kill -0 $(cat /tmp/sink.pid)")
    }

    private func submit(_ text: ByteString, to name: ByteString) -> ByteString {
        """
        for number in 1 2; do
            echo "parcel \(text) $number" | sendmail -C /etc/postfix-\(name) -f a@example.com \\
                b$number@example.com
        done
        """
    }

    private func deferred(_ count: Int) -> ByteString {
        "test $(postqueue -c /etc/postfix-out -j | grep -c '\"deferred\"') = \(count)"
    }
}
