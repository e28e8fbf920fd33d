// Runs rows: makes the starting states, keeps many sandboxes going at once, and clears up.
//
// It must not compare: it hands out what each run left.

import Bytes
import Foundation
import TestSupport

/// Which postmulti a trial is about.
enum Candidate: Sendable {
    case stock
    case ours
    /// A shell script in the place of postmulti; `TrialScript.stock` is the true one.
    case imitation(path: String)
}

/// Where trials are run, once for the whole test run.
actor Laboratory {
    static let shared = Laboratory()

    /// Most of a stock run is sleep (a second for a fatal error, two for a changed file), so many
    /// more than there are processors may be under way.
    private let trialsAtOnce = 12

    private var running = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var states: [StartingState: Task<[String], any Error>] = [:]
    private var lastNumber = 0

    /// What a row leaves behind with one of the programs.
    func outcome(of row: ParityRow, with candidate: Candidate) async throws -> Outcome {
        if case .stock = candidate, let outcome = try await recorded(row) { return outcome }
        let layers = try await layers(of: row.start)
        await enter()
        defer { leave() }
        lastNumber += 1
        let trial = Trial(
            row: row, candidate: candidate, layers: layers,
            directory: "\(Scratch.directory)/\(lastNumber)")
        return try await Self.onThread { try trial.run() }
    }

    private func recorded(_ row: ParityRow) async throws -> Outcome? {
        // A record holds no tree to look into.
        if TestedPostfix.kept != nil { return nil }
        return try await Self.onThread { StockRecord(of: row).read(steps: row.steps.count) }
    }

    /// The layers, lowest first, that make the starting state.
    private func layers(of state: StartingState) async throws -> [String] {
        if let making = states[state] { return try await making.value }
        let making = Task {
            var layers: [String] = []
            if let parent = state.parent { layers = try await self.layers(of: parent) }
            let below = layers
            return try await Self.onThread { try Trial.make(state, over: below) }
        }
        states[state] = making
        return try await making.value
    }

    private func enter() async {
        if running < trialsAtOnce {
            running += 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    private func leave() {
        if waiting.isEmpty { running -= 1 } else { waiting.removeFirst().resume() }
    }

    /// Waiting for a child must not hold up one of the few threads of the test runner.
    private static func onThread<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
        }
    }
}

/// The directory that holds everything of this test run.
enum Scratch {
    static let directory: String = {
        let parent = TestedPostfix.kept ?? "/tmp"
        let path = "\(parent)/postilion-parity-\(getpid())"
        try? FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
        if TestedPostfix.kept == nil {
            // The last trial does not know that it is the last.
            atexit { try? FileManager.default.removeItem(atPath: Scratch.directory) }
        }
        return path
    }()
}
