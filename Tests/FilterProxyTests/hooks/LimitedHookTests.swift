// Limits hold for every hook, whatever it does.

import SMTPProtocol
import Synchronization
import Testing

@testable import FilterProxy

@Suite(.timeLimit(.minutes(6))) struct `A hook with limits` {
    /// Waits until it is cancelled or let go on, and counts how many do so at a time.
    private final class SlowHook: Hook {
        private let state = Mutex((now: 0, most: 0, cancelled: 0))
        private let seconds: Double

        init(seconds: Double) { self.seconds = seconds }

        var most: Int { state.withLock { $0.most } }
        var cancelled: Int { state.withLock { $0.cancelled } }
        var now: Int { state.withLock { $0.now } }

        func inspect(
            _ message: SpooledMessage, _ envelope: Envelope
        ) async throws(HookFailure) -> HookVerdict {
            state.withLock { state in
                state.now += 1
                state.most = max(state.most, state.now)
            }
            defer { state.withLock { $0.now -= 1 } }
            do {
                try await Task.sleep(for: .seconds(seconds))
                return HookVerdict(.pass, note: "slept")
            } catch {
                state.withLock { $0.cancelled += 1 }
                throw HookFailure("cancelled")
            }
        }
    }

    private func limited(
        _ hook: any Hook, _ change: (inout HookLimits) -> Void
    ) -> LimitedHook {
        var limits = HookLimits()
        change(&limits)
        return LimitedHook(name: "slow", hook: hook, limits: limits)
    }

    @Test func `is cancelled when its time is over, and that is waited for`() async {
        let hook = SlowHook(seconds: 60)
        let verdict = await limited(hook) { $0.timeoutSeconds = 1 }.inspect(.small, .example)
        #expect(verdict.decision == .tempfail("slow is not available"))
        #expect(verdict.note == "no answer in 1 seconds")
        #expect(hook.cancelled == 1)
        #expect(hook.now == 0)
    }

    @Test func `lets the message go on if a failure is to do that`() async {
        let hook = SlowHook(seconds: 60)
        let verdict = await limited(hook) {
            $0.timeoutSeconds = 1
            $0.onFailure = .pass
        }.inspect(.small, .example)
        #expect(verdict == HookVerdict(.pass, note: "failed: no answer in 1 seconds"))
    }

    @Test func `does not look at messages that are too large`() async {
        let hook = SlowHook(seconds: 0)
        let verdict = await limited(hook) { $0.sizeBytes = 10 }.inspect(.small, .example)
        #expect(verdict == HookVerdict(.pass, note: "larger than 10 bytes, not inspected"))
        #expect(hook.most == 0)
    }

    @Test func `works on so many messages at a time, and on all in the end`() async {
        let hook = SlowHook(seconds: 0.05)
        let limited = limited(hook) { $0.concurrency = 3 }
        let verdicts = await withTaskGroup(of: HookVerdict.self) { group in
            for _ in 0..<20 { group.addTask { await limited.inspect(.small, .example) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(verdicts.filter { $0.note == "slept" }.count == 20)
        #expect(hook.most <= 3)
    }

    @Test func `counts the time in which it waits for its turn`() async {
        let hook = SlowHook(seconds: 2.5)
        let limited = limited(hook) {
            $0.concurrency = 1
            $0.timeoutSeconds = 3
        }
        let notes = await withTaskGroup(of: String.self) { group in
            for _ in 0..<4 { group.addTask { await limited.inspect(.small, .example).note } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(notes.filter { $0 == "slept" }.count == 1)
        #expect(notes.filter { $0 == "no answer in 3 seconds" }.count == 3)
        // Those that went away have left the place free.
        #expect(await limited.inspect(.small, .example).note == "slept")
    }
}
