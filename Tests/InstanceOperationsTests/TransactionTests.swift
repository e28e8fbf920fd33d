// The transaction on its own: order, undo, journal and history.

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

    @Test func `that fails leaves the same file alone if another one has made it`() throws {
        let files = files()
        files.addFile("/d/f", "x", mode: 0o644)
        let before = files.objects
        let error = #expect(throws: OperationFailure.self) {
            try Transaction(files).apply(
                record(ChangeSet(title: "test", preparation: [create], commit: edit)))
        }
        guard case .step(create, .system(_, _, .exists), undoFailures: [])? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(files.objects.filter { !$0.key.hasPrefix("/var/lib/postilion") } == before)
    }

    @Test func `that fails leaves the same edit alone if another one has made it`() throws {
        let files = files()
        files.addFile("/main.cf", "new")
        let error = #expect(throws: OperationFailure.self) {
            try Transaction(files).apply(record(changes))
        }
        guard case .step(edit, .changedMeanwhile, undoFailures: [])? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(files.contents(of: "/main.cf") == "new")
        #expect(files.objects["/d"] == nil)
    }

    // The calls are: two directories and their synchronisations, journal, /d, /d/f.
    @Test(arguments: [7, 10])
    func `that cannot make its own file durable takes it back`(call: Int) throws {
        let memory = files()
        let before = memory.objects
        let files = FaultyFileSystem(memory, .onceAfterEffect(call, .inputOutput))
        let error = #expect(throws: OperationFailure.self) {
            try Transaction(files).apply(record(changes))
        }
        guard case .step(let step, _, undoFailures: [])? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(step == (call == 7 ? create : edit))
        #expect(memory.objects.filter { !$0.key.hasPrefix("/var/lib/postilion") } == before)
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
