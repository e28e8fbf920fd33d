// Replacing a file: in one step, only over what is expected, and beside `postconf -e`.

import Bytes
import HostAccess
import Testing

@Suite struct `Replacing a file` {
    private func replacement(
        _ contents: ByteString, over expected: FileReplacement.Expectation,
        _ attributes: FileReplacement.Attributes = .kept
    ) -> FileReplacement {
        FileReplacement(contents: contents, expected: expected, attributes: attributes)
    }

    @Test(arguments: Kind.allCases)
    func `that is absent makes it with the given attributes`(kind: Kind) throws {
        let ground = try kind.ground()
        let path = ground.path("file")
        try ground.files.replace(
            path, with: replacement("new", over: .absent, try ground.attributes(mode: 0o604)))
        #expect(ground.contents(of: path) == "new")
        #expect(try ground.status("file").mode == 0o604)
        #expect(ground.names() == ["file"])
    }

    @Test(arguments: Kind.allCases)
    func `that should be absent and is not changes nothing`(kind: Kind) throws {
        let ground = try kind.ground()
        let path = ground.path("file")
        ground.addFile(path, "old")
        #expect(
            failure { try ground.files.replace(path, with: replacement("new", over: .absent)) }
                == .system(operation: .write, path: path, error: .exists))
        #expect(ground.contents(of: path) == "old")
        #expect(ground.names() == ["file"])
    }

    @Test(arguments: Kind.allCases)
    func `that is as expected keeps its attributes`(kind: Kind) throws {
        let ground = try kind.ground()
        let path = ground.path("file")
        ground.addFile(path, "old", mode: 0o640)
        let before = try ground.status("file")
        try ground.files.replace(path, with: replacement("new", over: .contents("old")))
        let after = try ground.status("file")
        #expect(ground.contents(of: path) == "new")
        #expect(after.mode == 0o640)
        #expect(after.owner == before.owner && after.group == before.group)
        // Who has the old file open goes on reading that one.
        #expect(after.inode != before.inode)
        #expect(ground.names() == ["file"])
    }

    @Test(arguments: Kind.allCases, ["", "ol", "odd", "older", "old\n"] as [ByteString])
    func `that has changed meanwhile is refused`(kind: Kind, present: ByteString) throws {
        let ground = try kind.ground()
        let path = ground.path("file")
        ground.addFile(path, present)
        #expect(
            failure {
                try ground.files.replace(path, with: replacement("new", over: .contents("old")))
            } == .changedMeanwhile(path: path))
        #expect(ground.contents(of: path) == present)
        #expect(ground.names() == ["file"])
    }

    @Test(arguments: Kind.allCases)
    func `that is gone meanwhile is refused`(kind: Kind) throws {
        let ground = try kind.ground()
        let path = ground.path("file")
        #expect(
            failure {
                try ground.files.replace(path, with: replacement("new", over: .contents("old")))
            } == .changedMeanwhile(path: path))
        #expect(ground.names() == [])
    }

    @Test(arguments: Kind.allCases)
    func `that is a directory meanwhile is refused`(kind: Kind) throws {
        let ground = try kind.ground()
        let path = ground.path("file")
        ground.addDirectory(path)
        #expect(
            failure {
                try ground.files.replace(path, with: replacement("new", over: .contents("")))
            } == .changedMeanwhile(path: path))
        #expect(ground.names() == ["file"])
    }

    @Test(arguments: Kind.allCases)
    func `whatever it is may be asked for`(kind: Kind) throws {
        let ground = try kind.ground()
        let path = ground.path("file")
        try ground.files.replace(path, with: replacement("one", over: .anything))
        #expect(ground.contents(of: path) == "one")
        #expect(try ground.status("file").mode == 0o644)
        try ground.files.replace(
            path, with: replacement("two", over: .anything, try ground.attributes(mode: 0o600)))
        #expect(ground.contents(of: path) == "two")
        #expect(try ground.status("file").mode == 0o600)
    }

    @Test(arguments: Kind.allCases)
    func `may give it a time outside the window in which Postfix waits`(kind: Kind) throws {
        let ground = try kind.ground()
        let path = ground.path("file")
        func replaced(settled: Bool) throws -> Timestamp {
            try ground.files.replace(
                path,
                with: FileReplacement(
                    contents: "new", expected: .anything, attributes: .kept,
                    looksSettled: settled))
            return try ground.status("file").modified
        }
        let now = try replaced(settled: false)
        let first = try replaced(settled: true)
        let second = try replaced(settled: true)
        // Postfix waits from the second before it reads; who compares times must see each edit.
        #expect(first.seconds <= now.seconds - 2)
        #expect(second != first)
        #expect(abs(second.seconds - first.seconds) <= 2)
    }

    @Test(arguments: Kind.allCases)
    func `uses and removes what a killed process left`(kind: Kind) throws {
        let ground = try kind.ground()
        let path = ground.path("file")
        ground.addFile(path, "old")
        ground.addFile(ground.path("file.tmp"), "left by a killed process", mode: 0o666)
        try ground.files.replace(path, with: replacement("new", over: .contents("old")))
        #expect(ground.contents(of: path) == "new")
        #expect(try ground.status("file").mode == 0o644)
        #expect(ground.names() == ["file"])
    }

    @Test(arguments: Kind.allCases)
    func `never writes through a link in the new file's place`(kind: Kind) throws {
        let ground = try kind.ground()
        ground.addFile(ground.path("victim"), "precious")
        ground.addLink(ground.path("file.tmp"), to: "victim")
        let newPath = ground.path("file.tmp")
        #expect(
            failure {
                try ground.files.replace(
                    ground.path("file"), with: replacement("new", over: .absent))
            } == .system(operation: .open, path: newPath, error: .tooManyLinks))
        #expect(ground.contents(of: ground.path("victim")) == "precious")
    }

    @Test(arguments: Kind.allCases)
    func `never writes into a second name of a stranger's file`(kind: Kind) throws {
        let ground = try kind.ground()
        ground.addFile(ground.path("victim"), "precious")
        ground.addHardLink(ground.path("file.tmp"), to: ground.path("victim"))
        let path = ground.path("file")
        #expect(
            failure { try ground.files.replace(path, with: replacement("new", over: .absent)) }
                == .system(operation: .open, path: "\(path).tmp", error: .exists))
        #expect(ground.contents(of: ground.path("victim")) == "precious")
    }

    @Test(arguments: Kind.allCases)
    func `may lead through a link to its directory`(kind: Kind) throws {
        let ground = try kind.ground()
        ground.addDirectory(ground.path("there"))
        ground.addLink(ground.path("here"), to: "there")
        try ground.files.replace(
            ground.path("here/file"), with: replacement("new", over: .absent))
        #expect(ground.contents(of: ground.path("there/file")) == "new")
    }

    @Test(arguments: Kind.allCases)
    func `that is a link puts a file in the link's place`(kind: Kind) throws {
        let ground = try kind.ground()
        ground.addFile(ground.path("target"), "old", mode: 0o640)
        ground.addLink(ground.path("file"), to: "target")
        try ground.files.replace(
            ground.path("file"), with: replacement("new", over: .contents("old")))
        #expect(try ground.status("file").kind == .regular)
        #expect(try ground.status("file").mode == 0o640)
        #expect(ground.contents(of: ground.path("target")) == "old")
    }

    @Test(arguments: Kind.allCases)
    func `that is a directory fails and leaves nothing`(kind: Kind) throws {
        let ground = try kind.ground()
        let path = ground.path("directory")
        ground.addDirectory(path)
        #expect(
            failure { try ground.files.replace(path, with: replacement("", over: .anything)) }
                == .system(operation: .rename, path: "\(path).tmp", error: .isDirectory))
        #expect(ground.names() == ["directory"])
    }

    @Test(
        arguments: Kind.allCases,
        [
            ("missing/file", .notFound), ("file/below", .notDirectory), ("a\0b", .invalid),
            ("taken", .isDirectory),
        ] as [(ByteString, SystemError)])
    func `that cannot be made names the reason`(
        kind: Kind, row: (name: ByteString, error: SystemError)
    ) throws {
        let ground = try kind.ground()
        ground.addFile(ground.path("file"), "old")
        ground.addFile(ground.path("a"), "old")
        ground.addDirectory(ground.path("taken.tmp"))
        let path = ground.path(row.name)
        #expect(
            failure { try ground.files.replace(path, with: replacement("", over: .anything)) }
                == .system(operation: .open, path: "\(path).tmp", error: row.error))
        #expect(ground.contents(of: ground.path("a")) == "old")
    }

    @Test(arguments: Kind.allCases)
    func `waits for another editor who gives up`(kind: Kind) throws {
        let ground = try kind.ground()
        let path = ground.path("file")
        ground.addFile(path, "old")
        ground.lockElsewhere(ground.path("file.tmp"), text: "half", milliseconds: 100)
        try ground.files.replace(path, with: replacement("new", over: .contents("old")))
        #expect(ground.contents(of: path) == "new")
        #expect(ground.names() == ["file"])
    }

    @Test(arguments: Kind.allCases)
    func `does not lose what another editor wrote`(kind: Kind) throws {
        let ground = try kind.ground()
        let path = ground.path("file")
        ground.addFile(path, "old")
        ground.addFile(ground.path("file.tmp"), "other")
        ground.moveUnderLockElsewhere(ground.path("file.tmp"), to: path, milliseconds: 100)
        #expect(
            failure {
                try ground.files.replace(path, with: replacement("new", over: .contents("old")))
            } == .changedMeanwhile(path: path))
        #expect(ground.contents(of: path) == "other")
        #expect(ground.names() == ["file"])
    }

    @Test(arguments: Kind.allCases)
    func `comes after what another editor wrote`(kind: Kind) throws {
        let ground = try kind.ground()
        let path = ground.path("file")
        ground.addFile(path, "old")
        ground.addFile(ground.path("file.tmp"), "other")
        ground.moveUnderLockElsewhere(ground.path("file.tmp"), to: path, milliseconds: 100)
        try ground.files.replace(path, with: replacement("new", over: .anything))
        #expect(ground.contents(of: path) == "new")
        #expect(ground.names() == ["file"])
    }
}
