// One run of one row with one of the programs, and the making of a starting state.
//
// It must not touch the machine: all it starts, it starts in a sandbox.

import Bytes
import Foundation
import TestSupport

/// One run.
struct Trial: Sendable {
    var row: ParityRow
    var candidate: Candidate
    /// What makes the row's starting state.
    var layers: [String]
    /// The run's own directory on this machine.
    var directory: String

    /// A run or a starting state that could not be made; not a difference but a broken test.
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    func run() throws -> Outcome {
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        defer {
            if TestedPostfix.kept == nil { try? FileManager.default.removeItem(atPath: directory) }
        }
        for (name, content) in TrialScript(row: row).files {
            let path = "\(directory)/\(name)"
            try Data(content.bytes).write(to: URL(fileURLWithPath: path))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        }
        let log = try LogSocket(path: "\(directory)/log")
        var sandbox = sandbox
        if TestedPostfix.kept != nil {
            let upper = "\(directory).upper"
            try FileManager.default.createDirectory(
                atPath: upper, withIntermediateDirectories: true)
            sandbox.upper = upper
        }
        let result = Result { try sandbox.run(["sh", "\(TrialScript.bench)/trial.sh"]) }
        let messages = log.finish()
        let ended = try result.get()
        guard ended.succeeded else {
            throw Failure(
                description: """
                    the run failed (\(ended.ending)): \(ended.errors.text)
                    \(sandbox.shellCommand)
                    """)
        }
        var outcome = try Outcome(directory: directory, steps: row.steps.count, log: messages)
        if case .stock = candidate { StockRecord(of: row).keep(directory, log: messages) }
        outcome.shellCommand = sandbox.shellCommand
        return outcome
    }

    private var sandbox: Sandbox {
        var sandbox = Self.sandbox(over: layers)
        sandbox.logSocket = "\(directory)/log"
        sandbox.binds = [.init(directory, at: TrialScript.bench, writable: true)]
        let place = "/usr/sbin/postmulti"
        sandbox.binds.append(.init((TestedPostfix.root ?? "") + place, at: TrialScript.stock))
        switch candidate {
        case .stock: break
        case .ours: sandbox.binds.append(.init(TestedPostfix.postmulti, at: place))
        case .imitation(let path): sandbox.binds.append(.init(path, at: place))
        }
        return sandbox
    }

    private static func sandbox(over layers: [String]) -> Sandbox {
        var sandbox = Sandbox()
        sandbox.root = TestedPostfix.root
        sandbox.layers = layers
        sandbox.hostName = "host.example.test"
        return sandbox
    }

    /// Makes a starting state over the layers of its parent; returns all layers.
    static func make(_ state: StartingState, over layers: [String]) throws -> [String] {
        let upper = "\(Scratch.directory)/state-\(state.rawValue)"
        try FileManager.default.createDirectory(atPath: upper, withIntermediateDirectories: true)
        var sandbox = sandbox(over: layers)
        sandbox.upper = upper
        let result = try sandbox.run(["sh", "-c", TrialScript.making(state)])
        guard result.succeeded else {
            throw Failure(description: "\(state) could not be made: \(result.errors.text)")
        }
        return layers + [upper]
    }
}
