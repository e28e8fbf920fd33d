// What takes a generation back: the inverse of each step, and what is refused.

import Bytes
import Instances
import PostfixFormats
import Testing

@Suite struct `Taking a generation back` {
    private let attributes = ChangeSet.Attributes(mode: 0o640, owner: 1, group: 2)
    private let primary: ByteString = "/etc/postfix/main.cf"

    private func generation(
        _ number: Int, _ changes: ChangeSet, takesBack: Int? = nil
    ) -> Generation {
        Generation(
            number: number,
            record: TransactionRecord(
                startedSeconds: 1, user: 0, invokedBy: "", command: [], takesBack: takesBack,
                changes: changes))
    }

    private func file(_ path: ByteString, _ contents: ByteString) -> UndoFacts.Object {
        .file(ConfigFile(path: path, contents: contents, attributes: attributes))
    }

    /// The change set that takes the first of some changes back.
    private func takingBack(
        _ changes: ChangeSet, then later: ChangeSet..., where texts: [ByteString: ByteString],
        directories: [ByteString: [ByteString]] = [:], databases: Set<ByteString> = []
    ) throws(UndoRefusal) -> ChangeSet {
        var facts = UndoFacts(registration: primary)
        for (path, text) in texts { facts.objects[path] = file(path, text) }
        for (path, names) in directories {
            facts.objects[path] = .directory(attributes, names: names)
        }
        facts.databases = databases
        let all = ([changes] + later).enumerated().map { generation($0 + 1, $1) }
        return try TakeBack(
            all[0], among: Generations(all.map { .generation($0) }), facts
        ).changes()
    }

    private func edit(
        _ old: ByteString, _ new: ByteString, _ path: ByteString = "/e/main.cf"
    ) -> ChangeSet {
        ChangeSet(title: "edit", commit: .editFile(path: path, old: old, new: new))
    }

    // MARK: inverses

