// Moving files and directories: with all they hold, never over something, never through a link.

import Bytes
import HostAccess
import Testing

@Suite struct `Moving` {
    @Test(arguments: Kind.allCases)
    func `a directory takes all along that is in it`(kind: Kind) throws {
        let ground = try kind.ground()
        ground.addDirectory(ground.path("old"), mode: 0o710)
        ground.addDirectory(ground.path("old/inner"))
        ground.addFile(ground.path("old/inner/file"), "content", mode: 0o600)
        ground.addDirectory(ground.path("there"))
        try ground.files.move(ground.path("old"), to: ground.path("there/new"))
        #expect(ground.names() == ["there"])
        #expect(ground.contents(of: ground.path("there/new/inner/file")) == "content")
        #expect(try ground.status("there/new").mode == 0o710)
    }

    @Test(arguments: Kind.allCases)
    func `a file keeps all that it is`(kind: Kind) throws {
        let ground = try kind.ground()
        ground.addFile(ground.path("old"), "content", mode: 0o700)
        let before = try ground.status("old")
        try ground.files.move(ground.path("old"), to: ground.path("new"))
        #expect(ground.names() == ["new"])
        let after = try ground.status("new")
        #expect(after.inode == before.inode && after.mode == 0o700)
        #expect(after.modified == before.modified)
    }

    @Test(arguments: Kind.allCases)
    func `a pipe is refused`(kind: Kind) throws {
        let ground = try kind.ground()
        ground.addPipe(ground.path("pipe"))
        let (old, new) = (ground.path("pipe"), ground.path("new"))
        #expect(failure { try ground.files.move(old, to: new) } == .notRegularFile(path: old))
        #expect(ground.names() == ["pipe"])
    }

    @Test(
        arguments: Kind.allCases,
        [
            ("missing", "new", .open, "missing", .notFound),
            ("link", "new", .open, "link", .tooManyLinks),
            ("file", "empty", .rename, "file", .exists),
            ("full", "empty", .rename, "full", .exists),
            ("full", "file", .rename, "full", .exists),
            ("full", "link", .rename, "full", .exists),
            ("full", "full/inner", .rename, "full", .invalid),
            ("link/inner", "new", .open, "link/inner", .notDirectory),
            ("full", "link/new", .open, "link/new", .notDirectory),
            ("full", "missing/new", .open, "missing/new", .notFound),
        ]
            as [(
                ByteString, ByteString, FileError.Operation, ByteString, SystemError
            )])
    func `fails without an effect`(
        kind: Kind,
        row: (
            old: ByteString, new: ByteString, operation: FileError.Operation, path: ByteString,
            error: SystemError
        )
    ) throws {
        let ground = try kind.ground()
        ground.addFile(ground.path("file"), "content")
        ground.addDirectory(ground.path("empty"))
        ground.addDirectory(ground.path("full"))
        ground.addFile(ground.path("full/file"), "kept")
        ground.addLink(ground.path("link"), to: "full")
        let before = ground.names()
        let (old, new) = (ground.path(row.old), ground.path(row.new))
        #expect(
            failure { try ground.files.move(old, to: new) }
                == .system(
                    operation: row.operation, path: ground.path(row.path), error: row.error))
        #expect(ground.names() == before)
        #expect(ground.contents(of: ground.path("full/file")) == "kept")
    }
}
