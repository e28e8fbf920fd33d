// Plays a part of the fault trials with each test run; `make faults` plays all of them.
//
// The trials themselves are a program, because they must live inside a sandbox.

import Bytes
import TestSupport
import Testing

/// The program that plays the trials.
private enum FaultProgram {
    static let path = "\(Package.root)/.build/release/FaultTrials"

    static let isBuilt =
        (try? ChildProcess("/usr/bin/test", ["-x", ByteString(path)]).run())?.succeeded ?? false
}

@Suite(
    .serialized,
    .enabled(if: TestedPostfix.obstacle() == nil, "\(TestedPostfix.obstacle() ?? "")"),
    .enabled(if: FaultProgram.isBuilt, "\(FaultProgram.path) is missing: scripts/build makes it"))
struct FaultTests {
    /// Each Nth case of a section, such that all kinds of calls and errors come up.
    @Test(arguments: [
        ("kill", 13), ("interrupt", 29), ("error", 53), ("error-for-good", 53), ("durability", 1),
    ])
    func `a fault at a system call leaves the old or the new state`(
        _ section: String, every: Int
    ) throws {
        try play(section, every: every)
    }

    @Test func `edits at once are all done, and none waits for ever`() throws {
        try play("concurrency", every: 20)
    }

    @Test func `a broken instance stops no other`() throws {
        try play("broken", every: 5)
    }

    @Test(arguments: [("destroy", 3), ("race", 10)])
    func `destroy removes what Postfix made, and nothing else`(
        _ section: String, every: Int
    ) throws {
        try play(section, every: every)
    }

    @Test(arguments: [("words", 13), ("surroundings", 3), ("overlap", 7), ("children", 3)])
    func `hostile words and surroundings do no harm`(_ section: String, every: Int) throws {
        try play(section, every: every)
    }

    // MARK: playing

    private func play(_ section: String, every: Int) throws {
        var sandbox = Sandbox()
        sandbox.root = TestedPostfix.root
        sandbox.binds = [
            .init(TestedPostfix.postmulti, at: "/usr/sbin/postmulti"),
            .init(FaultProgram.path, at: "/mnt/FaultTrials"),
        ]
        sandbox.deadlineSeconds = 300
        let answer = try sandbox.run([
            "/mnt/FaultTrials", ByteString(section), "--every", "\(every)",
        ])
        #expect(answer.succeeded, "\(answer.output)\(answer.errors)")
        var cases = 0
        for line in answer.output.text.split(separator: "\n") {
            let fields = line.split(separator: "\t")
            if fields.first == "result" {
                cases += fields.count > 1 ? Int(fields[1]) ?? 0 : 0
            } else {
                Issue.record("\(line)")
            }
        }
        #expect(cases > 0)
    }
}
