// Scenarios 20 to 22: starting, stopping and picturing instances by postilion.

import Bytes
import TestSupport
import Testing

@Suite(
    .enabled(
        if: TestedPostfix.obstacle(withPostilion: true) == nil,
        "\(TestedPostfix.obstacle(withPostilion: true) ?? "")"))
struct ControlScenarios {
    /// Three in a row, registered the wrong way round: mail goes from first to last.
    private static let chain: ByteString = """
        set -e
        postilion create --enable --group mta first middle last
        port=10030
        for name in first middle last; do
            postconf -c /etc/postfix-$name -MX smtp/inet
            postconf -c /etc/postfix-$name -Me \\
                "127.0.0.1:$port/inet=127.0.0.1:$port inet n - n - - smtpd"
            port=$((port + 1))
            postconf -c /etc/postfix-$name -e master_service_disable= \\
                inet_interfaces=loopback-only myhostname=$name.example.test \\
                "default_transport=smtp:[127.0.0.1]:$port" authorized_submit_users=root
        done
        postconf -c /etc/postfix-last -e default_transport=discard:
        """

    @Test func `20 instances start sinks first and stop sources first`() async throws {
        try await Scenario.play("20") { scenario in
            try await scenario.expect(Self.chain)
            let started = try await scenario.expect("postilion start @mta --no-systemd")
            #expect(
                started.lines == [
                    "postfix-last    start  done", "postfix-middle  start  done",
                    "postfix-first   start  done",
                ])
            // Done means that connections are taken.
            try await scenario.expect(
                "bash -c 'for port in 10030 10031 10032; do : </dev/tcp/127.0.0.1/$port; done'")
            #expect(
                await scenario.loggers(of: "starting the Postfix mail system")
                    == ["postfix-last", "postfix-middle", "postfix-first"])
            let again = try await scenario.expect("postilion start @mta --no-systemd")
            #expect(again.lines.allSatisfy { $0.hasSuffix("unchanged: runs already") })

            try await scenario.expect("postilion stop @mta --no-systemd")
            #expect(
                await scenario.loggers(of: "stopping the Postfix mail system")
                    == ["postfix-first", "postfix-middle", "postfix-last"])
            #expect(try await scenario.running() == [])
        }
    }

    @Test func `21 one failure stops nobody else, and is told with the log`() async throws {
        try await Scenario.play("21") { scenario in
            try await scenario.expect(Self.chain)
            try await scenario.expect(
                """
                for name in first middle last; do
                    postconf -c /etc/postfix-$name -e maillog_file=/var/log/$name.log
                done
                echo 'not a service' >>/etc/postfix-middle/master.cf
                """)
            let started = try await scenario.expect(
                "postilion start @mta --no-systemd 2>&1", status: 3)
            #expect(started.lines.first == "postfix-last    start  done")
            #expect(started.lines.contains("postfix-middle  start  failed: exit status 1"))
            #expect(
                started.lines.last
                    == "postfix-first   start  done: sends to postfix-middle, which did not start")
            #expect(started.output.text.contains("bad field count"))
            #expect(try await scenario.running() == ["postfix-first", "postfix-last"])

            // One that cannot be read at all is a row, too.
            try await scenario.expect("mv /etc/postfix-first/main.cf /tmp/main.cf")
            let stopped = try await scenario.expect("postilion stop --no-systemd", status: 3)
            #expect(stopped.output.text.contains("/etc/postfix-first  stop  failed: open "))
            #expect(stopped.output.text.contains("postfix-last        stop  done"))
            try await scenario.expect("mv /tmp/main.cf /etc/postfix-first/main.cf")
            try await scenario.expect("postilion abort first --no-systemd")
            try await scenario.expect("sed -i '$d' /etc/postfix-middle/master.cf")
            #expect(try await scenario.running() == [])
            try await scenario.expect("rm -f /var/log/{first,middle,last}.log")
        }
    }

    @Test func `22 each instance reloads, flushes, restarts, and can be asked`() async throws {
        try await Scenario.play("22") { scenario in
            try await scenario.expect(Self.chain)
            try await scenario.expect("postilion start middle last --no-systemd")
            let reloaded = try await scenario.expect("postilion reload @mta --no-systemd")
            #expect(
                reloaded.lines == [
                    "postfix-first   reload  unchanged: does not run",
                    "postfix-middle  reload  done", "postfix-last    reload  done",
                ])
            try await scenario.expect("postilion flush @mta")
            try await scenario.expect("postilion check @mta")
            try await scenario.expect("postilion restart middle --no-systemd")
            #expect(
                await scenario.loggers(of: "refreshing the Postfix mail system").sorted()
                    == ["postfix-last", "postfix-middle"])
            let asked = try await scenario.expect(
                "postilion exec -j 3 --prefix @mta -- postconf -h multi_instance_name | sort")
            #expect(
                asked.lines == [
                    "postfix-first  | postfix-first", "postfix-last   | postfix-last",
                    "postfix-middle | postfix-middle",
                ])
            let drawn = try await scenario.expect("postilion topology")
            #expect(drawn.lines.contains("└─ default_transport → postfix-middle"))
            try await scenario.expect("postilion stop @mta --no-systemd")
        }
    }
}
