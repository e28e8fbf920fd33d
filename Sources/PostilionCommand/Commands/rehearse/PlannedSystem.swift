// Makes the copy of the host in a rehearsal what a blueprint says, as apply does on the host.

import Blueprint
import BlueprintOperations
import Bytes
import HostAccess
import InstanceOperations
import Instances

extension CommandContext {
    /// Applies a blueprint to this host, which is a copy: nothing of it runs.
    ///
    /// What would keep it from being applied to the host is said; but for what only shows later,
    /// when the networks and the neighbours are there.
    ///
    /// - Returns: True if apply would do it.
    func make(_ read: ReadBlueprint) throws(CommandFailure) -> Bool {
        let outcome = try plan(read, startsAndStops: false)
        let report = PlanReport(plan: outcome.plan, blueprint: read.blueprint)
        let obstacles = obstacles(outcome.plan, of: read.blueprint, allowing: [])
            .filter { !Self.laterMended.contains($0.id) }
        for finding in obstacles {
            console.say("postilion: apply would refuse: \(report.line(of: finding))\n")
        }
        let commit = try BlueprintCommit(
            self, read: read, outcome: outcome, startsAndStops: false)
        try commit.putFiles()
        guard commit.compile(outcome.plan.compilations, atOnce: 4) == 0 else {
            throw CommandFailure(.failed, "not all tables could be compiled")
        }
        return obstacles.isEmpty
    }

    /// What a rehearsal provides: addresses, and somebody at each next hop.
    private static let laterMended: Set<ByteString> = ["bind-address-absent", "next-hop-dead"]
}
