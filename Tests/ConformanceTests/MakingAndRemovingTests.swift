// Directories made, and things removed: exactly what was named, and never through a link.

import Bytes
import HostAccess
import Testing

@Suite struct `Making and removing` {
    @Test(arguments: Kind.allCases, [0o777, 0o700, 0o730, 0o2710] as [UInt32])
    func `a directory is made with just its mode`(kind: Kind, mode: UInt32) throws {
        let ground = try kind.ground()
        try ground.files.makeDirectory(ground.path("new"), mode: mode)
        #expect(try ground.status("new").kind == .directory)
        // The usual umask would take 022 of it.
        #expect(try ground.status("new").mode == mode)
    }

    @Test(arguments: Kind.allCases, ["file", "directory", "link", "dangling"] as [ByteString])
    func `a directory is made only where nothing is`(kind: Kind, name: ByteString) throws {
        let ground = try standing(kind)
        let path = ground.path(name)
        #expect(
            failure { try ground.files.makeDirectory(path, mode: 0o755) }
                == .system(operation: .makeDirectory, path: path, error: .exists))
    }

    @Test(arguments: Kind.allCases, ["file", "link", "dangling", "pipe", "socket"] as [ByteString])
    func `a file of any kind is removed, not what a link leads to`(
        kind: Kind, name: ByteString
    ) throws {
        let ground = try standing(kind)
        let others = ground.names().filter { $0 != name }
        try ground.files.removeFile(ground.path(name))
        #expect(ground.names() == others)
        #expect(ground.contents(of: ground.path("directory/inner")) == "inner")
    }

    @Test(
        arguments: Kind.allCases,
        [("directory", .isDirectory), ("missing", .notFound)] as [(ByteString, SystemError)])
    func `a file is removed only if it is one`(
        kind: Kind, row: (name: ByteString, error: SystemError)
    ) throws {
        let ground = try standing(kind)
        let path = ground.path(row.name)
        #expect(
            failure { try ground.files.removeFile(path) }
                == .system(operation: .remove, path: path, error: row.error))
    }

    @Test(arguments: Kind.allCases)
    func `an empty directory is removed`(kind: Kind) throws {
        let ground = try kind.ground()
        ground.addDirectory(ground.path("empty"))
        try ground.files.removeDirectory(ground.path("empty"))
        #expect(ground.names() == [])
    }

    @Test(
        arguments: Kind.allCases,
        [
            ("directory", .notEmpty), ("missing", .notFound), ("file", .notDirectory),
            ("link", .notDirectory), ("dangling", .notDirectory),
        ] as [(ByteString, SystemError)])
    func `a directory is removed only if it is one and empty`(
        kind: Kind, row: (name: ByteString, error: SystemError)
    ) throws {
        let ground = try standing(kind)
        let path = ground.path(row.name)
        #expect(
            failure { try ground.files.removeDirectory(path) }
                == .system(operation: .removeDirectory, path: path, error: row.error))
    }

    /// Paths that no change follows, and why.
    static let refused: [(ByteString, SystemError)] = [
        ("link/inner", .notDirectory), ("file/below", .notDirectory),
        ("missing/below", .notFound), ("directory/../file", .invalid), ("..", .invalid),
        ("a\0b", .invalid),
    ]

    @Test(arguments: Kind.allCases, refused)
    func `no change follows a link or a path upwards`(
        kind: Kind, row: (name: ByteString, error: SystemError)
    ) throws {
        let ground = try standing(kind)
        let before = ground.names()
        let path = ground.path(row.name)
        let expected = FileError.system(operation: .open, path: path, error: row.error)
        #expect(failure { try ground.files.makeDirectory(path, mode: 0o755) } == expected)
        #expect(failure { try ground.files.removeFile(path) } == expected)
        #expect(failure { try ground.files.removeDirectory(path) } == expected)
        #expect(
            failure {
                try ground.files.setPermissions(
                    path, mode: 0o700, owner: 0, group: nil, includingContents: false)
            } == expected)
        #expect(ground.names() == before)
        #expect(ground.contents(of: ground.path("directory/inner")) == "inner")
    }

    @Test(arguments: Kind.allCases, ["/", "", "relative", "//"] as [ByteString])
    func `no change is made to the root or by a relative path`(
        kind: Kind, path: ByteString
    ) throws {
        let files = try kind.ground().files
        let expected = FileError.system(operation: .open, path: path, error: .invalid)
        #expect(failure { try files.makeDirectory(path, mode: 0o755) } == expected)
        #expect(failure { try files.removeFile(path) } == expected)
        #expect(failure { try files.removeDirectory(path) } == expected)
    }

    /// A ground with one object of every kind.
    private func standing(_ kind: Kind) throws -> any Ground {
        let ground = try kind.ground()
        ground.addFile(ground.path("file"), "")
        ground.addDirectory(ground.path("directory"))
        ground.addFile(ground.path("directory/inner"), "inner")
        ground.addLink(ground.path("link"), to: "directory")
        ground.addLink(ground.path("dangling"), to: "nowhere")
        ground.addPipe(ground.path("pipe"))
        ground.addSocket(ground.path("socket"))
        return ground
    }
}
