// Scenario 23: a real systemd runs the instances, by the units that Debian ships.

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
                inside sh -c 'cat /proc/$(tr -d " " </var/spool/postfix-out/pid/master.pid)/cgroup' \
                    | grep /postfix@postfix-out.service
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
}