    @Test func `brings every kind of step back, the last one first`() throws {
        let changes = ChangeSet(
            title: "all",
            preparation: [
                .makeDirectory(path: "/d", mode: 0o755),
                .createFile(path: "/d/t", contents: "t", attributes: attributes),
                .setPermissions(.init(path: "/d", attributes)),
                .move(path: "/old", newPath: "/new"),
                .deleteFile(path: "/gone", old: "was", attributes: attributes),
            ],
            commit: .editFile(path: "/e/main.cf", old: "a = 1\n", new: "a = 2\n"),
            completion: [
                .removeFile(path: "/socket"),
                .deleteDirectory(path: "/g", attributes: attributes),
            ])
        let undo = try takingBack(
            changes, where: ["/e/main.cf": "a = 2\n", "/d/t": "t"],
            directories: ["/d": ["t"], "/new": []])
        #expect(
            undo
                == ChangeSet(
                    title: "undo 1: all",
                    preparation: [
                        .makeDirectory(path: "/g", mode: 0o640),
                        .setPermissions(.init(path: "/g", attributes)),
                        .createFile(path: "/gone", contents: "was", attributes: attributes),
                        .move(path: "/new", newPath: "/old"),
                        .deleteFile(path: "/d/t", old: "t", attributes: attributes),
                    ],
                    commit: .editFile(path: "/e/main.cf", old: "a = 2\n", new: "a = 1\n"),
                    completion: [.deleteDirectory(path: "/d", attributes: attributes)]))
    }

    @Test func `finds files where a later move of the same generation put them`() throws {
        let changes = ChangeSet(
            title: "m",
            preparation: [
                .editFile(path: "/a/main.cf", old: "x = 1\n", new: "x = 2\n"),
                .move(path: "/a", newPath: "/b"),
            ], commit: .editFile(path: primary, old: "l = /a\n", new: "l = /b\n"))
        let undo = try takingBack(
            changes, where: ["/b/main.cf": "x = 2\n", primary: "l = /b\n"],
            directories: ["/b": ["main.cf"]])
        #expect(
            undo.preparation == [
                .move(path: "/b", newPath: "/a"),
                .editFile(path: "/a/main.cf", old: "x = 2\n", new: "x = 1\n"),
            ])
        #expect(undo.commit == .editFile(path: primary, old: "l = /b\n", new: "l = /a\n"))
    }

    @Test func `makes one edit of several of the same file`() throws {
        let changes = ChangeSet(
            title: "twice",
            preparation: [.editFile(path: "/e/main.cf", old: "a = 1\n", new: "a = 2\n")],
            commit: .editFile(path: "/e/main.cf", old: "a = 2\n", new: "a = 3\n"))
        let undo = try takingBack(changes, where: ["/e/main.cf": "a = 3\n"])
        #expect(undo.preparation == [])
        #expect(undo.commit == .editFile(path: "/e/main.cf", old: "a = 3\n", new: "a = 1\n"))
    }

    @Test func `lets a file decide where nothing is edited`() throws {
        let made = ChangeSet(
            title: "made",
            preparation: [
                .makeDirectory(path: "/d", mode: 0o755),
                .createFile(path: "/d/t", contents: "t", attributes: attributes),
            ])
        let undo = try takingBack(
            made, where: ["/d/t": "t"], directories: ["/d": ["t", "t.db"]], databases: ["/d/t.db"])
        #expect(undo.commit == .deleteFile(path: "/d/t", old: "t", attributes: attributes))
        #expect(
            undo.completion == [
                .removeFile(path: "/d/t.db"), .deleteDirectory(path: "/d", attributes: attributes),
            ])
    }

    @Test func `leaves a directory in which somebody has put something, and says so`() throws {
        let made = ChangeSet(
            title: "made", preparation: [.makeDirectory(path: "/d", mode: 0o755)],
            commit: .editFile(path: "/e/main.cf", old: "", new: "a = 1\n"))
        let undo = try takingBack(
            made, where: ["/e/main.cf": "a = 1\n"], directories: ["/d": ["mine"]])
        #expect(undo.completion == [])
        #expect(undo.notices == [.leftBehind(path: "/d")])
    }

    @Test func `says which table was compiled with the content that goes`() throws {
        let undo = try takingBack(
            edit("a 1\n", "a 2\n", "/e/transport"), where: ["/e/transport": "a 2\n"],
            databases: ["/e/transport.db"])
        #expect(undo.notices == [.compiledBefore(path: "/e/transport")])
    }

    // MARK: edited since

    /// Old, new, what it is now, and what it becomes; nil is refused.
    static let mainFiles: [(ByteString, ByteString, ByteString, ByteString?)] = [
        // As the generation left it: to the last byte.
        ("# c\na=1\n", "# c\na = 2\n", "# c\na = 2\n", "# c\na=1\n"),
        // Other parameters, comments and places are other people's.
        ("a = 1\n", "a = 2\n", "b = 3\n# c\na = 2\n", "b = 3\n# c\na = 1\n"),
        // What was not set is not set again, what was removed is.
        ("", "a = 2\n", "b = 3\na = 2\n", "b = 3\n"),
        ("a = 1\n", "", "b = 3\n", "b = 3\na = 1\n"),
        // What counts is the last one.
        ("a = 1\n", "a = 2\n", "a = 9\na = 2\nb = 3\n", "a = 1\na = 1\nb = 3\n"),
        ("a = 1\n", "a = 2\n", "a = 3\n", nil), ("a = 1\n", "a = 2\n", "b = 3\n", nil),
        ("a = 1\nb = 1\n", "a = 2\nb = 2\n", "a = 2\nb = 1\n", nil),
        // Nobody knows where a comment belongs in another text.
        ("a = 1\n", "# c\na = 1\n", "# c\na = 1\nb = 2\n", nil),
    ]

    @Test(arguments: mainFiles)
    func `takes only its own parameters out of a main.cf that others have edited`(
        old: ByteString, new: ByteString, present: ByteString, wanted: ByteString?
    ) throws {
        let undo = try? takingBack(edit(old, new), where: ["/e/main.cf": present])
        #expect(undo?.commit == wanted.map { .editFile(path: "/e/main.cf", old: present, new: $0) })
    }

    private static let smtp: ByteString =
        "smtp      unix  -       -       n       -       -       smtp"
    private static let more: ByteString =
        "relay     unix  -       -       n       -       -       smtp"

    @Test func `takes only its own services out of a master.cf that others have edited`() throws {
        let change = edit("\(Self.smtp)\n", "\(Self.smtp) -v\n", "/e/master.cf")
        let undo = try takingBack(
            change, where: ["/e/master.cf": "\(Self.smtp) -v\n\(Self.more)\n"])
        guard case .editFile(_, _, let new)? = undo.commit else {
            Issue.record("\(undo)")
            return
        }
        #expect(MasterCF(new).service("smtp", "unix")?.arguments == [])
        #expect(MasterCF(new).service("relay", "unix") != nil)
        #expect(
            throws: UndoRefusal.changedSince(
                path: "/e/master.cf", .service("smtp", "unix"), by: .somebodyElse)
        ) {
            try takingBack(change, where: ["/e/master.cf": "\(Self.smtp) -D\n"])
        }
    }

    @Test func `refuses a table that others have edited`() {
        #expect(
            throws: UndoRefusal.changedSince(path: "/e/t", .text, by: .somebodyElse)
        ) { try takingBack(edit("a\n", "b\n", "/e/t"), where: ["/e/t": "b\nc\n"]) }
    }

    // MARK: whose doing it is

    @Test func `names the later generation that changed the parameter, not another one`() {
        let later = ChangeSet(
            title: "later",
            commit: .editFile(path: "/e/main.cf", old: "a = 2\n", new: "a = 3\n"))
        let other = ChangeSet(
            title: "other",
            commit: .editFile(path: "/e/main.cf", old: "a = 3\n", new: "a = 3\nb = 1\n"))
        #expect(
            throws: UndoRefusal.changedSince(
                path: "/e/main.cf", .parameter("a"), by: .generation(2, title: "later"))
        ) {
            try takingBack(
                edit("a = 1\n", "a = 2\n"), then: later, other,
                where: ["/e/main.cf": "a = 3\nb = 1\n"])
        }
    }

    @Test func `names the generation that moved or removed the file`() {
        let moved = ChangeSet(title: "moved", preparation: [.move(path: "/e", newPath: "/f")])
        #expect(
            throws: UndoRefusal.missing(path: "/e/main.cf", by: .generation(2, title: "moved"))
        ) { try takingBack(edit("a = 1\n", "a = 2\n"), then: moved, where: [:]) }
    }

    @Test func `refuses where something is in the way`() {
        let deleted = ChangeSet(
            title: "deleted", commit: .deleteFile(path: "/t", old: "1", attributes: attributes))
        #expect(throws: UndoRefusal.inTheWay(path: "/t", by: .somebodyElse)) {
            try takingBack(deleted, where: ["/t": "2"])
        }
        let moved = ChangeSet(title: "moved", preparation: [.move(path: "/e", newPath: "/f")])
        #expect(throws: UndoRefusal.inTheWay(path: "/e", by: .somebodyElse)) {
            try takingBack(moved, where: [:], directories: ["/f": [], "/e": []])
        }
    }

    @Test func `refuses a destroy that kept nothing`() {
        let destroyed = ChangeSet(
            title: "destroy",
            commit: .editFile(
                path: primary, old: "multi_instance_directories = /e\n",
                new: "multi_instance_directories =\n"),
            completion: [.removeFile(path: "/e/main.cf"), .removeDirectory(path: "/e")])
        #expect(throws: UndoRefusal.notKept(configDirectory: "/e")) {
            try takingBack(destroyed, where: [primary: "multi_instance_directories =\n"])
        }
    }

    @Test func `refuses to leave instances that nobody manages`() {
        let initialised = edit(
            "", "multi_instance_wrapper = w\nmulti_instance_enable = yes\n", primary)
        #expect(throws: UndoRefusal.unmanaged(directories: ["/e"])) {
            try takingBack(
                initialised,
                where: [
                    primary: """
                    multi_instance_wrapper = w
                    multi_instance_enable = yes
                    multi_instance_directories = /e

                    """
                ])
        }
    }

    @Test func `leaves mail with the one that got it`() throws {
        let handedOver = ChangeSet(
            title: "destroy",
            preparation: [
                .makeDirectory(path: "/heir/deferred/A", mode: 0o700),
                .move(path: "/q/deferred/A/A1", newPath: "/heir/deferred/A/A1"),
            ],
            commit: .editFile(path: "/e/main.cf", old: "a = 1\n", new: "a = 2\n"),
            completion: [.deleteDirectory(path: "/q/deferred/A", attributes: attributes)])
        let undo = try takingBack(
            handedOver, where: ["/e/main.cf": "a = 2\n"],
            directories: ["/heir/deferred/A": ["A1"]])
        #expect(undo.notices == [.mailStays(messages: 1)])
        #expect(
            undo.preparation == [
                .makeDirectory(path: "/q/deferred/A", mode: 0o640),
                .setPermissions(.init(path: "/q/deferred/A", attributes)),
            ])
    }
}
