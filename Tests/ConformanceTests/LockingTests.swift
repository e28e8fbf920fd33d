// Locks: taken, waited for, given back, and asked about.

import Bytes
import HostAccess
import Testing

@Suite struct `A lock` {
    struct Refusal: Error {}

    @Test(arguments: Kind.allCases)
    func `is held while the body runs, and no longer`(kind: Kind) throws {
        let ground = try kind.ground()
        let path = ground.path("lock")
        let answer = try ground.files.withExclusiveLock(path, waitSeconds: 0) { () throws in
            #expect(try ground.files.isLocked(path))
            return 42
        }
        #expect(answer == 42)
        #expect(try !ground.files.isLocked(path))
        #expect(try ground.status("lock").mode == 0o600)
    }

    @Test(arguments: Kind.allCases)
    func `is given back if the body fails`(kind: Kind) throws {
        let ground = try kind.ground()
        let path = ground.path("lock")
        #expect(throws: Refusal.self) {
            try ground.files.withExclusiveLock(path, waitSeconds: 0) { throw Refusal() }
        }
        #expect(try !ground.files.isLocked(path))
        try ground.files.withExclusiveLock(path, waitSeconds: 0) {}
    }

    @Test(arguments: Kind.allCases)
    func `names its holder to who comes second`(kind: Kind) throws {
        let ground = try kind.ground()
        let path = ground.path("lock")
        ground.addFile(path, "the number of an earlier holder, and more text\n", mode: 0o600)
        try ground.files.withExclusiveLock(path, waitSeconds: 0) {
            let number = try #require(ground.contents(of: path)?.text.dropLast())
            let error = failure {
                try ground.files.withExclusiveLock(path, waitSeconds: 0) {
                    _ = Issue.record("two hold the lock")
                }
            }
            #expect(error == .locked(path: path, holder: Int(number)))
            #expect(Int(number) != nil)
        }
    }

    @Test(
        arguments: Kind.allCases,
        [("4711\n", 4711), ("", nil), ("pid 4711\n", nil), ("a = 5\n", nil)]
            as [(ByteString, Int?)])
    func `names another process only by a number`(
        kind: Kind, row: (text: ByteString, holder: Int?)
    ) throws {
        let ground = try kind.ground()
        let path = ground.path("lock")
        ground.lockElsewhere(path, text: row.text, milliseconds: 500)
        #expect(try ground.files.isLocked(path))
        #expect(
            failure { try ground.files.withExclusiveLock(path, waitSeconds: 0) {} }
                == .locked(path: path, holder: row.holder))
    }

    @Test(arguments: Kind.allCases)
    func `is waited for`(kind: Kind) throws {
        let ground = try kind.ground()
        let path = ground.path("lock")
        ground.lockElsewhere(path, text: "4711\n", milliseconds: 200)
        let answer = try ground.files.withExclusiveLock(path, waitSeconds: 20) { 42 }
        #expect(answer == 42)
    }

    @Test(arguments: Kind.allCases)
    func `is not held on a file that is not there`(kind: Kind) throws {
        let ground = try kind.ground()
        #expect(try !ground.files.isLocked(ground.path("missing")))
        #expect(try !ground.files.isLocked(ground.path("missing/below")))
        #expect(ground.names() == [])
    }

    @Test(
        arguments: Kind.allCases,
        [
            ("link", .tooManyLinks), ("missing/lock", .notFound), ("directory", .isDirectory),
            ("a\0b", .invalid),
        ] as [(ByteString, SystemError)])
    func `cannot be taken on what is no file`(
        kind: Kind, row: (name: ByteString, error: SystemError)
    ) throws {
        let ground = try kind.ground()
        ground.addFile(ground.path("file"), "precious")
        ground.addLink(ground.path("link"), to: "file")
        ground.addDirectory(ground.path("directory"))
        let path = ground.path(row.name)
        #expect(
            failure { try ground.files.withExclusiveLock(path, waitSeconds: 0) {} }
                == .system(operation: .lock, path: path, error: row.error))
        #expect(ground.contents(of: ground.path("file")) == "precious")
    }
}
