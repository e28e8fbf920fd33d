// Every changing call of every action fails or is the last one: nothing is half done afterwards.
//
// The invariants hold for any fault: each main.cf and master.cf is the old or the new one, the
// lock is free, no instance is broken, the failure names its step, and the same command again
// leads to the same end as without the fault.

import Bytes
import HostAccess
import InstanceOperations
import Instances
import TestSupport
import Testing

@Suite struct `A fault at any call` {
    static let errors: [SystemError] = [.inputOutput, .noSpace, .readOnly, .accessDenied]

    /// A run with a fault: what it threw, and the state it left.
    private struct Run {
        let memory: InMemoryHost
        let failure: OperationFailure?
        let before: [ByteString: InMemoryFileSystem.Object]
        let hasStruck: Bool
        var isRefused = false
    }

    private func run(
        _ scenario: FaultScenario, on host: InMemoryHost, _ fault: FaultyFileSystem.Fault
    ) throws -> Run {
        let memory = host.withCopiedFiles()
        let before = memory.visibleObjects
        let files = FaultyFileSystem(memory.files, fault)
        var failure: OperationFailure?
        var isRefused = false
        do {
            try memory.run(scenario.task, files: files)
        } catch let error as OperationFailure {
            failure = error
        } catch is UndoRefusal {
            isRefused = true
        }
        return Run(
            memory: memory, failure: failure, before: before, hasStruck: files.hasStruck,
            isRefused: isRefused)
    }

    /// Runs a fault at each changing call in turn, and hands every run to the check.
    private func loop(
        _ scenario: FaultScenario, _ fault: (Int) -> FaultyFileSystem.Fault,
        check: (Run, _ final: [ByteString: InMemoryFileSystem.Object], String) throws -> Void
    ) throws {
        let host = try scenario.host()
        let smooth = try run(scenario, on: host, .none)
        #expect(smooth.failure == nil)
        let final = smooth.memory.visibleObjects
        var call = 1
        while true {
            let run = try run(scenario, on: host, fault(call))
            guard run.hasStruck else { break }
            let place = "\(scenario.testDescription), \(fault(call))"
            try checkInvariants(run, final, place)
            try check(run, final, place)
            call += 1
        }
        #expect(call > 4)
    }

    private func checkInvariants(
        _ run: Run, _ final: [ByteString: InMemoryFileSystem.Object], _ place: String
    ) throws {
        let left = run.memory.visibleObjects
        // One that is moved before it is edited is an old one at a new place.
        let whole = Set(run.before.values).union(final.values)
        for (path, object) in left where path.hasSuffix("/main.cf") || path.hasSuffix("/master.cf")
        {
            #expect(whole.contains(object), "\(place): half \(path)")
        }
        #expect(!run.memory.files.hasLocks, "\(place): the lock is not free")
        let mail = messages(run.before)
        #expect(messages(left) == mail, "\(place): mail is lost or there twice")
        // Directories cannot be moved all at once; then a journal tells how to go on.
        if isMoved(run.before, final),
            run.memory.files.contents(of: "/var/lib/postilion/journal") != nil
        {
            return
        }
        let broken = try run.memory.instances().broken
        #expect(broken.isEmpty, "\(place): \(broken)")
    }

    /// True if an instance gets another place.
    private func isMoved(
        _ before: [ByteString: InMemoryFileSystem.Object],
        _ final: [ByteString: InMemoryFileSystem.Object]
    ) -> Bool {
        func places(_ objects: [ByteString: InMemoryFileSystem.Object]) -> Set<ByteString> {
            Set(objects.keys.filter { $0.hasSuffix("/main.cf") })
        }
        return !places(before).isSubset(of: places(final))
            && !places(final).isSubset(of: places(before))
    }

    /// The names of all messages in all queues, wherever they are.
    private func messages(_ objects: [ByteString: InMemoryFileSystem.Object]) -> [ByteString] {
        objects.filter { path, object in
            object.kind == .regular && path.hasPrefix("/var/spool/") && !path.text.contains("/pid/")
        }.compactMap { path, object in
            path.split { $0 == 0x2F }.last.map { "\($0) \(object.content)" }
        }.sorted()
    }

    /// The same command again, on a host that works now, leads where it should.
    private func checkRerun(
        _ run: Run, _ scenario: FaultScenario,
        _ final: [ByteString: InMemoryFileSystem.Object], _ place: String
    ) throws {
        // A command that did everything, and failed only to note so, has nothing left to do.
        let journal = run.memory.files.contents(of: "/var/lib/postilion/journal")
        if run.memory.visibleObjects == final, journal == nil { return }
        do {
            try run.memory.run(scenario.task)
        } catch {
            Issue.record("\(place): the same command again: \(error)")
        }
        expect(run.memory, has: final, "\(place), the same command again")
        #expect(run.memory.files.contents(of: "/var/lib/postilion/journal") == nil)
        #expect(!run.memory.files.objects.keys.contains { $0.hasSuffix(".tmp") }, "\(place)")
    }

    /// The host has these objects and no others.
    private func expect(
        _ memory: InMemoryHost, has objects: [ByteString: InMemoryFileSystem.Object],
        _ place: String
    ) {
        let present = memory.visibleObjects
        let paths = Set(present.keys).union(objects.keys)
        let different = paths.filter { present[$0] != objects[$0] }.sorted()
        #expect(different == [], "\(place)")
    }

