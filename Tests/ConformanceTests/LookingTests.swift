// Attributes, lists and real paths.

import Bytes
import HostAccess
import Testing

@Suite struct `Looking at the file system` {
    private func kindOf(
        _ name: ByteString, in ground: any Ground, followingLinks: Bool = false
    ) throws -> FileStatus.Kind? {
        try ground.files.status(of: ground.path(name), followingLinks: followingLinks)?.kind
    }

    @Test(arguments: Kind.allCases)
    func `tells the kinds of objects apart`(kind: Kind) throws {
        let ground = try kind.ground()
        ground.addFile(ground.path("file"), "")
        ground.addDirectory(ground.path("directory"))
        ground.addPipe(ground.path("pipe"))
        ground.addSocket(ground.path("socket"))
        ground.addLink(ground.path("link"), to: "directory")
        #expect(try kindOf("file", in: ground) == .regular)
        #expect(try kindOf("directory", in: ground) == .directory)
        #expect(try kindOf("directory/", in: ground) == .directory)
        #expect(try kindOf("pipe", in: ground) == .pipe)
        #expect(try kindOf("socket", in: ground) == .socket)
        #expect(try kindOf("link", in: ground) == .link)
        #expect(try kindOf("link/", in: ground) == .directory)
        #expect(try kindOf("link", in: ground, followingLinks: true) == .directory)
        let device = try ground.files.status(of: "/dev/zero", followingLinks: false)
        #expect(device?.kind == .device)
    }

    @Test(arguments: Kind.allCases)
    func `finds nothing where nothing is`(kind: Kind) throws {
        let ground = try kind.ground()
        ground.addFile(ground.path("file"), "")
        ground.addLink(ground.path("dangling"), to: "nowhere")
        #expect(try kindOf("missing", in: ground) == nil)
        #expect(try kindOf("missing/below", in: ground) == nil)
        #expect(try kindOf("file/below", in: ground) == nil)
        #expect(try kindOf("dangling", in: ground) == .link)
        #expect(try kindOf("dangling", in: ground, followingLinks: true) == nil)
    }

    @Test(arguments: Kind.allCases)
    func `fails for links that lead in circles`(kind: Kind) throws {
        let ground = try kind.ground()
        let path = ground.path("loop")
        ground.addLink(path, to: "other")
        ground.addLink(ground.path("other"), to: "loop")
        #expect(
            failure { _ = try ground.files.status(of: path, followingLinks: true) }
                == .system(operation: .status, path: path, error: .tooManyLinks))
        #expect(try kindOf("loop", in: ground) == .link)
    }

    @Test(arguments: Kind.allCases, [0o600, 0o2755, 0o4711, 0o1777] as [UInt32])
    func `shows all bits of the mode`(kind: Kind, mode: UInt32) throws {
        let ground = try kind.ground()
        ground.addFile(ground.path("file"), "", mode: mode)
        #expect(try ground.status("file").mode == mode)
    }

    @Test(arguments: Kind.allCases)
    func `counts the names of a file`(kind: Kind) throws {
        let ground = try kind.ground()
        ground.addFile(ground.path("one"), "")
        #expect(try ground.status("one").links == 1)
        ground.addHardLink(ground.path("two"), to: ground.path("one"))
        #expect(try ground.status("one").links == 2)
        #expect(try ground.status("one").inode == ground.status("two").inode)
    }

    @Test(arguments: Kind.allCases)
    func `lists names by byte value`(kind: Kind) throws {
        let ground = try kind.ground()
        let latin = ByteString([0xFC])
        for name: ByteString in ["b", "B", ".hidden", "a b", latin, "ä"] {
            ground.addFile(ground.path(name), "")
        }
        ground.addDirectory(ground.path("c"))
        #expect(
            try ground.files.list(ground.root) == [".hidden", "B", "a b", "b", "c", "ä", latin])
    }

    @Test(arguments: Kind.allCases)
    func `lists through a link`(kind: Kind) throws {
        let ground = try kind.ground()
        ground.addDirectory(ground.path("there"))
        ground.addFile(ground.path("there/file"), "")
        ground.addLink(ground.path("here"), to: "there")
        #expect(try ground.files.list(ground.path("here")) == ["file"])
    }

    @Test(
        arguments: Kind.allCases,
        [("missing", .notFound), ("file", .notDirectory)] as [(ByteString, SystemError)])
    func `lists no other than directories`(
        kind: Kind, row: (name: ByteString, error: SystemError)
    ) throws {
        let ground = try kind.ground()
        ground.addFile(ground.path("file"), "")
        let path = ground.path(row.name)
        #expect(
            failure { _ = try ground.files.list(path) }
                == .system(operation: .list, path: path, error: row.error))
    }

    @Test(
        arguments: Kind.allCases,
        [
            ("directory", "directory"), ("directory/", "directory"),
            ("./directory//.", "directory"),
            ("directory/..", ""), ("link/file", "directory/file"), ("link/../file", "file"),
            ("missing", "missing"), ("missing/", "missing"), ("missing/below", "missing/below"),
            ("link/missing/below", "directory/missing/below"), ("dangling", "dangling"),
            ("dangling/below", "dangling/below"), ("link/.", "directory"),
            ("missing/.", "missing"), ("file", "file"),
        ] as [(ByteString, ByteString)])
    func `resolves paths as far as they exist`(
        kind: Kind, row: (path: ByteString, real: ByteString)
    ) throws {
        let ground = try kind.ground()
        ground.addDirectory(ground.path("directory"))
        ground.addFile(ground.path("directory/file"), "")
        ground.addFile(ground.path("file"), "")
        ground.addLink(ground.path("link"), to: ground.path("directory"))
        ground.addLink(ground.path("dangling"), to: "nowhere")
        let expected = row.real.isEmpty ? ground.root : ground.path(row.real)
        #expect(try ground.files.realPath(ground.path(row.path)) == expected)
    }

    @Test(arguments: Kind.allCases)
    func `resolves the root to itself`(kind: Kind) throws {
        #expect(try kind.ground().files.realPath("/") == "/")
        #expect(try kind.ground().files.realPath("//..") == "/")
    }

    @Test(
        arguments: Kind.allCases,
        [("file/below", .notDirectory), ("loop/below", .tooManyLinks)]
            as [(ByteString, SystemError)])
    func `resolves no path that cannot be`(
        kind: Kind, row: (name: ByteString, error: SystemError)
    ) throws {
        let ground = try kind.ground()
        ground.addFile(ground.path("file"), "")
        ground.addLink(ground.path("loop"), to: "loop")
        let path = ground.path(row.name)
        #expect(
            failure { _ = try ground.files.realPath(path) }
                == .system(operation: .status, path: path, error: row.error))
    }
}
