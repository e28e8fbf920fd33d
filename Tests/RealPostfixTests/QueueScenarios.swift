// Scenarios 53 to 55: the queues of real instances, beside postqueue(1) and qshape(1).

import Bytes
import Foundation
import TestSupport
import Testing

@Suite(
    .enabled(
        if: TestedPostfix.obstacle(withPostilion: true) == nil,
        "\(TestedPostfix.obstacle(withPostilion: true) ?? "")"))
struct QueueScenarios {
    @Test(arguments: ["no", "yes"])
    func `53 queue list tells what postqueue tells`(_ longIDs: String) async throws {
        try await Scenario.play("53-\(longIDs)") { scenario in
            let out = try await startOut(scenario, "enable_long_queue_ids=\(longIDs)")
            // In maildrop for as long as nobody picks it up.
            try await scenario.expect("postfix -c \(out) stop")
            try await scenario.expect(hostileMail(out))
            try await compare(scenario, out, least: 9)
            try await scenario.expect("postfix -c \(out) start")
            try await scenario.expectSoon("postqueue -c \(out) -j | grep -c deferred | grep -x 9")
            // Before a message is forced to expire, of which qshape takes no notice.
            let shape = try await scenario.expect("postilion queue shape -q deferred --json out")
            let stock = try await scenario.host.run("qshape -c \(out) deferred | sed -n 2p")
            if stock.status == 0, let line = stock.lines.first {
                let total = line.split(separator: " ").dropFirst().first.map(String.init) ?? "?"
                let ours = shape.lines.last ?? ""
                #expect(ours.contains("\"count\":\(total),"), "\(line) and \(ours)")
            }
            try await scenario.expect(
                """
                set -e
                postqueue -c \(out) -j | sed -n '2,3s/.*"queue_id": "\\([^"]*\\)".*/\\1/p' |
                    postsuper -c \(out) -h -
                postsuper -c \(out) -e $(postqueue -c \(out) -j |
                    sed -n '/deferred/s/.*"queue_id": "\\([^"]*\\)".*/\\1/p' | tail -1) || :
                # A server that says nothing keeps mail in active, and what then comes waits in
                # incoming.
                setsid smtp-sink -u nobody -W ehlo:600 127.0.0.1:2600 10 >/dev/null 2>&1 &
                echo $! >/tmp/mute.pid
                postconf -c \(out) -e qmgr_message_active_limit=2 in_flow_delay=0
                postfix -c \(out) reload
                for number in 1 2 3 4 5; do
                    echo x | sendmail -C \(out) -f a@example.com mute$number@mute.example.net
                done
                """)
            try await scenario.expectSoon(
                "postqueue -c \(out) -j | grep -c '\"incoming\"' | grep -x 3")
            try await scenario.expectSoon(
                "postqueue -c \(out) -j | grep -c '\"active\"' | grep -x 2")
            try await compare(scenario, out, least: 13)
            try await scenario.expect("kill $(cat /tmp/mute.pid)")
            try await stop(scenario, out)
        }
    }

    @Test func `54 queue list misses next to nothing while all mail is tried again`() async throws {
        try await Scenario.play("54") { scenario in
            let out = try await startOut(
                scenario,
                "queue_run_delay=1s minimal_backoff_time=1s maximal_backoff_time=1s")
            try await scenario.expect(
                "smtp-source -s 4 -m 1000 -N -t x@dead.example.net 127.0.0.1:10026")
            try await scenario.expectSoon("postilion queue list --count --json | grep 1000")
            let script: ByteString = """
                all=$(postqueue -c \(out) -j | wc -l)
                id='s/.*"queue_id": *"\\([^"]*\\)".*/\\1/p'
                for round in $(seq 12); do
                    postilion queue list --json out | sed -n "$id" | sort >/tmp/ours
                    postqueue -c \(out) -j | sed -n "$id" | sort >/tmp/stock
                    echo "$(uniq /tmp/ours | wc -l) $(uniq -d /tmp/ours | wc -l)" \
                        "$(uniq /tmp/stock | wc -l)"
                done
                """
            let rounds = try await scenario.expect(script).lines.map { line in
                line.split(separator: " ").compactMap { Int($0) }
            }
            try #require(rounds.count == 12 && rounds.allSatisfy { $0.count == 3 })
            let missed = rounds.map { 1000 - $0[0] }.reduce(0, +)
            let stock = rounds.map { 1000 - $0[2] }.reduce(0, +)
            print("missed of 12,000 that moved: \(missed), postqueue \(stock)")
            #expect(rounds.allSatisfy { $0[1] == 0 }, "listed twice")
            // Ten of 6,000 are twenty of these; a machine that is busy gets as much again.
            #expect(missed <= 40 || missed < stock, "\(rounds)")
            try await stop(scenario, out)
        }
    }