    /// A failure before the commit point has taken everything back.
    private func checkNothingLeft(_ run: Run, _ place: String) {
        switch run.failure {
        case .step(let step, let error, undoFailures: let failures):
            guard failures.isEmpty else { return }
            expect(run.memory, has: run.before, place)
            #expect(namesStep(step, error), "\(place): \(step) did not fail with \(error)")
        case .file:
            expect(run.memory, has: run.before, place)
        default:
            break
        }
    }

    /// True if the error is about a path of the step.
    private func namesStep(_ step: ChangeSet.Step, _ error: FileError) -> Bool {
        let words = step.description
        let path = error.path.text
        // A directory that cannot be made durable is one that an earlier step has made.
        if case .system(.sync, _, _) = error { return true }
        return words.contains(path.hasSuffix(".tmp") ? String(path.dropLast(4)) : path)
    }

    /// The errors take turns, so that each meets every kind of call.
    private func error(_ call: Int) -> SystemError { Self.errors[call % Self.errors.count] }

    @Test(arguments: FaultScenario.all)
    func `that happens once is undone or finished`(scenario: FaultScenario) throws {
        try loop(scenario, { .once($0, error($0)) }) { run, final, place in
            checkNothingLeft(run, place)
            if run.failure == nil {
                expect(run.memory, has: final, "\(place), but it reported success")
            }
            try checkRerun(run, scenario, final, place)
        }
    }

    @Test(arguments: FaultScenario.all)
    func `that stays is told of, and made good later`(scenario: FaultScenario) throws {
        try loop(scenario, { .always(from: $0, error($0)) }) { run, final, place in
            if run.failure == nil { expect(run.memory, has: final, "\(place), success") }
            checkNothingLeft(run, place)
            try checkRerun(run, scenario, final, place)
        }
    }

    @Test(arguments: FaultScenario.all)
    func `that follows the effect is undone or finished as well`(scenario: FaultScenario) throws {
        try loop(scenario, { .onceAfterEffect($0, .inputOutput) }) { run, final, place in
            checkNothingLeft(run, place)
            try checkRerun(run, scenario, final, place)
        }
    }

    @Test(arguments: FaultScenario.all)
    func `that is another program's doing the same takes back nothing of its`(
        scenario: FaultScenario
    ) throws {
        let host = try scenario.host()
        let final = try run(scenario, on: host, .none).memory.visibleObjects
        var call = 1
        while true {
            let run = try run(scenario, on: host, .afterAnother(call))
            guard run.hasStruck else { break }
            let place = "\(scenario.testDescription), call \(call)"
            if case .step(let step, let error, undoFailures: let failures) = run.failure {
                #expect(failures.isEmpty, "\(place)")
                #expect(namesStep(step, error), "\(place)")
                checkOthersWorkStays(run, step, final, place)
            }
            if run.isRefused {
                // What is taken back by somebody else is found changed; nothing else happens. The
                // file may have been moved before it was edited.
                let left = run.memory.visibleObjects
                let made = left.filter { run.before[$0.key] != $0.value }
                #expect(made.count == 1, "\(place)")
                #expect(made.values.allSatisfy(final.values.contains), "\(place)")
                #expect(run.before.keys.allSatisfy { left[$0] != nil }, "\(place)")
            }
            #expect(!run.memory.files.hasLocks, "\(place): the lock is not free")
            call += 1
        }
        #expect(call > 4)
    }

    /// All is as before, but for what another program has made in the place of the failed step.
    private func checkOthersWorkStays(
        _ run: Run, _ step: ChangeSet.Step,
        _ final: [ByteString: InMemoryFileSystem.Object], _ place: String
    ) {
        let left = run.memory.visibleObjects
        for (path, object) in left where run.before[path] != object {
            let isOnTheWay = object.kind == .directory
            #expect(step.description.contains(path.text), "\(place): \(path) is left")
            #expect(isOnTheWay || object == final[path], "\(place): \(path) is another")
        }
        let made = left.filter { run.before[$0.key] != $0.value }
        #expect(!made.isEmpty, "\(place): the other program's work is gone")
        #expect(run.before.keys.allSatisfy { left[$0] != nil }, "\(place): something is missing")
    }

    @Test(arguments: FaultScenario.all)
    func `that kills the process before the call is made good later`(
        scenario: FaultScenario
    ) throws {
        try loop(scenario, { .killedBefore($0) }) { run, final, place in
            try checkRerun(run, scenario, final, place)
        }
    }

    @Test(arguments: FaultScenario.all)
    func `that kills the process within the call is made good later`(
        scenario: FaultScenario
    ) throws {
        try loop(scenario, { .killedWithin($0) }) { run, final, place in
            try checkRerun(run, scenario, final, place)
        }
    }

    @Test(arguments: FaultScenario.all)
    func `and another one while it is made good still end well`(
        scenario: FaultScenario
    ) throws {
        try loop(scenario, { .killedWithin($0) }) { run, final, place in
            for call in [2, 3, 5] {
                let files = FaultyFileSystem(run.memory.files, .killedWithin(call))
                _ = try? run.memory.run(scenario.task, files: files)
            }
            try checkRerun(run, scenario, final, place)
        }
    }
}
