// A directory of the real file system that stays open while it is looked at. Follows no link in it,
// and never blocks on a pipe or a device.

import Bytes
import Glibc
import LinuxHeaders

/// A real directory, open as long as this value is there.
final class LiveDirectory: DirectoryReading, Sendable {
    private let descriptor: Descriptor
    /// For messages.
    private let path: ByteString

    private static let flags = O_RDONLY | O_DIRECTORY

    /// Opens the directory at a path.
    init(_ path: ByteString) throws(FileError) {
        self.path = path
        descriptor = try Descriptor(path, flags: Self.flags, operation: .list)
    }

    private init(_ name: ByteString, in parent: LiveDirectory) throws(FileError) {
        path = "\(parent.path)/\(name)"
        descriptor = try Descriptor(
            name, in: parent.descriptor, path: path, flags: Self.flags, operation: .list)
    }

    func names() throws(FileError) -> [ByteString] { try descriptor.names(path: path) }

    func read(firstBytes: Int, of name: ByteString) throws(FileError) -> [UInt8] {
        let path: ByteString = "\(path)/\(name)"
        // O_NONBLOCK: opening a pipe without a writer would wait for ever.
        let file = try Descriptor(
            name, in: descriptor, path: path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
        let status = try file.status(path: path)
        guard status.kind == .regular else { throw .notRegularFile(path: path) }
        return try file.readBytes(firstBytes, at: 0, path: path)
    }

    func directory(_ name: ByteString) throws(FileError) -> any DirectoryReading {
        try LiveDirectory(name, in: self)
    }

    func status() throws(FileError) -> FileStatus { try descriptor.status(path: path) }

    func status(of name: ByteString) throws(FileError) -> FileStatus? {
        var raw = stat()
        let result = unsafe name.withCString { name in
            unsafe fstatat(descriptor.number, name, &raw, AT_SYMLINK_NOFOLLOW)
        }
        if result == 0 { return FileStatus(raw) }
        let error = SystemError.last
        if error == .notFound { return nil }
        throw .system(operation: .status, path: "\(path)/\(name)", error: error)
    }

    func readEach<Value: Sendable>(
        of names: [ByteString],
        _ body: @escaping @Sendable (Int, FileStatus, any LargeFile) throws(FileError) -> Value
    ) -> [Result<Value, FileError>] {
        sideBySide(names.count) { index in
            Result { () throws(FileError) in
                let path: ByteString = "\(self.path)/\(names[index])"
                let file = try LiveLargeFile(
                    Descriptor(
                        names[index], in: self.descriptor, path: path,
                        flags: O_RDONLY | O_NONBLOCK | O_NOCTTY),
                    path: path)
                return try body(index, file.firstStatus, file)
            }
        }
    }
}

extension Descriptor {
    /// The kernel fills as much at a time: a thousand names.
    private static let entriesBytes = 1 << 15

    /// The names in an open directory, without "." and "..", as they come.
    func names(path: ByteString) throws(FileError) -> [ByteString] {
        guard lseek(number, 0, SEEK_SET) == 0 else {
            throw .system(operation: .list, path: path, error: .last)
        }
        var names: [ByteString] = []
        while true {
            var failure: SystemError?
            let entries = unsafe [UInt8](unsafeUninitializedCapacity: Self.entriesBytes) {
                space, filled in
                let count = retryingOnInterrupt {
                    unsafe getdents64(number, space.baseAddress, space.count)
                }
                if count < 0 { failure = .last }
                filled = max(count, 0)
            }
            if let failure { throw .system(operation: .list, path: path, error: failure) }
            if entries.isEmpty { return names }
            Self.takeNames(of: entries[...], into: &names)
        }
    }

    /// Takes the names out of the kernel's entries: eighteen bytes of numbers, of which the last
    /// two are the length of the whole, one of the kind, and the name, which a zero ends.
    private static func takeNames(
        of entries: ArraySlice<UInt8>, into names: inout [ByteString]
    ) {
        var rest = entries
        while rest.count > 19 {
            let start = rest.startIndex
            let length = Int(rest[start + 16]) | Int(rest[start + 17]) << 8
            let name = rest.prefix(length).dropFirst(19).prefix { $0 != 0 }
            let isItselfOrParent = name.count <= 2 && name.allSatisfy { $0 == 0x2E }
            if !isItselfOrParent { names.append(ByteString(name)) }
            // The kernel has no empty entries; with one this would never end.
            rest = rest.dropFirst(max(length, 1))
        }
    }
}