    @Test func `55 queue holds, releases, requeues, flushes and deletes`() async throws {
        try await Scenario.play("55") { scenario in
            let out = try await startOut(scenario, "")
            try await scenario.expect(
                """
                set -e
                smtp-source -m 30 -N -f news@example.com -t x@dead.example.net 127.0.0.1:10026
                smtp-source -m 5 -N -f other@example.org -t y@dead.example.net 127.0.0.1:10026
                """)
            let count = "postilion queue list --count --json out"
            func expectSoon(_ text: String) async throws {
                try await scenario.expectSoon("\(ByteString(count)) | grep '\(ByteString(text))'")
            }
            try await expectSoon(#""deferred":35,"hold":0"#)
            try await scenario.expect("postilion queue hold out", status: 64)
            try await scenario.expect("postilion queue hold --sender @example.com out --dry-run")
            try await expectSoon(#""deferred":35,"hold":0"#)
            let held = try await scenario.expect("postilion queue hold --sender @example.com out")
            #expect(held.lines == ["postfix-out: 30 held"])
            try await expectSoon(#""deferred":5,"hold":30"#)
            try await scenario.expect("postilion queue release --recipient 1x@dead.example.net")
            try await expectSoon(#""deferred":6,"hold":29"#)
            try await scenario.expect("postilion queue delete -q hold", status: 64)
            try await scenario.expect("postilion queue delete -q hold --yes")
            try await expectSoon(#""deferred":6,"hold":0"#)
            // Now the way is free for those that are asked to go.
            try await scenario.expect(
                """
                set -e
                postconf -c \(out) -e 'transport_maps = inline:{dead.example.net=discard:}'
                postfix -c \(out) reload
                """)
            try await scenario.expect(
                "postilion queue flush --reason refused --sender @example.org")
            try await expectSoon(#""total":1}"#)
            try await scenario.expect("postilion queue requeue --all")
            try await scenario.expect("postfix -c \(out) reload")
            try await expectSoon(#""total":0}"#)
            try await stop(scenario, out)
        }
    }

    /// An instance that listens on port 10026; to some domains nobody is there.
    private func startOut(_ scenario: Scenario, _ settings: String) async throws -> ByteString {
        let out: ByteString = "/etc/postfix-out"
        try await scenario.expect("postmulti -e init")
        try await scenario.create("out")
        try await scenario.expect(
            """
            set -e
            dead=dead.example.net=smtp:[127.0.0.1]:9
            mute=mute.example.net=smtp:[127.0.0.1]:2600
            postconf -c \(out) -e master_service_disable= mydestination= relayhost= \
                mynetworks=127.0.0.0/8 authorized_submit_users=static:all \
                maillog_file=/var/log/out.log smtputf8_enable=yes default_transport=smtp \
                smtputf8_autodetect_classes=all \
                "transport_maps = inline:{ $dead, $mute }"
            postconf -c \(out) -MX smtp/inet
            postconf -c \(out) -Me '127.0.0.1:10026/inet=127.0.0.1:10026 inet n - n - - smtpd'
            postconf -c \(out) -e mail_name=Postfix \(ByteString(settings))
            postfix -c \(out) start
            """)
        try await scenario.expectSoon("bash -c ': </dev/tcp/127.0.0.1/10026'")
        return out
    }

    private func stop(_ scenario: Scenario, _ directory: ByteString) async throws {
        try await scenario.expect(
            """
            # What moves meanwhile, postsuper does not see.
            postsuper -c \(directory) -d ALL
            postfix -c \(directory) stop
            postsuper -c \(directory) -d ALL || :
            """)
    }

    /// Nine messages with the addresses that are hardest to show.
    private func hostileMail(_ directory: ByteString) -> ByteString {
        """
        set -e
        mail() { printf 'Subject: x\\n\\nx\\n' | sendmail -C \(directory) "$@"; }
        dead=dead.example.net
        mail -f '' one@$dead
        mail -f 'first last@example.com' "two words@$dead"
        mail -f "$(printf 'quo"te\\\\slash@example.com')" "\\"a b\\"@$dead"
        mail -f 'jörg@exämple.de' "grün@$dead"
        mail -f "$(printf 'latin\\344@example.com')" "$(printf 'b\\344r@')$dead"
        mail -f "$(printf 'es\\033[31mc@example.com')" "$(printf 'bell\\007@')$dead"
        mail -f many@example.com $(seq -f "user%g@$dead" 60)
        printf 'To: a@%s\\nCc: b@%s\\n\\nx\\n' $dead $dead | sendmail -C \(directory) -t -f t@x.org
        printf 'Subject: large\\n\\n%8000s\\n' '' | sendmail -C \(directory) -f l@x.org large@$dead
        """
    }

    /// Compares the two lists, as long as nothing moves.
    private func compare(
        _ scenario: Scenario, _ directory: ByteString, least: Int
    ) async throws {
        let stock = try messages(await scenario.expect("postqueue -c \(directory) -j"))
        let ours = try messages(await scenario.expect("postilion queue list --json out"))
        #expect(stock.count >= least)
        #expect(Set(ours.keys) == Set(stock.keys))
        for (id, expected) in stock { #expect(ours[id] == expected, "\(id)") }
    }

    /// Messages by id, with the members that all releases have.
    private func messages(_ answer: RealHost.Answer) throws -> [String: NSDictionary] {
        var messages: [String: NSDictionary] = [:]
        for line in answer.lines {
            var object = try #require(
                try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            object["instance"] = nil
            object["recipients"] = (object["recipients"] as? [[String: Any]])?.map { recipient in
                recipient.filter { ["address", "delay_reason"].contains($0.key) }
            }
            let id = try #require(object["queue_id"] as? String)
            #expect(messages[id] == nil, "\(id) twice")
            messages[id] = object as NSDictionary
        }
        return messages
    }
}
