// A hook with the limits that the operator has set: how long, how large, how many at a time.

import SMTPProtocol

/// Runs a hook within its limits.
package struct LimitedHook: Sendable {
    /// What the log calls it.
    package let name: String
    private let hook: any Hook
    private let limits: HookLimits
    private let turns: Turns

    package init(name: String, hook: any Hook, limits: HookLimits) {
        self.name = name
        self.hook = hook
        self.limits = limits
        turns = Turns(limits.concurrency)
    }

    func inspect(_ message: SpooledMessage, _ envelope: Envelope) async -> HookVerdict {
        guard message.wireBytes <= limits.sizeBytes else {
            return HookVerdict(.pass, note: "larger than \(limits.sizeBytes) bytes, not inspected")
        }
        do {
            return try await limited(message, envelope)
        } catch let failure as HookFailure {
            return failed(failure)
        } catch is CancellationError {
            return failed(HookFailure("cancelled"))
        } catch {
            return failed(HookFailure("\(error)"))
        }
    }

    private func failed(_ failure: HookFailure) -> HookVerdict {
        switch limits.onFailure {
        case .tempfail: HookVerdict(.tempfail("\(name) is not available"), note: failure.reason)
        case .pass: HookVerdict(.pass, note: "failed: \(failure.reason)")
        }
    }

    /// The hook's verdict; the time that it waits for its turn counts, because the client waits.
    ///
    /// The task of a hook that takes too long is cancelled, and it is waited for: what it has
    /// opened is closed before its turn is another's.
    private func limited(
        _ message: SpooledMessage, _ envelope: Envelope
    ) async throws -> HookVerdict {
        try await withThrowingTaskGroup(of: HookVerdict.self) { group in
            group.addTask {
                try await turns.take { try await hook.inspect(message, envelope) }
            }
            group.addTask {
                try await Task.sleep(for: .seconds(limits.timeoutSeconds))
                throw HookFailure("no answer in \(limits.timeoutSeconds) seconds")
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw HookFailure("no answer") }
            return first
        }
    }
}

/// How long, how large, how many at a time.
package struct HookLimits: Equatable, Sendable {
    package var timeoutSeconds = 60
    /// Larger messages go on without a look.
    package var sizeBytes = 50 << 20
    package var concurrency = 20
    package var onFailure = FailurePolicy.tempfail

    package init() {}
}
