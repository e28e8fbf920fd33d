// Scenarios 40 and 41: what postilion status and config say of real instances, with Postfix's own
// programs as the judges.

import Bytes
import TestSupport
import Testing

@Suite(
    .enabled(
        if: TestedPostfix.obstacle(withPostilion: true) == nil,
        "\(TestedPostfix.obstacle(withPostilion: true) ?? "")"))
struct StatusScenarios {
    @Test func `40 status tells what runs, listens and waits, and what is broken`() async throws {
        try await Scenario.play("40") { scenario in
            try await prepare(scenario)
            let table = try await scenario.expect("postilion status", status: 1)
            let rows = table.lines.map { $0.split(separator: " ").map(String.init) }
            #expect(rows[1][0...3] == ["-", "-", "yes", "running"])
            #expect(rows[2][0...3] == ["postfix-out", "mta", "yes", "running"])
            #expect(table.lines[2].contains("  127.0.0.1:10026  "))
            #expect(rows[3][0...3] == ["postfix-in", "mta", "no", "stopped"])
            #expect(rows[4][0] == "/etc/postfix-bad" && rows[4][3] == "broken")
            let pid = try await scenario.expect("tr -d ' ' </var/spool/postfix/pid/master.pid")
            #expect(rows[1][4] == pid.lines[0])

            // The age is that of the first message, whether its name or its file tells it.
            for (selector, directory) in [("-", "postfix"), ("out", "postfix-out")] {
                let facts = try await scenario.expect(
                    """
                    postqueue -c /etc/\(ByteString(directory)) -j | sed 's/.*"arrival_time": //
                        s/,.*//' | sort -n | head -n 1
                    postilion status --json \(ByteString(selector)) | sed 's/.*"deferred"://
                        s/}.*//'
                    """)
                // A name tells when the file was made, a moment after the message came.
                let came = try #require(Int(facts.lines[0]))
                let isSo = (came...came + 5).contains { second in
                    facts.lines[1].hasPrefix(#"{"messages":3,"oldest_at":\#(second),"#)
                }
                #expect(isSo, "\(facts.output)")
            }
            try await scenario.expect("postilion status - out in")
            try await scenario.expect(
                """
                postconf -c /etc/postfix-out -Me \\
                    '127.0.0.1:10027/inet=127.0.0.1:10027 inet n - n - - smtpd'
                postilion status out | grep 'nothing listens on 127.0.0.1:10027'
                """)
            try await scenario.expect("postfix -c /etc/postfix-out reload")
            try await scenario.expectSoon("postilion status out")
            // A plain user learns what may be seen, and what may not.
            let plain = try await scenario.expect(
                "setpriv --reuid=nobody --clear-groups postilion status - out")
            #expect(plain.lines[1].contains("unknown"))
            #expect(plain.output.text.contains("cannot see queues: list /var/spool/postfix/"))

            try await scenario.expect(
                """
                postfix -c /etc/postfix-out stop; postfix -c /etc/postfix stop
                postsuper -c /etc/postfix -d ALL; postsuper -c /etc/postfix-out -d ALL
                mv /etc/postfix-bad/main.cf.away /etc/postfix-bad/main.cf
                """)
        }
    }

    /// Two instances that run with three deferred messages each, a stopped and a broken one.
    private func prepare(_ scenario: Scenario) async throws {
        try await scenario.expect("postmulti -e init")
        try await scenario.create("out", "in", "bad")
        try await scenario.expect(
            """
            set -e
            postconf -c /etc/postfix-out -e master_service_disable= relayhost='[127.0.0.1]:9' \\
                authorized_submit_users=static:all enable_long_queue_ids=yes \\
                inet_interfaces=127.0.0.1
            postconf -c /etc/postfix-out -MX smtp/inet
            postconf -c /etc/postfix-out -Me \\
                '127.0.0.1:10026/inet=127.0.0.1:10026 inet n - n - - smtpd'
            postconf -e relayhost='[127.0.0.1]:9' authorized_submit_users=static:all \\
                master_service_disable=inet
            postmulti -e disable -i postfix-in
            mv /etc/postfix-bad/main.cf /etc/postfix-bad/main.cf.away
            postfix -c /etc/postfix start
            postfix -c /etc/postfix-out start
            for directory in /etc/postfix /etc/postfix-out; do
                for number in 1 2 3; do
                    echo parcel | sendmail -C $directory -f a@example.com b@example.net
                done
            done
            """)
        try await scenario.expectSoon("postqueue -c /etc/postfix -p | grep -- '3 Requests'")
        try await scenario.expectSoon(
            "postqueue -c /etc/postfix-out -p | grep -- '3 Requests'")
        try await scenario.expectSoon(
            "! find /var/spool/postfix*/active -type f | grep .")
    }

    @Test func `41 config reads and edits as postconf does`() async throws {
        try await Scenario.play("41") { scenario in
            try await scenario.expect("postmulti -e init")
            try await scenario.create("out", "in")
            try await compareReading(scenario)
            // What postconf makes of the files, ours makes of them.
            try await scenario.expect(
                """
                set -e
                cp -a /etc/postfix-out /etc/theirs
                postconf -c /etc/theirs -e relayhost='[hub.example.com]' inet_interfaces=127.0.0.1
                postconf -c /etc/theirs -F 'smtp/inet/process_limit=7' '*/unix/chroot=n'
                postconf -c /etc/theirs -P smtp/inet/smtpd_client_restrictions=reject
                postilion config set out relayhost='[hub.example.com]' inet_interfaces=127.0.0.1 \\
                    smtp/inet/process_limit=7 '*/unix/chroot=n' \\
                    smtp/inet/smtpd_client_restrictions=reject
                # Releases differ in the order of new lines.
                sort /etc/theirs/main.cf >/tmp/theirs; sort /etc/postfix-out/main.cf >/tmp/ours
                cmp /tmp/theirs /tmp/ours
                postconf -c /etc/theirs -M >/tmp/theirs; postconf -c /etc/postfix-out -M >/tmp/ours
                diff /tmp/theirs /tmp/ours
                postilion config diff out /etc/theirs
                rm -r /etc/theirs
                """)
            // All instances, or none.
            try await scenario.expect(
                "cp /etc/postfix-*/main.cf /tmp; cat /etc/postfix-*/main.cf | md5sum >/tmp/before")
            try await scenario.expect("postilion config set @mta alias_maps=hsh:/x", status: 1)
            try await scenario.expect("postilion config set @mta relayhosts=x", status: 1)
            try await scenario.expect(
                "cat /etc/postfix-*/main.cf | md5sum | cmp - /tmp/before")
            let next = try await scenario.expect(
                """
                postconf -c /etc/postfix-in -MX smtp/inet
                postfix -c /etc/postfix-in start
                postilion config set @mta smtp_helo_timeout=100
                postilion config set @mta inet_protocols=ipv4
                postfix -c /etc/postfix-in stop
                """)
            #expect(next.errors.text.contains("postfix-in: needs 'postfix -c"))
            #expect(!next.errors.text.contains("postfix-out: needs"))
        }
    }

    private func compareReading(_ scenario: Scenario) async throws {
        // What postconf prints of all parameters, ours prints, written and expanded.
        try await scenario.expect(
            """
            for directory in /etc/postfix /etc/postfix-out; do
                # Every process has another process_id, which debugger_command names.
                names=$(postconf -d | sed 's/ =.*//' | grep -v process_id)
                names=$(echo "$names" | grep -v debugger_command)
                postconf -c $directory $names >/tmp/theirs
                postilion config get $directory $names >/tmp/ours
                diff /tmp/theirs /tmp/ours || exit
                postconf -x -h -c $directory $names >/tmp/theirs
                postilion config get -x -h $directory $names >/tmp/ours
                diff /tmp/theirs /tmp/ours || exit
                for name in '*/unix/chroot' smtp/inet/command; do
                    postconf -c $directory -F "$name" >/tmp/theirs
                    postilion config get $directory "$name" >/tmp/ours
                    diff /tmp/theirs /tmp/ours || exit
                done
            done
            """)
    }
}
