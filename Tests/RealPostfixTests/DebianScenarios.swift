// Scenarios 6 and 7: what Debian puts around Postfix works unchanged with ours.

import Bytes
import TestSupport
import Testing

@Suite(.enabled(if: TestedPostfix.obstacle() == nil, "\(TestedPostfix.obstacle() ?? "")"))
struct DebianScenarios {
    /// Until 3.9 the unit of an instance calls postmulti; since then postfix(1) directly.
    private static let isOld = TestedPostfix.version < PostfixVersion("3.9")

    private static let generator = "/usr/lib/systemd/system-generators/postfix-instance-generator"

    @Test(.enabled(if: isOld, "this Debian has no generator of units"))
    func `6 the generator of units finds the instances`() async throws {
        try await Scenario.play("6") { scenario in
            try await scenario.expect("postmulti -e init")
            try await scenario.create("out", "in")
            try await scenario.expect(
                "mkdir /tmp/units && \(ByteString(Self.generator)) /tmp/units")
            let units = try await scenario.expect("ls /tmp/units/postfix.service.wants")
            #expect(
                units.lines.sorted()
                    == [
                        "postfix@-.service", "postfix@postfix-in.service",
                        "postfix@postfix-out.service",
                    ])
        }
    }

    @Test func `7 the command lines of a unit start, reload and stop its instance`() async throws {
        try await Scenario.play("7") { scenario in
            try await scenario.expect("postmulti -e init")
            try await scenario.create("out", "in")
            let unit = try await scenario.expect("cat /usr/lib/systemd/system/postfix@.service")
            let lines = Self.commands(of: unit.lines, instance: Self.isOld ? "postfix-out" : "out")
            for kind in ["ExecStartPre", "ExecStart"] {
                try await scenario.expect(try #require(lines[kind]))
            }
            try await scenario.expectSoon("postfix -c /etc/postfix-out status")
            #expect(try await scenario.running() == ["postfix-out"])
            try await scenario.expect(try #require(lines["ExecReload"]))
            #expect(
                await scenario.loggers(of: "refreshing the Postfix mail system") == ["postfix-out"])
            try await scenario.expect(try #require(lines["ExecStop"]))
            #expect(try await scenario.running() == [])
        }
    }

    /// The unit's command lines for an instance, with the environment that the unit gives them.
    private static func commands(
        of unit: [String], instance: String
    ) -> [String: ByteString] {
        // systemd sets this for every service.
        var environment = "mkdir -p /run/systemd/system; export INVOCATION_ID=1; "
        var commands: [String: ByteString] = [:]
        for line in unit {
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, !line.hasPrefix("#") else { continue }
            let value = parts[1].replacing("%i", with: instance).replacing("%I", with: instance)
            if parts[0] == "Environment" { environment += "export \(value); " }
            if parts[0].hasPrefix("Exec") {
                let command = value.drop { "+-!@:".contains($0) }
                commands[String(parts[0])] = ByteString(environment + command)
            }
        }
        return commands
    }
}
