// So many at a time: who comes later waits, in the order in which they came.

/// Lets a number of tasks go on at a time.
actor Turns {
    private var free: Int
    private var waiting: [Waiter] = []
    private var arrivals = 0

    private struct Waiter {
        let number: Int
        /// Told true when it is this one's turn, and false if its task has been cancelled.
        let turn: CheckedContinuation<Bool, Never>
    }

    init(_ count: Int) { free = count }

    /// Runs `body` when it is its turn.
    ///
    /// - Throws: what `body` throws, or `CancellationError` if the task does not wait any longer.
    func take<Value: Sendable>(_ body: @Sendable () async throws -> Value) async throws -> Value {
        guard await isOurTurn() else { throw CancellationError() }
        defer { pass() }
        return try await body()
    }

    private func isOurTurn() async -> Bool {
        guard free == 0 else {
            free -= 1
            return true
        }
        arrivals += 1
        let number = arrivals
        return await withTaskCancellationHandler {
            await withCheckedContinuation { turn in
                // Cancellation may have come before there was anything to leave.
                if Task.isCancelled {
                    turn.resume(returning: false)
                } else {
                    waiting.append(Waiter(number: number, turn: turn))
                }
            }
        } onCancel: {
            Task { await self.leave(number) }
        }
    }

    private func leave(_ number: Int) {
        guard let index = waiting.firstIndex(where: { $0.number == number }) else { return }
        waiting.remove(at: index).turn.resume(returning: false)
    }

    private func pass() {
        if waiting.isEmpty {
            free += 1
        } else {
            waiting.removeFirst().turn.resume(returning: true)
        }
    }
}
