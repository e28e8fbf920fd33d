// Scenarios 23 to 25: a real systemd runs the instances, by the units that Debian ships.

import Bytes
import TestSupport
import Testing

@Suite(.enabled(if: BootedSystemd.obstacle == nil, "\(BootedSystemd.obstacle ?? "")"))
struct SystemdScenarios {
    /// Plays a scenario on a host that systemd runs, with the instances out and in.
    private static func play(
        _ name: String, _ body: @Sendable (Scenario) async throws -> Void
    ) async throws {
        let systemd = BootedSystemd(named: name)
        defer { systemd.removeControlGroup() }
        try await Scenario.play(name) { scenario in
            try await scenario.expect("postmulti -e init")
            try await scenario.create("out", "in")
            try await scenario.expect(systemd.boot)
            try await body(scenario)
            try await scenario.expect("inside postilion stop")
            try await scenario.expect(systemd.end)
        }
    }

    @Test func `23 instances start, reload and stop by their units`() async throws {
        try await Self.play("23") { scenario in
            let started = try await scenario.expect("inside postilion start out in")
            #expect(started.lines == ["postfix-out  start  done", "postfix-in   start  done"])
            let active = "inside systemctl is-active postfix@postfix-out postfix@postfix-in"
            #expect(
                try await scenario.expect(ByteString(active)).lines == ["active", "active"])
            // The daemon lives where systemd put it, not where the command was typed.
            try await scenario.expect(
                """
                inside sh -c 'number=$(tr -d " " </var/spool/postfix-out/pid/master.pid)
                    grep /postfix@postfix-out.service /proc/$number/cgroup'
                """)

            try await scenario.expect("inside postilion reload out")
            #expect(
                await scenario.loggers(of: "refreshing the Postfix mail system") == ["postfix-out"])

            try await scenario.expect("inside postilion stop out")
            let left = try await scenario.expect(ByteString(active))
            #expect(left.lines == ["inactive", "active"])
            #expect(try await scenario.running() == ["postfix-in"])
        }
    }

    @Test func `24 what was started by hand is stopped by hand, and told`() async throws {
        try await Self.play("24") { scenario in
            try await scenario.expect("inside postfix -c /etc/postfix-out start")
            let seen = try await scenario.expect("inside postilion status out", status: 0)
            #expect(seen.output.text.contains(" !running "))
            #expect(seen.output.text.contains("not in postfix@postfix-out.service"))

            // To stop its unit would be a success, and change nothing.
            try await scenario.expect("inside postilion stop out")
            #expect(try await scenario.running() == [])
            try await scenario.expect("inside postilion start out")
            let regular = try await scenario.expect("inside postilion status out --json")
            #expect(
                regular.output.text.contains(
                    #""runs_in_unit":"postfix@postfix-out.service""#))
        }
    }

    @Test func `25 an instance that its unit runs is drained and destroyed`() async throws {
        try await Self.play("25") { scenario in
            try await scenario.expect(
                """
                postconf -c /etc/postfix-out -e default_transport=discard: \
                    authorized_submit_users=root
                inside postilion start out
                inside postfix -c /etc/postfix-out flush
                """)
            try await scenario.expect(
                "echo mail | inside sendmail -C /etc/postfix-out someone@example.com")
            try await scenario.expect("inside postilion destroy out --drain --yes")
            let state = try await scenario.expect(
                "inside systemctl is-active postfix@postfix-out", status: 3)
            #expect(state.lines == ["inactive"])
            #expect(
                await scenario.loggers(of: "stopping the Postfix mail system") == ["postfix-out"])
            let left = try await scenario.expect("postmulti -l")
            #expect(!left.output.text.contains("postfix-out"))
            // What the unit has put there for jailed services is not the instance's.
            try await scenario.expect("rm -rf /var/spool/postfix-out")
        }
    }
}
