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
            FailingRename("missing", "new", .open, "missing", .notFound),
            FailingRename("link", "new", .open, "link", .tooManyLinks),
            FailingRename("file", "empty", .rename, "file", .exists),
            FailingRename("full", "empty", .rename, "full", .exists),
            FailingRename("full", "file", .rename, "full", .exists),
            FailingRename("full", "link", .rename, "full", .exists),
            FailingRename("full", "full/inner", .rename, "full", .invalid),
            FailingRename("link/inner", "new", .open, "link/inner", .notDirectory),
            FailingRename("full", "link/new", .open, "link/new", .notDirectory),
            FailingRename("full", "missing/new", .open, "missing/new", .notFound),
        ])
    func `fails without an effect`(kind: Kind, row: FailingRename) throws {
        let ground = try kind.ground()
        ground.addFile(ground.path("file"), "content")
        ground.addDirectory(ground.path("empty"))
        ground.addDirectory(ground.path("full"))
        ground.addFile(ground.path("full/file"), "kept")
        ground.addLink(ground.path("link"), to: "full")
        row.check(on: ground, keeping: "full/file", "kept") { old, new in
            try ground.files.move(old, to: new)
        }
    }
}
