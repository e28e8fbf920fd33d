// Carries out a control plan: one wave after the other, the instances of a wave side by side.
//
// What postfix(1) does is not done here: it, or the service manager, is asked to do it.

package import Bytes
package import HostAccess
package import Instances
import PostfixFormats

/// Starts, stops and otherwise controls instances.
package struct ControlOperation {
    /// How it goes about it.
    package struct Manner: Sendable {
        /// How many instances at the same time.
        package var atOnce: Int
        /// How long one instance may take, in seconds.
        package var limitSeconds: Int
        /// Who is asked to do it.
        package var way: ControlWay

        package init(atOnce: Int, limitSeconds: Int, way: ControlWay) {
            self.atOnce = atOnce
            self.limitSeconds = limitSeconds
            self.way = way
        }
    }

    /// What became of one step.
    package struct Result: Sendable {
        package let step: ControlPlan.Step
        package let outcome: Outcome
        /// What was said and logged about it meanwhile, if it failed.
        package let lines: [ByteString]
        /// The instances it sends to that could not be started.
        package let missingSinks: [Int]
    }

    /// How a step ended.
    package enum Outcome: Hashable, Sendable {
        case done
        case failed(ExitStatus)
        case notRun(ProcessError)
        /// It started, but does not listen where it should.
        case notListening([ListeningSocket])

        /// True if all is as it should be.
        package var isDone: Bool { self == .done }
    }

    private let host: Host
    private let snapshot: Snapshot
    private let flow: MailFlow
    private let manner: Manner

    package init(_ host: Host, snapshot: Snapshot, flow: MailFlow, manner: Manner) {
        self.host = host
        self.snapshot = snapshot
        self.flow = flow
        self.manner = manner
    }

    /// Carries the plan out, and tells of each step when it is over.
    package func run(_ plan: ControlPlan, onResult: (Result) -> Void) {
        var failed: Set<Int> = []
        for wave in plan.waves {
            for result in run(wave, failedSoFar: failed) {
                if !result.outcome.isDone { failed.insert(result.step.instance) }
                onResult(result)
            }
        }
    }

    private func run(_ wave: [ControlPlan.Step], failedSoFar: Set<Int>) -> [Result] {
        let logs = wave.map { InstanceLog(snapshot.instances[$0.instance], host.files) }
        var said = wave.map { _ in "" as ByteString }
        var outcomes: [Outcome?] = wave.map { _ in nil }
        host.processes.runSideBySide(
            wave.map(command), atOnce: manner.atOnce, limitSeconds: manner.limitSeconds
        ) { index, event in
            switch event {
            case .output: break
            case .errors(let text):
                // More than this nobody reads, and a loop could say it for ever.
                if said[index].count < 1 << 16 { said[index] += text }
            case .ended(let status):
                outcomes[index] = status.isSuccess ? .done : .failed(status)
            case .failed(let error): outcomes[index] = .notRun(error)
            }
        }
        settle(wave, &outcomes)
        return wave.indices.map { index in
            let outcome = outcomes[index] ?? .done
            let step = wave[index]
            let sinks = step.action == .start ? flow.sinks(of: step.instance) : []
            return Result(
                step: step, outcome: outcome,
                lines: outcome.isDone ? [] : lines(said[index]) + logs[index].news(),
                missingSinks: sinks.intersection(failedSoFar).sorted())
        }
    }

    private func lines(_ text: ByteString) -> [ByteString] { text.split { $0 == 0x0A } }

    private func command(_ step: ControlPlan.Step) -> ChildCommand {
        let instance = snapshot.instances[step.instance]
        return manner.way.command(
            step.action, of: instance.member, runningIn: instance.facts.unit,
            environment: host.environment)
    }

    /// Waits until the started instances listen; those that do not in time have failed.
    private func settle(_ wave: [ControlPlan.Step], _ outcomes: inout [Outcome?]) {
        let started = wave.indices.filter {
            wave[$0].action == .start && outcomes[$0]?.isDone == true
        }
        let deadline = host.clock.nowSeconds + manner.limitSeconds
        var waiting = started
        while true {
            let missing = missingSockets(waiting.map { wave[$0].instance })
            waiting = zip(waiting, missing).filter { !$1.isEmpty }.map(\.0)
            if waiting.isEmpty { return }
            guard host.clock.nowSeconds < deadline else {
                for (index, sockets) in zip(waiting, missing.filter { !$0.isEmpty }) {
                    outcomes[index] = .notListening(sockets)
                }
                return
            }
            host.clock.pause(milliseconds: Self.pauseMilliseconds)
        }
    }

    /// Between two looks at what listens; one costs less than a millisecond.
    private static let pauseMilliseconds = 20

    /// The sockets of each instance's listeners where nobody listens.
    ///
    /// The kernel tells: a connection to try would be a stranger in the mail log.
    private func missingSockets(_ indices: [Int]) -> [[ListeningSocket]] {
        guard !indices.isEmpty, let listening = NetworkObserver(host).listeningSockets().value
        else { return indices.map { _ in [] } }
        return indices.map { index in
            snapshot.instances[index].listeners.flatMap(\.sockets).filter { wanted in
                !listening.contains { $0.serves(wanted.address, wanted.port) }
            }
        }
    }
}
