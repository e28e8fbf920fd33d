// The transaction on its own: order, undo, journal, history, and what a crash leaves.

import Bytes
import HostAccess
import InstanceOperations
import Instances
import TestSupport
import Testing

@Suite struct `A transaction` {
    private let journal: ByteString = "/var/lib/postilion/journal"
    private let generations: ByteString = "/var/lib/postilion/generations"

    /// A file system with one file to edit.
    private func files() -> InMemoryFileSystem {
        let files = InMemoryFileSystem()
        files.addDirectory("/var/lib")
        files.addFile("/main.cf", "old")
        return files
    }

    private func record(_ changes: ChangeSet, command: [ByteString] = []) -> TransactionRecord {
        TransactionRecord(
            startedSeconds: 1, user: 0, invokedBy: "", command: command, changes: changes)
    }

    private let edit: ChangeSet.Step = .editFile(path: "/main.cf", old: "old", new: "new")
    private let create: ChangeSet.Step = .createFile(
        path: "/d/f", contents: "x", attributes: .init(mode: 0o600, owner: 1, group: 2))
    private var changes: ChangeSet {
        ChangeSet(
            title: "test", preparation: [.makeDirectory(path: "/d", mode: 0o750), create],
            commit: edit, completion: [.removeFile(path: "/gone")])
    }

    @Test func `writes its journal first and archives it last`() throws {
        let files = RecordingFileSystem(files())
        try Transaction(files).apply(record(changes))
        let written: [ByteString] = files.calls.compactMap { call in
            switch call {
            case .makeDirectory(let path, _), .replace(let path, _), .removeFile(let path),
                .rename(let path, _):
                path
            case .synchronise(let path): "sync \(path)"
            default: nil
            }
        }
        #expect(
            written == [
                "/var/lib/postilion", "sync /var/lib", generations, "sync /var/lib/postilion",
                journal, "/d", "/d/f", "sync /", "sync /d",
                "/main.cf", "/gone", "sync /", journal,
            ])
    }

    @Test func `keeps its state from other users`() throws {
        let files = files()
        try Transaction(files).apply(record(changes))
        #expect(files.objects["/var/lib/postilion"]?.mode == 0o700)
        #expect(files.objects[generations]?.mode == 0o700)
        #expect(files.objects["\(generations)/00000001"]?.mode == 0o600)
    }

    @Test func `of nothing writes nothing`() throws {
        let files = files()
        let before = files.objects
        try Transaction(files).apply(record(ChangeSet(title: "nothing")))
        #expect(files.objects == before)
    }

    @Test func `gives new files their attributes`() throws {
        let files = files()
        try Transaction(files).apply(record(changes))
        let made = files.objects["/d/f"]
        #expect(made?.mode == 0o600 && made?.owner == 1 && made?.group == 2)
    }

    @Test func `makes a generation of each change, and keeps two hundred`() throws {
        let files = files()
        for number in 1...205 {
            let old = files.contents(of: "/main.cf") ?? ""
            let edit = ChangeSet.Step.editFile(
                path: "/main.cf", old: old, new: ByteString("\(number)"))
            try Transaction(files).apply(record(ChangeSet(title: "edit", commit: edit)))
        }
        let names = try files.list(generations)
        #expect(names.count == 200)
        #expect(names.first == "00000006" && names.last == "00000205")
        let last = try files.read("\(generations)/00000205", limitBytes: 1 << 20)
        let kept = TransactionRecord(decoding: ByteString(last.bytes))
        #expect(
            kept?.changes.commit == .editFile(path: "/main.cf", old: "204", new: "205"))
    }

    @Test func `leaves strange files in the history alone`() throws {
        let files = files()
        files.addFile("\(generations)/README", "somebody's")
        try Transaction(files).apply(record(changes))
        #expect(try files.list(generations) == ["00000001", "README"])
    }

    @Test func `that fails undoes all, and names the step`() throws {
        let files = files()
        files.addFile("/main.cf", "edited by another")
        let before = files.objects
        let error = #expect(throws: OperationFailure.self) {
            try Transaction(files).apply(record(changes))
        }
        guard case .step(edit, .changedMeanwhile, undoFailures: let failures)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(failures.isEmpty)
        #expect(files.objects.filter { !$0.key.hasPrefix("/var/lib/postilion") } == before)
        #expect(files.contents(of: journal) == nil)
    }

    @Test func `that fails leaves what another one put into its directory`() throws {
        let memory = files()
        memory.addFile("/main.cf", "edited by another")
        // While the edit waits for its lock somebody uses the new directory.
        memory.lockElsewhere("/main.cf.tmp", holder: 9)
        memory.after(milliseconds: 50) { files in
            files.addFile("/d/strange", "somebody's")
            files.unlockElsewhere(holder: 9)
        }
        let error = #expect(throws: OperationFailure.self) {
            try Transaction(memory).apply(record(changes))
        }
        guard case .step(_, _, undoFailures: let failures)? = error else { return }
        #expect(failures.isEmpty)
        #expect(memory.contents(of: "/d/strange") == "somebody's")
        #expect(memory.contents(of: "/d/f") == nil)
    }

    @Test func `goes on after a failure behind the commit point, and tells`() throws {
        let files = files()
        files.addDirectory("/full")
        files.addFile("/full/f")
        var changes = changes
        changes.completion = [.removeDirectory(path: "/full"), .removeFile(path: "/full/f")]
        changes.notices = [.leftBehind(path: "/x")]
        let error = #expect(throws: OperationFailure.self) {
            try Transaction(files).apply(record(changes))
        }
        guard case .completion(let failures, let notices)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(
            failures == [.system(operation: .removeDirectory, path: "/full", error: .notEmpty)])
        #expect(notices == [.leftBehind(path: "/x")])
        #expect(files.contents(of: "/main.cf") == "new")
        #expect(files.contents(of: "/full/f") == nil)
        // The next command does the rest.
        #expect(try Transaction(files).recover()?.isFinished == true)
        #expect(files.objects["/full"] == nil)
    }
}

