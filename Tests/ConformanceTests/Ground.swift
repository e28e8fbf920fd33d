// A place to try a file system in: set up and looked at by other means than that file system.

import Bytes
import HostAccess
import TestSupport
import Testing

/// An empty directory of a file system, and what others may do in it.
protocol Ground {
    var files: any FileSystem { get }
    /// The directory's real path.
    var root: ByteString { get }

    func addFile(_ path: ByteString, _ contents: ByteString, mode: UInt32)
    func addDirectory(_ path: ByteString, mode: UInt32)
    func addLink(_ path: ByteString, to target: ByteString)
    func addHardLink(_ path: ByteString, to target: ByteString)
    func addPipe(_ path: ByteString)
    func addSocket(_ path: ByteString)
    /// The content of a regular file; nil if there is none at the path.
    func contents(of path: ByteString) -> ByteString?
    /// The names in the directory of the ground.
    func names() -> [ByteString]
    /// Another process takes a file's lock, writes `text` into it, and gives it back later.
    func lockElsewhere(_ path: ByteString, text: ByteString, milliseconds: Int)
    /// Another process holds the lock of a file, then moves it over another one and lets go.
    func moveUnderLockElsewhere(_ path: ByteString, to newPath: ByteString, milliseconds: Int)
}

extension Ground {
    func addFile(_ path: ByteString, _ contents: ByteString) {
        addFile(path, contents, mode: 0o644)
    }

    func addDirectory(_ path: ByteString) { addDirectory(path, mode: 0o755) }

    /// The path of a name in the ground.
    func path(_ name: ByteString) -> ByteString { "\(root)/\(name)" }

    /// The attributes of what has the name, links not followed.
    func status(_ name: ByteString) throws -> FileStatus {
        try #require(try files.status(of: path(name), followingLinks: false))
    }

    /// The user and group of this process.
    var own: (owner: UInt32, group: UInt32) {
        get throws {
            let directory = try #require(try files.status(of: root, followingLinks: false))
            return (directory.owner, directory.group)
        }
    }

    /// Attributes for a file of this process.
    func attributes(mode: UInt32) throws -> FileReplacement.Attributes {
        .given(mode: mode, owner: try own.owner, group: try own.group)
    }
}

/// The file systems that must behave alike.
enum Kind: CaseIterable, Sendable {
    case inMemory, live

    func ground() throws -> any Ground {
        switch self {
        case .inMemory: InMemoryGround()
        case .live: try LiveGround()
        }
    }
}

/// True if the tests may give files away.
let isRoot = LiveAccounts(processes: LiveProcessRunner()).effectiveUser == 0

/// What a file operation fails with, or nil if it does not.
func failure(_ body: () throws -> Void) -> FileError? {
    do {
        try body()
        return nil
    } catch let error as FileError {
        return error
    } catch {
        Issue.record("not a failure of a file: \(error)")
        return nil
    }
}

/// A file or directory that cannot get another name.
struct FailingRename: Sendable {
    let old: ByteString
    let new: ByteString
    let operation: FileError.Operation
    /// What the error names.
    let path: ByteString
    let error: SystemError

    init(
        _ old: ByteString, _ new: ByteString, _ operation: FileError.Operation,
        _ path: ByteString, _ error: SystemError
    ) {
        self.old = old
        self.new = new
        self.operation = operation
        self.path = path
        self.error = error
    }

    /// Expects that it fails like that, and that all names and a file's content stay.
    func check(
        on ground: any Ground, keeping file: ByteString, _ content: ByteString,
        rename: (ByteString, ByteString) throws -> Void
    ) {
        let before = ground.names()
        #expect(
            failure { try rename(ground.path(old), ground.path(new)) }
                == .system(operation: operation, path: ground.path(path), error: error))
        #expect(ground.names() == before)
        #expect(ground.contents(of: ground.path(file)) == content)
    }
}
