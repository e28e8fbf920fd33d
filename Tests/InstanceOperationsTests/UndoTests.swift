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

    /// Changes of all kinds in an order that comes by chance; what is refused is left out.
    @Test(arguments: 1...40)
    func `of generated changes leads back through every state`(seed: Int) throws {
        var random = SeededNumbers(seed: UInt64(seed))
        let memory = hostWithPostfix()
        memory.addRegisteredInstances(["postfix-a", "postfix-b"])
        var trees = [memory.visibleObjects]
        while trees.count <= 8 {
            guard try random.change(memory) else { continue }
            let tree = memory.visibleObjects
            if tree != trees.last { trees.append(tree) }
        }
        for (index, tree) in trees.enumerated().dropLast().reversed() {
            let plan = try #require(try memory.undo())
            expect(memory, is: tree, "seed \(seed), back to \(index)")
            // There and back again, now and then.
            if Bool.random(using: &random) {
                let number = try #require(try memory.history().entries.first).number
                try memory.undo(number)
                expect(memory, is: trees[index + 1], "seed \(seed), again \(index + 1)")
                try memory.undo(plan.generation)
                expect(memory, is: tree, "seed \(seed), back again to \(index)")
            }
        }
    }

    @Test func `of a creation leaves directories that were there before`() throws {
        let memory = hostWithPostfix()
        memory.addRegisteredInstances(["postfix-a"])
        memory.files.addDirectory("/etc/postfix-x", mode: 0o700)
        memory.files.addFile("/var/lib/postfix-x/notes", "operator's")
        let before = Set(memory.visibleObjects.keys)
        try memory.run(ask(.create, name: "postfix-x"))
        try memory.undo()
        #expect(Set(memory.visibleObjects.keys) == before)
    }

    @Test func `of a creation takes what a run and postmap have made, but no mail`() throws {
        let memory = hostWithPostfix()
        memory.addRegisteredInstances(["postfix-a"])
        memory.files.addFile("/etc/postfix-a/tables/access", "operator's")
        let before = memory.visibleObjects
        try memory.run(.clone(.init(model: "/etc/postfix-a", newName: "postfix-x", newGroup: nil)))
        memory.files.addFile("/etc/postfix-x/tables/access.db", "compiled")
        memory.files.addSocket("/var/spool/postfix-x/private/smtp")
        memory.files.addFile("/var/lib/postfix-x/master.lock")
        memory.files.addFile("/var/spool/postfix-x/deferred/A", "mail")
        #expect(
            try memory.undoRefusal()
                == .removal(
                    .hasQueuedMail(
                        configDirectory: "/etc/postfix-x",
                        counts: [.init(queue: "deferred", messages: 1)])))
        memory.files.remove("/var/spool/postfix-x/deferred/A")
        try memory.undo()
        expect(memory, is: before, "undone")
    }

    @Test func `of a creation is refused for what was edited since, with the reason`() throws {
        let memory = hostWithPostfix()
        memory.addRegisteredInstances(["postfix-a"])
        try memory.run(ask(.create, name: "postfix-x"))
        try memory.run(ask(.enable, .instance("x")))
        #expect(
            try memory.undoRefusal(1)
                == .editedSince(
                    name: "postfix-x", path: "/etc/postfix-x/main.cf",
                    .parameter("multi_instance_enable"),
                    by: .generation(2, title: "enable postfix-x")))
        // What was made and taken back in between is nobody's change.
        try memory.undo()
        memory.files.addFile("/etc/postfix-x/master.cf", "")
        #expect(
            try memory.undoRefusal()
                == .editedSince(
                    name: "postfix-x", path: "/etc/postfix-x/master.cf", .text,
                    by: .somebodyElse))
    }

    @Test func `of a change of names is refused where they are taken by now`() throws {
        let memory = hostWithPostfix()
        memory.addRegisteredInstances(["postfix-a", "postfix-b"])
        try memory.run(ask(.assign, .instance("a"), name: "postfix-c"))
        try memory.run(ask(.assign, .instance("b"), name: "postfix-a"))
        guard case .conflict? = try memory.undoRefusal(1) else {
            Issue.record("not refused")
            return
        }
    }

    @Test func `of a deportation is refused if the instance is gone`() throws {
        let memory = hostWithPostfix()
        memory.addRegisteredInstances(["postfix-a", "postfix-b"])
        try memory.run(ask(.deport, .instance("a")))
        memory.files.remove("/etc/postfix-a")
        #expect(try memory.undoRefusal() == .noInstance(configDirectory: "/etc/postfix-a"))
    }

    @Test func `finds the generation that this process has made`() throws {
        var memory = hostWithPostfix()
        memory.addRegisteredInstances(["postfix-a", "postfix-b"])
        memory.arguments = ["postilion", "apply"]
        try memory.run(ask(.enable, .instance("a")))
        let own = memory
        memory.arguments = ["postilion", "enable", "b"]
        try memory.run(ask(.enable, .instance("b")))
        let installation = try Installation.observe(own.host())
        let operation = UndoOperation(own.host(), installation: installation)
        #expect(try operation.ownGeneration() == 1)
    }
}

extension SeededNumbers {
    /// Makes a change of any kind; false if it is refused.
    fileprivate mutating func change(_ memory: InMemoryHost) throws -> Bool {
        let directories = try memory.instances().registeredDirectories
        let one = directories.randomElement(using: &self) ?? "/etc/postfix-none"
        let other = directories.randomElement(using: &self) ?? "/etc/postfix-none"
        let name: ByteString =
            "postfix-\(["a", "b", "x", "y", "z"].randomElement(using: &self) ?? "")"
        let all: [LifecycleTask] = [
            .action(ask(.create, name: name, enables: true)), .action(ask(.create, name: name)),
            .action(ask(.enable, .instance(one))), .action(ask(.disable, .instance(one))),
            .action(ask(.assign, .instance(one), name: name, group: "g")),
            .action(ask(.deport, .instance(one))), .action(ask(.destroy, .instance(one))),
            .action(ask(.import, name: nil, "config_directory=/etc/\(name)")),
            .move(.init(moved: [one], anchors: [other], isAfter: true)),
            .clone(.init(model: one, newName: name, newGroup: nil)),
            .rename(.init(configDirectory: one, newName: name)),
            .close(configDirectory: one),
        ]
        let task = all.randomElement(using: &self) ?? all[0]
        if Bool.random(using: &self) { return try set(in: one, memory) }
        do {
            try memory.run(task)
            return true
        } catch OperationFailure.refusal {
            return false
        }
    }

    private mutating func set(in directory: ByteString, _ memory: InMemoryHost) throws -> Bool {
        let installation = try Installation.observe(memory.host())
        let value: ByteString = "\(Int.random(in: 1...3, using: &self))"
        let edit = ConfigEdit([
            .init(.parameter("inet_interfaces"), Bool.random(using: &self) ? value : nil)
        ])
        let outcome = try ConfigOperation(memory.host(), installation: installation)
            .run(edit, of: directory) { _ in }
        return (try? outcome?.get()) != nil
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
