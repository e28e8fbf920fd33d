// Directories that must not be shared, nested, or the system's own.

import Bytes
import Instances
import Testing

@Suite struct `Directories overlap` {
    private func occupied(_ path: ByteString) -> OccupiedDirectory {
        OccupiedDirectory(
            owner: .init(configDirectory: "/etc/postfix", parameter: "queue_directory"),
            realPath: path)
    }

    @Test(
        arguments: [
            ("/a/b", "/a/b", true), ("/a/b/c", "/a/b", true), ("/a", "/a/b", true),
            ("/", "/a", true), ("/a", "/", true), ("/a/bc", "/a/b", false),
            ("/a/b", "/a/bc", false), ("/b/a", "/a", false),
        ] as [(ByteString, ByteString, Bool)])
    func `if one is or contains the other`(new: ByteString, old: ByteString, overlaps: Bool) {
        #expect((firstOverlap(of: new, with: [occupied(old)]) != nil) == overlaps)
    }

    @Test func `with the first one in the list`() {
        let list = [occupied("/x"), occupied("/a/b"), occupied("/a")]
        #expect(firstOverlap(of: "/a/b/c", with: list) == occupied("/a/b"))
        #expect(firstOverlap(of: "/y", with: list) == nil)
        #expect(firstOverlap(of: "/y", with: []) == nil)
    }

    @Test(
        arguments: [
            "/", "/etc", "/var", "/var/spool", "/usr/sbin", "/proc/1", "/dev/shm", "/sys/x",
        ] as [ByteString])
    func `with the system's own`(path: ByteString) {
        #expect(isSystemDirectory(path))
    }

    @Test(
        arguments: ["/etc/postfix-x", "/var/spool/x", "/srv/mail", "/tmp/x", "/process", "/devel"]
            as [ByteString])
    func `not with the system's below its own`(path: ByteString) {
        #expect(!isSystemDirectory(path))
    }
}
