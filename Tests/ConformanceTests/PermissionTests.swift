// Owners and modes, also of trees in which others may write.

import Bytes
import HostAccess
import Testing

@Suite struct `Setting permissions` {
    @Test(arguments: Kind.allCases)
    func `of a file or directory sets its mode`(kind: Kind) throws {
        let ground = try kind.ground()
        ground.addFile(ground.path("file"), "", mode: 0o600)
        ground.addDirectory(ground.path("directory"))
        let own = try ground.own
        for name: ByteString in ["file", "directory"] {
            try ground.files.setPermissions(
                ground.path(name), mode: 0o2710, owner: own.owner, group: nil,
                includingContents: false)
            #expect(try ground.status(name).mode == 0o2710)
            #expect(try ground.status(name).group == own.group)
        }
    }

    @Test(
        arguments: Kind.allCases,
        [("link", .tooManyLinks), ("missing", .notFound)] as [(ByteString, SystemError)])
    func `does not follow a link`(
        kind: Kind, row: (name: ByteString, error: SystemError)
    ) throws {
        let ground = try kind.ground()
        ground.addFile(ground.path("file"), "", mode: 0o600)
        ground.addLink(ground.path("link"), to: "file")
        let path = ground.path(row.name)
        #expect(
            failure {
                try ground.files.setPermissions(
                    path, mode: 0o777, owner: 0, group: nil, includingContents: false)
            } == .system(operation: .open, path: path, error: row.error))
        #expect(try ground.status("file").mode == 0o600)
    }

    @Test(arguments: Kind.allCases)
    func `of a tree sets the modes of directories only`(kind: Kind) throws {
        let ground = try tree(kind)
        try ground.files.setPermissions(
            ground.path("top"), mode: 0o710, owner: try ground.own.owner, group: nil,
            includingContents: true)
        #expect(try ground.status("top").mode == 0o710)
        #expect(try ground.status("top/inner").mode == 0o710)
        #expect(try ground.status("top/inner/innermost").mode == 0o710)
        #expect(try ground.status("top/file").mode == 0o640)
        #expect(try ground.status("top/inner/file").mode == 0o640)
        #expect(try ground.status("top/pipe").mode == 0o600)
    }

    @Test(
        .enabled(if: isRoot, "only root can give files away"), arguments: Kind.allCases)
    func `of a tree gives all in it away`(kind: Kind) throws {
        let ground = try tree(kind)
        try ground.files.setPermissions(
            ground.path("top"), mode: 0o700, owner: 12345, group: 23456, includingContents: true)
        for name: ByteString in [
            "top", "top/inner", "top/inner/innermost", "top/file", "top/inner/file", "top/pipe",
            "top/socket",
        ] {
            #expect(try ground.status(name).owner == 12345, "\(name)")
            #expect(try ground.status(name).group == 23456, "\(name)")
        }
    }

    @Test(
        .enabled(if: isRoot, "only root can give files away"), arguments: Kind.allCases)
    func `of a tree leaves links and what they lead to alone`(kind: Kind) throws {
        let ground = try tree(kind)
        ground.addDirectory(ground.path("outside"))
        ground.addFile(ground.path("outside/file"), "")
        ground.addLink(ground.path("top/way out"), to: "../outside")
        ground.addLink(ground.path("top/inner/way out"), to: ground.path("outside/file"))
        try ground.files.setPermissions(
            ground.path("top"), mode: 0o700, owner: 12345, group: nil, includingContents: true)
        let own = try ground.own.owner
        for name: ByteString in ["outside", "outside/file", "top/way out", "top/inner/way out"] {
            #expect(try ground.status(name).owner == own, "\(name)")
        }
        #expect(try ground.status("outside").mode == 0o755)
    }

    @Test(
        .enabled(if: isRoot, "only root can give files away"), arguments: Kind.allCases)
    func `of a tree leaves files with a name outside alone`(kind: Kind) throws {
        let ground = try tree(kind)
        ground.addFile(ground.path("outside"), "")
        ground.addHardLink(ground.path("top/second name"), to: ground.path("outside"))
        try ground.files.setPermissions(
            ground.path("top"), mode: 0o700, owner: 12345, group: nil, includingContents: true)
        #expect(try ground.status("outside").owner == ground.own.owner)
        #expect(try ground.status("top/file").owner == 12345)
    }

    @Test(.enabled(if: isRoot, "only root can give files away"))
    func `follows no link that takes a directory's place at the last moment`() throws {
        let ground = try LiveGround()
        ground.addDirectory(ground.path("victim"))
        ground.addFile(ground.path("victim/file"), "")
        ground.addDirectory(ground.path("top"))
        ground.addDirectory(ground.path("top/name"))
        ground.addFile(ground.path("top/name/file"), "")
        // Swaps a directory and a link to the victim under one name, as fast as it can.
        ground.shell(
            """
            cd "$1" && ln -s ../victim top/link
            perl -e 'for (1..2000) { rename "top/name", "top/x"; rename "top/link", "top/name";
                rename "top/name", "top/link"; rename "top/x", "top/name"; }
                mkdir "done"' </dev/null >/dev/null 2>&1 &
            """, ground.root)
        var rounds = 0
        while try ground.files.status(of: ground.path("done"), followingLinks: false) == nil {
            rounds += 1
            // A name that is gone or a link at the wrong moment may fail it; that is well.
            try? ground.files.setPermissions(
                ground.path("top"), mode: 0o700, owner: 12345, group: nil,
                includingContents: true)
        }
        #expect(rounds > 1)
        #expect(try ground.status("victim").owner == ground.own.owner)
        #expect(try ground.status("victim/file").owner == ground.own.owner)
    }

    /// A ground with a tree that has one object of every kind.
    private func tree(_ kind: Kind) throws -> any Ground {
        let ground = try kind.ground()
        for name: ByteString in ["top", "top/inner", "top/inner/innermost"] {
            ground.addDirectory(ground.path(name))
        }
        ground.addFile(ground.path("top/file"), "", mode: 0o640)
        ground.addFile(ground.path("top/inner/file"), "", mode: 0o640)
        ground.addPipe(ground.path("top/pipe"))
        ground.addSocket(ground.path("top/socket"))
        return ground
    }
}
