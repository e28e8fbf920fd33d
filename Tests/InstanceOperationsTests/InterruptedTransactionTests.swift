// What a crash leaves of a transaction, and what the next command makes of it.

import Bytes
import HostAccess
import InstanceOperations
import Instances
import TestSupport
import Testing

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
