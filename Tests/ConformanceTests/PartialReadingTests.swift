// Reading a part of a file, and files of the kernel that tell no size.

import Bytes
import HostAccess
import Testing

@Suite struct `Reading a part of a file` {
    @Test(
        arguments: Kind.allCases,
        [
            (.first(bytes: 3), "abc"), (.first(bytes: 0), ""), (.first(bytes: 100), "abcdefgh"),
            (.last(bytes: 3), "fgh"), (.last(bytes: 0), ""), (.last(bytes: 8), "abcdefgh"),
            (.last(bytes: 100), "abcdefgh"),
        ] as [(FilePart, ByteString)])
    func `gives as many bytes as there are`(
        kind: Kind, row: (part: FilePart, bytes: ByteString)
    ) throws {
        let ground = try kind.ground()
        let path = ground.path("file")
        ground.addFile(path, "abcdefgh")
        #expect(try ByteString(ground.files.read(row.part, of: path)) == row.bytes)
    }

    @Test(arguments: Kind.allCases)
    func `follows links`(kind: Kind) throws {
        let ground = try kind.ground()
        ground.addFile(ground.path("file"), "abc")
        ground.addLink(ground.path("link"), to: "file")
        let bytes = try ground.files.read(.last(bytes: 1), of: ground.path("link"))
        #expect(ByteString(bytes) == "c")
    }

    @Test(arguments: Kind.allCases)
    func `refuses what is no file`(kind: Kind) throws {
        let ground = try kind.ground()
        ground.addPipe(ground.path("pipe"))
        let files = ground.files
        #expect(
            failure { _ = try files.read(.first(bytes: 9), of: ground.path("pipe")) }
                == .notRegularFile(path: ground.path("pipe")))
        #expect(
            failure { _ = try files.read(.last(bytes: 9), of: ground.root) }
                == .system(operation: .read, path: ground.root, error: .isDirectory))
        #expect(
            failure { _ = try files.read(.first(bytes: 9), of: ground.path("missing")) }
                == .system(operation: .open, path: ground.path("missing"), error: .notFound))
    }

    @Test func `of the kernel is whole, though it has no size`() throws {
        let files = LiveFileReading()
        let table = try files.read("/proc/self/mountinfo", limitBytes: 1 << 24)
        #expect(table.status.sizeBytes == 0)
        #expect(table.bytes.last == 0x0A)
        let numbers = ByteString(table.bytes).split { $0 == 0x0A }
        #expect(numbers.count > 1)
        #expect(throws: FileError.tooLarge(path: "/proc/self/mountinfo", limitBytes: 16)) {
            try files.read("/proc/self/mountinfo", limitBytes: 16)
        }
    }
}
