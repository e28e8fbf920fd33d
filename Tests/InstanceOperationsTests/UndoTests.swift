// Undo from end to end on the host in memory: whole trees are compared.

import Bytes
import HostAccess
import InstanceOperations
import Instances
import TestSupport
import Testing

@Suite struct `Undo` {
    private typealias Tree = [ByteString: InMemoryFileSystem.Object]

    private func expect(_ memory: InMemoryHost, is tree: Tree, _ place: String) {
        let present = memory.visibleObjects
        let different = Set(present.keys).union(tree.keys).filter { present[$0] != tree[$0] }
        #expect(different.sorted() == [], "\(place)")
    }

    @Test(arguments: FaultScenario.undoable)
    func `of any action restores every byte, mode and directory, and undo of that redoes it`(
        scenario: FaultScenario
    ) throws {
        let memory = try scenario.host()
        let before = memory.visibleObjects
        try memory.run(scenario.task)
        let after = memory.visibleObjects
        #expect(before != after)
        let done = try memory.history().newestToTakeBack?.number ?? 0

        let plan = try memory.undo()
        #expect(plan?.generation == done)
        expect(memory, is: before, "undone")
        #expect(try memory.instances().broken == [])
        #expect(try memory.history().undo(of: done) == done + 1)

        try memory.undo(done + 1)
        expect(memory, is: after, "redone")
        try memory.undo(done + 2)
        expect(memory, is: before, "undone again")
    }

    @Test func `of all generations leads back to the beginning`() throws {
        let memory = hostWithPostfix()
        memory.addRegisteredInstances(["postfix-a", "postfix-b"])
        var trees = [memory.visibleObjects]
        let tasks: [LifecycleTask] = [
            .action(ask(.create, name: "postfix-x", group: "mta")),
            .action(ask(.enable, .instance("x"))),
            .action(ask(.assign, .instance("a"), group: "mta")),
            .move(.init(moved: ["/etc/postfix-x"], anchors: ["/etc/postfix-a"], isAfter: false)),
            .clone(.init(model: "/etc/postfix-x", newName: "postfix-y", newGroup: nil)),
            .rename(.init(configDirectory: "/etc/postfix-y", newName: "postfix-z")),
            .action(ask(.disable, .instance("x"))),
            .action(ask(.deport, .instance("a"))),
            .action(ask(.destroy, .instance("z"))),
            .action(ask(.import, name: "postfix-a", "config_directory=/etc/postfix-a")),
        ]
        for task in tasks {
            try memory.run(task)
            trees.append(memory.visibleObjects)
        }
        for (index, tree) in trees.enumerated().dropLast().reversed() {
            try memory.undo()
            expect(memory, is: tree, "back to \(index)")
        }
        #expect(try memory.undoRefusal() == .nothingToTakeBack)
    }
}

extension FaultScenario {
    /// Those whose mail stays where it is, and that leave nothing that only a run makes.
    static let undoable = actions.filter {
        ![
            "destroy after a run", "destroy, and hand the mail over",
            "create in directories that are there",
        ].contains($0.testDescription)
    }
}

extension InMemoryHost {
    /// Takes a generation back, as root; `files` may break on the way.
    @discardableResult
    func undo(
        _ generation: Int? = nil, files: (any FileSystem)? = nil
    ) throws -> UndoPlan? {
        let installation = try Installation.observe(host())
        let outcome = try UndoOperation(host(files: files), installation: installation)
            .run(generation: generation) { _ in }
        // The same command was interrupted before, and is finished now.
        return try outcome?.get()
    }

    /// Why a generation cannot be taken back; nil if it was.
    func undoRefusal(_ generation: Int? = nil) throws -> UndoRefusal? {
        do {
            try undo(generation)
            return nil
        } catch let refusal as UndoRefusal {
            return refusal
        }
    }

    /// All generations.
    func history() throws -> Generations { try UndoOperation.history(host()) }
}
