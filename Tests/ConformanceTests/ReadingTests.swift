// Reading: limits, and what is no regular file.

import Bytes
import HostAccess
import Testing

@Suite struct `Reading a file` {
    @Test(arguments: Kind.allCases)
    func `gives its bytes and attributes`(kind: Kind) throws {
        let ground = try kind.ground()
        let bytes = ByteString([0x61, 0x00, 0xFF, 0x0A])
        ground.addFile(ground.path("file"), bytes, mode: 0o640)
        let file = try ground.files.read(ground.path("file"), limitBytes: 100)
        #expect(file.bytes == bytes.bytes)
        #expect(file.status.kind == .regular)
        #expect(file.status.mode == 0o640)
        #expect(file.status.sizeBytes == 4)
        #expect(try file.status.owner == ground.own.owner)
    }

    @Test(arguments: Kind.allCases)
    func `of no bytes gives none`(kind: Kind) throws {
        let ground = try kind.ground()
        ground.addFile(ground.path("empty"), "")
        #expect(try ground.files.read(ground.path("empty"), limitBytes: 0).bytes == [])
    }

    @Test(arguments: Kind.allCases)
    func `of just the limit succeeds, of one byte more does not`(kind: Kind) throws {
        let ground = try kind.ground()
        let path = ground.path("file")
        ground.addFile(path, ByteString([UInt8](repeating: 0x78, count: 200_000)))
        #expect(try ground.files.read(path, limitBytes: 200_000).bytes.count == 200_000)
        #expect(
            failure { _ = try ground.files.read(path, limitBytes: 199_999) }
                == .tooLarge(path: path, limitBytes: 199_999))
    }

    @Test(arguments: Kind.allCases)
    func `follows links`(kind: Kind) throws {
        let ground = try kind.ground()
        ground.addDirectory(ground.path("there"))
        ground.addFile(ground.path("there/file"), "x")
        ground.addLink(ground.path("here"), to: "there")
        ground.addLink(ground.path("again"), to: ground.path("here/file"))
        #expect(try ground.files.read(ground.path("again"), limitBytes: 9).bytes == [0x78])
    }

    @Test(arguments: Kind.allCases)
    func `refuses a pipe at once`(kind: Kind) throws {
        let ground = try kind.ground()
        let path = ground.path("pipe")
        ground.addPipe(path)
        #expect(
            failure { _ = try ground.files.read(path, limitBytes: 9) }
                == .notRegularFile(path: path))
    }

    @Test(arguments: Kind.allCases)
    func `refuses a device`(kind: Kind) throws {
        let ground = try kind.ground()
        #expect(
            failure { _ = try ground.files.read("/dev/zero", limitBytes: 9) }
                == .notRegularFile(path: "/dev/zero"))
    }

    @Test(arguments: Kind.allCases)
    func `refuses a directory`(kind: Kind) throws {
        let ground = try kind.ground()
        #expect(
            failure { _ = try ground.files.read(ground.root, limitBytes: 9) }
                == .system(operation: .read, path: ground.root, error: .isDirectory))
    }

    @Test(arguments: Kind.allCases)
    func `refuses a socket`(kind: Kind) throws {
        let ground = try kind.ground()
        let path = ground.path("socket")
        ground.addSocket(path)
        let noSuchDevice = SystemError(code: 6)
        #expect(
            failure { _ = try ground.files.read(path, limitBytes: 9) }
                == .system(operation: .open, path: path, error: noSuchDevice))
    }

    @Test(
        arguments: Kind.allCases,
        [
            ("missing", .notFound), ("missing/file", .notFound), ("dangling", .notFound),
            ("file/below", .notDirectory), ("loop", .tooManyLinks),
            ("loop/below", .tooManyLinks), ("file/", .notDirectory), ("a\0b", .invalid),
        ] as [(ByteString, SystemError)])
    func `names the reason if nothing can be opened`(
        kind: Kind, row: (name: ByteString, error: SystemError)
    ) throws {
        let ground = try kind.ground()
        ground.addFile(ground.path("file"), "")
        ground.addFile(ground.path("a"), "")
        ground.addLink(ground.path("dangling"), to: "nowhere")
        ground.addLink(ground.path("loop"), to: "loop")
        let path = ground.path(row.name)
        #expect(
            failure { _ = try ground.files.read(path, limitBytes: 9) }
                == .system(operation: .open, path: path, error: row.error))
    }

    @Test(arguments: Kind.allCases, [256, 5000])
    func `refuses names that are too long`(kind: Kind, length: Int) throws {
        let ground = try kind.ground()
        let path = ground.path(ByteString([UInt8](repeating: 0x78, count: length)))
        let tooLong = SystemError(code: 36)
        #expect(
            failure { _ = try ground.files.read(path, limitBytes: 9) }
                == .system(operation: .open, path: path, error: tooLong))
    }
}
