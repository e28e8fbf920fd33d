// The steps that remove a file or directory so that it can be brought back.

import Bytes
import HostAccess
import InstanceOperations
import Instances
import TestSupport
import Testing

@Suite struct `Deleting` {
    private let attributes = ChangeSet.Attributes(mode: 0o640, owner: 3, group: 4)
    private let directory = ChangeSet.Attributes(mode: 0o2711, owner: 5, group: 6)

    private func files() -> InMemoryFileSystem {
        let files = InMemoryFileSystem()
        files.addDirectory("/var/lib/postilion/generations")
        files.addDirectory("/d", mode: 0o2711, owner: 5, group: 6)
        files.addFile("/d/f", "text", mode: 0o640, owner: 3, group: 4)
        files.addFile("/main.cf", "a = 1\n")
        return files
    }

    private var deleteFile: ChangeSet.Step {
        .deleteFile(path: "/d/f", old: "text", attributes: attributes)
    }

    private let edit: ChangeSet.Step = .editFile(
        path: "/main.cf", old: "a = 1\n", new: "a = 2\n")

    private func apply(_ changes: ChangeSet, _ files: any FileSystem) throws {
        try Transaction(files).apply(
            TransactionRecord(
                startedSeconds: 1, user: 0, invokedBy: "", command: ["x"], changes: changes))
    }

    private func visible(
        _ files: InMemoryFileSystem
    ) -> [ByteString: InMemoryFileSystem.Object] {
        files.objects.filter { !$0.key.hasPrefix("/var/lib/postilion") }
    }

    @Test func `a file is refused if it holds something else, and all is undone`() throws {
        let files = files()
        files.addFile("/d/f", "other", mode: 0o640, owner: 3, group: 4)
        let before = visible(files)
        let changes = ChangeSet(
            title: "t", preparation: [.makeDirectory(path: "/n", mode: 0o755), deleteFile],
            commit: edit)
        #expect(throws: OperationFailure.self) { try apply(changes, files) }
        #expect(visible(files) == before)
    }

    @Test func `at any crash is undone or finished, to owner and mode`() throws {
        let kinds: [ChangeSet] = [
            ChangeSet(title: "before", preparation: [deleteFile], commit: edit),
            ChangeSet(title: "decides", commit: deleteFile),
            ChangeSet(
                title: "after", commit: edit,
                completion: [
                    deleteFile, .deleteDirectory(path: "/d", attributes: directory),
                ]),
            ChangeSet(
                title: "directory before",
                preparation: [deleteFile, .deleteDirectory(path: "/d", attributes: directory)],
                commit: edit),
        ]
        for changes in kinds {
            let before = visible(files())
            let whole = files()
            try apply(changes, whole)
            let after = visible(whole)
            #expect(after["/d/f"] == nil)
            for fault in [FaultyFileSystem.Fault.killedBefore, { .killedWithin($0) }] {
                for call in 1...9 {
                    let files = files()
                    _ = try? apply(changes, FaultyFileSystem(files, fault(call)))
                    let recovery = try Transaction(files).recover()
                    let isDone = recovery?.isFinished ?? (visible(files) == after)
                    #expect(
                        visible(files) == (isDone ? after : before), "\(changes.title), \(call)")
                    #expect(files.contents(of: "/var/lib/postilion/journal") == nil)
                }
            }
        }
    }

    @Test func `what is gone already is done`() throws {
        let files = files()
        files.remove("/d")
        try apply(ChangeSet(title: "t", commit: edit, completion: [deleteFile]), files)
        #expect(files.contents(of: "/var/lib/postilion/journal") == nil)
    }

    @Test func `reaches the disk before the commit does`() throws {
        let files = RecordingFileSystem(files())
        try apply(ChangeSet(title: "t", preparation: [deleteFile], commit: edit), files)
        let synchronised = files.calls.firstIndex { $0 == .synchronise(directory: "/d") }
        let committed = files.calls.firstIndex {
            if case .replace("/main.cf", _) = $0 { true } else { false }
        }
        #expect(try #require(synchronised) < #require(committed))
    }

    @Test func `keeps what destroy removes of a configuration`() throws {
        let memory = hostWithPostfix()
        memory.addRegisteredInstances(["postfix-a"])
        try memory.run(ask(.create, name: "postfix-x"))
        let main = try #require(memory.files.objects["/etc/postfix-x/main.cf"])
        let queue = try #require(memory.files.objects["/var/spool/postfix-x/maildrop"])
        let changes = try memory.run(ask(.destroy, .instance("x"))).changes
        #expect(
            changes.completion.contains(
                .deleteFile(
                    path: "/etc/postfix-x/main.cf", old: main.content,
                    attributes: .init(mode: main.mode, owner: main.owner, group: main.group))))
        #expect(
            changes.completion.contains(
                .deleteDirectory(
                    path: "/var/spool/postfix-x/maildrop",
                    attributes: .init(mode: queue.mode, owner: queue.owner, group: queue.group))))
    }
}
