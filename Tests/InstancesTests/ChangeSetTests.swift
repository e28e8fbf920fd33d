// Change sets as values: what they say of themselves, and how they join.

import Bytes
import Instances
import Testing

@Suite struct `A change set` {
    private func edit(_ path: ByteString, _ old: ByteString, _ new: ByteString) -> ChangeSet.Step {
        .editFile(path: path, old: old, new: new)
    }

    @Test func `describes its steps for people`() {
        let changes = ChangeSet(
            title: "create postfix-x",
            preparation: [
                .makeDirectory(path: "/etc/postfix-x", mode: 0o755),
                .setPermissions(
                    .init(path: "/q", mode: 0o2710, owner: 105, group: 7, includesContents: true)),
                .createFile(
                    path: "/etc/postfix-x/main.cf", contents: "secret = 1\n",
                    attributes: .init(mode: 0o640, owner: 0, group: 0)),
            ],
            commit: edit("/etc/postfix/main.cf", "a", "b"),
            completion: [.removeFile(path: "/f"), .removeDirectory(path: "/d")])
        #expect(
            changes.description == """
                create postfix-x
                  make directory /etc/postfix-x (755)
                  set /q to 2710, owner 105
                  create /etc/postfix-x/main.cf
                  edit /etc/postfix/main.cf
                  remove /f
                  remove directory /d
                """)
    }

    @Test func `is empty without steps, whatever its title`() {
        #expect(ChangeSet(title: "assign").isEmpty)
        #expect(!ChangeSet(title: "", preparation: [.removeFile(path: "/f")]).isEmpty)
        #expect(!ChangeSet(title: "", commit: .removeFile(path: "/f")).isEmpty)
        #expect(!ChangeSet(title: "", completion: [.removeFile(path: "/f")]).isEmpty)
    }

    @Test func `that follows an empty one stays as it is`() {
        let changes = ChangeSet(title: "enable x", commit: edit("/f", "a", "b"))
        #expect(ChangeSet(title: "").followed(by: changes) == changes)
    }

    @Test func `that edits the same file next makes one edit of both`() {
        let first = ChangeSet(
            title: "create x", preparation: [.makeDirectory(path: "/x", mode: 0o755)],
            commit: edit("/main.cf", "a", "b"), completion: [.removeFile(path: "/1")],
            notices: [.leftBehind(path: "/1")])
        let second = ChangeSet(
            title: "create y",
            preparation: [
                .makeDirectory(path: "/x", mode: 0o755), .makeDirectory(path: "/y", mode: 0o755),
            ],
            commit: edit("/main.cf", "b", "c"), completion: [.removeFile(path: "/2")],
            notices: [.leftBehind(path: "/2")])
        var both = first.followed(by: second)
        #expect(both.title == "create x, create y")
        // One part is what it counts as then.
        both.title = "both"
        #expect(
            both
                == ChangeSet(
                    title: "both",
                    preparation: [
                        .makeDirectory(path: "/x", mode: 0o755),
                        .makeDirectory(path: "/y", mode: 0o755),
                    ],
                    commit: edit("/main.cf", "a", "c"),
                    completion: [.removeFile(path: "/1"), .removeFile(path: "/2")],
                    notices: [.leftBehind(path: "/1"), .leftBehind(path: "/2")]))
    }

    @Test func `of many parts is counted in its summary`() {
        func changes(_ count: Int) -> ChangeSet {
            (1...count).map { number in
                ChangeSet(title: "enable \(number)", commit: edit("/\(number)", "a", "b"))
            }.reduce(ChangeSet(title: "")) { $0.followed(by: $1) }
        }
        #expect(changes(2).summary == "enable 1, enable 2")
        #expect(changes(5).summary == changes(5).title)
        #expect(
            changes(50).summary == "50 changes: enable 1, enable 2, enable 3 and 47 more")
        #expect(changes(50).title.hasSuffix("enable 49, enable 50"))
    }

    @Test func `that edits another file is committed last`() {
        let first = ChangeSet(title: "enable x", commit: edit("/x/main.cf", "a", "b"))
        let second = ChangeSet(title: "enable y", commit: edit("/y/main.cf", "a", "b"))
        let both = first.followed(by: second)
        #expect(both.preparation == [edit("/x/main.cf", "a", "b")])
        #expect(both.commit == edit("/y/main.cf", "a", "b"))
    }
}
