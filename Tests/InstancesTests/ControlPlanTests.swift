// What has to be done for start, stop and the others, and in which order.

import Bytes
import Instances
import Testing

@Suite struct `A control plan` {
    private static let running = Observed<ProcessState>.known(
        .running(processID: 7, sinceSeconds: nil))

    /// The border mail server with the instances running that are listed.
    private func plan(
        _ action: ControlAction, running: Set<Int> = [], disabled: Set<Int> = [],
        isNamed: Bool = false
    ) -> ControlPlan {
        var snapshot = borderMailServer()
        for index in snapshot.instances.indices {
            if running.contains(index) { snapshot.instances[index].process = Self.running }
            guard var instance = snapshot.instances[index].instance else { continue }
            instance.isEnabled = !disabled.contains(index)
            snapshot.instances[index].member = .instance(instance)
        }
        return ControlPlan(
            action, selected: [0, 1, 2], isNamed: isNamed, snapshot, flow(snapshot))
    }

    private func steps(_ plan: ControlPlan) -> [[String]] {
        plan.waves.map { wave in wave.map { "\($0.action.rawValue) \($0.instance)" } }
    }

    @Test func `starts what does not run, sinks first`() {
        let plan = plan(.start, running: [0])
        #expect(steps(plan) == [["start 1"], ["start 2"]])
        #expect(plan.skips == [.init(instance: 0, reason: .alreadyRunning)])
    }

    @Test func `stops in the reverse order`() {
        let plan = plan(.stop, running: [0, 1, 2])
        #expect(steps(plan) == [["stop 2"], ["stop 1", "stop 0"]])
    }

    @Test func `stops all before it starts any again`() {
        #expect(
            steps(plan(.restart, running: [1, 2]))
                == [["stop 2"], ["stop 1"], ["start 0", "start 1"], ["start 2"]])
    }

    @Test func `reloads what runs, all at once`() {
        let plan = plan(.reload, running: [1, 2])
        #expect(steps(plan) == [["reload 1", "reload 2"]])
        #expect(plan.skips == [.init(instance: 0, reason: .notRunning)])
        #expect(steps(self.plan(.check)) == [["check 0", "check 1", "check 2"]])
    }

    @Test func `leaves out who is not enabled, and says so if that one was named`() {
        #expect(plan(.start, disabled: [1]).skips == [])
        #expect(
            plan(.start, disabled: [1], isNamed: true).skips
                == [.init(instance: 1, reason: .notEnabled)])
        #expect(steps(plan(.start, disabled: [1])) == [["start 0", "start 2"]])
        // Who runs can be stopped, enabled or not.
        #expect(steps(plan(.stop, running: [1], disabled: [1])) == [["stop 1"]])
    }

    @Test func `does nothing about who cannot be seen`() {
        var snapshot = borderMailServer()
        snapshot.instances[1].process = .unknown(reason: "no right")
        let broken = BrokenInstance(configDirectory: "/x", reason: .relativeDirectory("x"))
        snapshot.instances[2].member = .broken(broken)
        let plan = ControlPlan(
            .start, selected: [0, 1, 2], isNamed: false, snapshot, flow(snapshot))
        #expect(steps(plan) == [["start 0"]])
        #expect(
            plan.skips == [
                .init(instance: 1, reason: .unseen(reason: "no right")),
                .init(instance: 2, reason: .broken(.relativeDirectory("x"))),
            ])
        #expect(plan.skips.allSatisfy { $0.reason.isFailure })
    }
}
