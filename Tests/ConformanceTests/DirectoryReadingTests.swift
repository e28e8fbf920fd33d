// An open directory: names as they come, heads of files, and no way out of it by a link.

import Bytes
import HostAccess
import Testing

@Suite struct `An open directory` {
    @Test(arguments: Kind.allCases)
    func `tells its names in any order, again and again`(kind: Kind) throws {
        let ground = try kind.ground()
        for name: ByteString in ["b", ".c", "a", "...", "..d"] {
            ground.addFile(ground.path(name), "")
        }
        let directory = try ground.files.directory(ground.root)
        for _ in 1...2 {
            #expect(try directory.names().sorted() == ["...", "..d", ".c", "a", "b"])
        }
    }

    @Test(arguments: Kind.allCases)
    func `tells more names than the kernel does at a time`(kind: Kind) throws {
        let ground = try kind.ground()
        let names = (1...2000).map { "a-name-of-a-message-\($0)" as ByteString }.sorted()
        for name in names { ground.addFile(ground.path(name), "") }
        #expect(try ground.files.directory(ground.root).names().sorted() == names)
    }

    @Test(arguments: Kind.allCases)
    func `is found by a path with links`(kind: Kind) throws {
        let ground = try kind.ground()
        ground.addDirectory(ground.path("queue"))
        ground.addFile(ground.path("queue/a"), "")
        ground.addLink(ground.path("link"), to: "queue")
        #expect(try ground.files.directory(ground.path("link")).names() == ["a"])
    }

    @Test(arguments: Kind.allCases)
    func `is none if it is a file or not there`(kind: Kind) throws {
        let ground = try kind.ground()
        ground.addFile(ground.path("file"), "")
        let directory = try ground.files.directory(ground.root)
        for (name, error) in [("file", SystemError.notDirectory), ("missing", .notFound)] {
            let path = ground.path(ByteString(name))
            let expected = FileError.system(operation: .list, path: path, error: error)
            #expect(failure { _ = try ground.files.directory(path) } == expected)
            #expect(failure { _ = try directory.directory(ByteString(name)) } == expected)
        }
    }

    @Test(arguments: Kind.allCases)
    func `has directories and files that are read without their paths`(kind: Kind) throws {
        let ground = try kind.ground()
        ground.addDirectory(ground.path("level"))
        ground.addFile(ground.path("level/file"), "abcdefgh")
        let level = try ground.files.directory(ground.root).directory("level")
        #expect(try ByteString(level.read(firstBytes: 3, of: "file")) == "abc")
        #expect(try ByteString(level.read(firstBytes: 100, of: "file")) == "abcdefgh")
        #expect(
            failure { _ = try level.read(firstBytes: 1, of: "missing") }
                == .system(
                    operation: .open, path: ground.path("level/missing"), error: .notFound))
    }

    @Test(arguments: Kind.allCases)
    func `leads nowhere by a link`(kind: Kind) throws {
        let ground = try kind.ground()
        ground.addFile(ground.path("file"), "secret")
        ground.addLink(ground.path("a"), to: "file")
        ground.addDirectory(ground.path("level"))
        ground.addLink(ground.path("b"), to: "level")
        let directory = try ground.files.directory(ground.root)
        #expect(
            failure { _ = try directory.read(firstBytes: 9, of: "a") }
                == .system(operation: .open, path: ground.path("a"), error: .tooManyLinks))
        #expect(
            failure { _ = try directory.directory("b") }
                == .system(operation: .list, path: ground.path("b"), error: .notDirectory))
    }

    @Test(arguments: Kind.allCases)
    func `does not wait for a pipe`(kind: Kind) throws {
        let ground = try kind.ground()
        ground.addPipe(ground.path("pipe"))
        let directory = try ground.files.directory(ground.root)
        #expect(
            failure { _ = try directory.read(firstBytes: 9, of: "pipe") }
                == .notRegularFile(path: ground.path("pipe")))
    }
}
