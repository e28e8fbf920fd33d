// What destroy makes of a chroot jail in the queue directory, on the host in memory.

import Bytes
import HostAccess
import InstanceOperations
import Instances
import TestSupport
import Testing

@Suite struct `The jail of a destroyed instance` {
    private let queue: ByteString = "/var/spool/postfix-x"

    /// A host whose instance has a jail with a copy of one file.
    private func host() throws -> InMemoryHost {
        let memory = hostWithPostfix()
        try memory.run(ask(.create, name: "postfix-x"))
        memory.files.addFile("/etc/hosts", "127.0.0.1 localhost\n")
        memory.files.addFile("\(queue)/etc/hosts", "127.0.0.1 localhost\n")
        return memory
    }

    /// What destroy names as left behind.
    private func left(_ memory: InMemoryHost) throws -> [ByteString] {
        try memory.run(ask(.destroy, .instance("x"))).changes.notices.map { notice in
            if case .leftBehind(let path) = notice { path } else { "something else" }
        }
    }

    @Test func `goes if it is a copy of the system's files`() throws {
        let memory = try host()
        memory.files.addFile("/usr/share/zoneinfo/UTC", "UTC0")
        memory.files.addLink("/etc/localtime", to: "/usr/share/zoneinfo/UTC")
        memory.files.addFile("\(queue)/etc/localtime", "UTC0")
        memory.files.addFile("/usr/lib/x86_64-linux-gnu/libnss_x.so.2", "code")
        memory.files.addFile("\(queue)/lib/libnss_x.so.2", "code")
        memory.files.addDirectory("/lib")
        memory.files.addDirectory("/usr/lib/sasl2")
        memory.files.addDirectory("\(queue)/usr/lib/sasl2")
        #expect(try left(memory) == [])
        #expect(memory.files.objects[queue] == nil)
        #expect(memory.files.contents(of: "/usr/share/zoneinfo/UTC") == "UTC0")
        #expect(memory.files.contents(of: "/etc/hosts") != nil)
    }

    /// Things beside the copy that are none, each made by its closure.
    static let strangers: [(ByteString, @Sendable (InMemoryFileSystem, ByteString) -> Void)] = [
        (
            "etc/resolv.conf",
            {
                $0.addFile("/etc/resolv.conf", "b"); $0.addFile($1, "a")
            }
        ),
        ("etc/services", { $0.addFile($1, "the system has none") }),
        (
            "etc/passwd",
            {
                $0.addFile("/etc/passwd", "a"); $0.addFile($1, "a", owner: 7)
            }
        ),
        (
            "etc/group",
            {
                $0.addFile($1, "a"); $0.addLink("/etc/group", to: $1)
            }
        ),
        (
            "etc/shells",
            {
                $0.addFile("/etc/shells", "a"); $0.addHardLink($1, to: "/etc/shells")
            }
        ),
        (
            "etc/fstab",
            {
                $0.addFile("/etc/fstab", "a"); $0.addLink($1, to: "/etc/fstab")
            }
        ),
        (
            "etc/skel",
            {
                $0.addDirectory("/etc/skel"); $0.addDirectory($1, mode: 0o777)
            }
        ),
        ("etc/opt", { $0.addDirectory($1) }),
        (
            "home",
            {
                $0.addDirectory("/home"); $0.addDirectory($1)
            }
        ),
    ]

    @Test(arguments: strangers)
    func `keeps what is no copy, and names it`(
        place: ByteString, make: @Sendable (InMemoryFileSystem, ByteString) -> Void
    ) throws {
        let memory = try host()
        let path: ByteString = "\(queue)/\(place)"
        make(memory.files, path)
        let before = memory.files.objects[path]
        #expect(try left(memory) == [queue, path])
        #expect(memory.files.objects[path] == before)
        #expect(memory.files.contents(of: "\(queue)/etc/hosts") == nil)
    }

    @Test func `keeps a directory without any copy as one`() throws {
        let memory = try host()
        memory.files.addDirectory("/usr/lib")
        memory.files.addFile("\(queue)/usr/lib/a", "mine")
        memory.files.addFile("\(queue)/usr/lib/b", "mine")
        #expect(try left(memory) == [queue, "\(queue)/usr"])
    }
}
