// Renaming, making directories durable, and clearing away what a killed process left.

import Bytes
import HostAccess
import Testing

@Suite struct `Renaming a file` {
    @Test(arguments: Kind.allCases)
    func `moves it to another directory`(kind: Kind) throws {
        let ground = try kind.ground()
        ground.addFile(ground.path("old"), "content", mode: 0o640)
        ground.addDirectory(ground.path("there"))
        try ground.files.rename(ground.path("old"), to: ground.path("there/new"))
        #expect(ground.names() == ["there"])
        #expect(ground.contents(of: ground.path("there/new")) == "content")
        #expect(try ground.status("there/new").mode == 0o640)
    }

    @Test(arguments: Kind.allCases)
    func `replaces a file that has the new name`(kind: Kind) throws {
        let ground = try kind.ground()
        ground.addFile(ground.path("one"), "1")
        ground.addFile(ground.path("two"), "2")
        try ground.files.rename(ground.path("one"), to: ground.path("two"))
        #expect(ground.names() == ["two"])
        #expect(ground.contents(of: ground.path("two")) == "1")
    }

    @Test(
        arguments: Kind.allCases,
        [
            FailingRename("missing", "new", .rename, "missing", .notFound),
            FailingRename("file", "directory", .rename, "file", .isDirectory),
            FailingRename("link/inner", "new", .open, "link/inner", .notDirectory),
            FailingRename("file", "link/new", .open, "link/new", .notDirectory),
            FailingRename("file", "missing/new", .open, "missing/new", .notFound),
            FailingRename("a\0b", "new", .open, "a\0b", .invalid),
            FailingRename("file", "a\0b", .open, "a\0b", .invalid),
        ])
    func `fails without an effect`(kind: Kind, row: FailingRename) throws {
        let ground = try kind.ground()
        ground.addFile(ground.path("file"), "content")
        ground.addDirectory(ground.path("directory"))
        ground.addFile(ground.path("directory/inner"), "")
        ground.addLink(ground.path("link"), to: "directory")
        row.check(on: ground, keeping: "file", "content") { old, new in
            try ground.files.rename(old, to: new)
        }
    }
}

@Suite struct `Making a directory durable` {
    @Test(
        arguments: Kind.allCases,
        [("missing", .notFound), ("file", .notDirectory)] as [(ByteString, SystemError)])
    func `works for directories only`(
        kind: Kind, row: (name: ByteString, error: SystemError)
    ) throws {
        let ground = try kind.ground()
        ground.addFile(ground.path("file"), "")
        try ground.files.synchronise(directory: ground.root)
        let path = ground.path(row.name)
        #expect(
            failure { try ground.files.synchronise(directory: path) }
                == .system(operation: .open, path: path, error: row.error))
    }
}

@Suite struct `Discarding an unfinished file` {
    @Test(arguments: Kind.allCases)
    func `removes what a killed process left beside the file`(kind: Kind) throws {
        let ground = try kind.ground()
        ground.addFile(ground.path("file"), "old")
        ground.addFile(ground.path("file.tmp"), "hal")
        try ground.files.discardUnfinished(ground.path("file"))
        #expect(ground.names() == ["file"])
    }

    @Test(arguments: Kind.allCases)
    func `is content if there is none`(kind: Kind) throws {
        let ground = try kind.ground()
        try ground.files.discardUnfinished(ground.path("file"))
        try ground.files.discardUnfinished(ground.path("missing/file"))
    }

    @Test(arguments: Kind.allCases)
    func `leaves a file that another program is writing`(kind: Kind) throws {
        let ground = try kind.ground()
        ground.lockElsewhere(ground.path("file.tmp"), text: "half", milliseconds: 500)
        try ground.files.discardUnfinished(ground.path("file"))
        #expect(ground.names() == ["file.tmp"])
    }

    @Test(arguments: Kind.allCases)
    func `leaves what no replacement makes`(kind: Kind) throws {
        let ground = try kind.ground()
        ground.addFile(ground.path("victim"), "precious")
        ground.addLink(ground.path("link.tmp"), to: "victim")
        ground.addDirectory(ground.path("directory.tmp"))
        ground.addPipe(ground.path("pipe.tmp"))
        let before = ground.names()
        for name: ByteString in ["link", "directory", "pipe"] {
            try ground.files.discardUnfinished(ground.path(name))
        }
        #expect(ground.names() == before)
    }
}