@Suite struct `An interrupted transaction` {
    private let journal: ByteString = "/var/lib/postilion/journal"

    private func interrupted(_ changes: ChangeSet, at call: Int) -> InMemoryFileSystem {
        let files = InMemoryFileSystem()
        files.addFile("/main.cf", "a = 1\n")
        files.addDirectory("/var/lib/postilion/generations")
        _ = try? Transaction(FaultyFileSystem(files, .killedBefore(call))).apply(
            TransactionRecord(
                startedSeconds: 1, user: 0, invokedBy: "", command: ["x"], changes: changes))
        return files
    }

    private let edit = ChangeSet(
        title: "edit", preparation: [.makeDirectory(path: "/d", mode: 0o755)],
        commit: .editFile(path: "/main.cf", old: "a = 1\n", new: "a = 2\n"),
        completion: [.removeFile(path: "/rest")])

    // The calls are: journal, /d, two synchronisations, the edit, the rest, the archive.
    @Test(arguments: [2, 3, 4, 5])
    func `is undone before its commit point`(call: Int) throws {
        let files = interrupted(edit, at: call)
        let recovery = try Transaction(files).recover()
        #expect(recovery?.isFinished == false)
        #expect(recovery?.record.changes.title == "edit")
        #expect(files.objects["/d"] == nil)
        #expect(files.contents(of: "/main.cf") == "a = 1\n")
        #expect(try Transaction(files).recover() == nil)
    }

    @Test(arguments: [6, 7])
    func `is finished after its commit point`(call: Int) throws {
        let files = interrupted(edit, at: call)
        files.addFile("/rest")
        let recovery = try Transaction(files).recover()
        #expect(recovery?.isFinished == true)
        #expect(recovery?.failures == [])
        #expect(files.objects["/d"] != nil)
        #expect(files.objects["/rest"] == nil)
        #expect(try Transaction(files).recover() == nil)
        #expect(try files.list("/var/lib/postilion/generations") == ["00000001"])
    }

    @Test func `counts as committed when others have edited the file since`() throws {
        let files = interrupted(edit, at: 6)
        files.addFile("/main.cf", "b = 3\na = 2\n")
        #expect(try Transaction(files).recover()?.isFinished == true)
        #expect(files.contents(of: "/main.cf") == "b = 3\na = 2\n")
    }

    @Test func `without a trace is none`() throws {
        let files = InMemoryFileSystem()
        #expect(try Transaction(files).recover() == nil)
        #expect(try Transaction(interrupted(edit, at: 1)).recover() == nil)
    }

    @Test(arguments: ["", "nonsense", "postilion-transaction 1\n4:half"] as [ByteString])
    func `with a damaged journal stops everybody, and changes nothing`(text: ByteString) throws {
        let files = interrupted(edit, at: 4)
        files.addFile(journal, text)
        let before = files.objects
        let error = #expect(throws: OperationFailure.self) { try Transaction(files).recover() }
        guard case .damagedJournal(journal)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(files.objects == before)
    }

    @Test func `with a journal of another user stops everybody`() throws {
        let files = interrupted(edit, at: 4)
        try files.setPermissions(
            journal, mode: 0o600, owner: 1000, group: nil, includingContents: false)
        #expect(throws: OperationFailure.self) { try Transaction(files).recover() }
    }

    @Test func `is named once and forgotten when it can never be finished`() throws {
        let files = interrupted(
            ChangeSet(
                title: "destroy", commit: edit.commit,
                completion: [.removeDirectory(path: "/full")]), at: 3)
        files.addFile("/full/f", "somebody's")
        let recovery = try Transaction(files).recover()
        #expect(recovery?.failures.count == 1)
        #expect(try Transaction(files).recover() == nil)
    }

    @Test func `stays in the journal while it cannot be undone`() throws {
        let files = interrupted(edit, at: 3)
        let broken = FaultyFileSystem(files, .always(from: 1, .readOnly))
        #expect(throws: OperationFailure.self) { try Transaction(broken).recover() }
        #expect(try Transaction(files).recover()?.isFinished == false)
    }

    @Test func `is told of by the next command, which then does its own work`() throws {
        var memory = hostWithPostfix()
        memory.addRegisteredInstances(["postfix-a"])
        memory.arguments = ["postmulti", "-e", "create"]
        _ = try? memory.run(
            ask(.create, name: "postfix-x"),
            files: FaultyFileSystem(memory.files, .killedBefore(12)))
        #expect(memory.files.objects["/etc/postfix-x"] != nil)
        memory.arguments = ["postmulti", "-e", "enable"]
        var titles: [ByteString] = []
        try memory.run(ask(.enable, .instance("a"))) { recovery in
            titles.append(recovery.record.changes.title)
        }
        #expect(titles == ["create postfix-x"])
        #expect(memory.files.objects["/etc/postfix-x"] == nil)
        #expect(try memory.instances().usable.last?.isEnabled == true)
    }
}
