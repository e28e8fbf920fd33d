// Reads the real file system. Never writes, never blocks on a pipe or a device.

package import Bytes
import Glibc

/// The reading half of the real file system.
package struct LiveFileReading: FileReading {
    package init() {}

    package func read(
        _ path: ByteString, limitBytes: Int
    ) throws(FileError) -> FileContents {
        // A writer that replaces by rename never disturbs a reader, and one that writes in place
        // is done soon: a few attempts are enough, more would hide a fault.
        let attempts = 5
        for attempt in 1...attempts {
            // O_NONBLOCK: opening a pipe without a writer would wait for ever.
            let file = try Descriptor(path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
            let before = try file.status(path: path)
            if before.kind == .directory {
                throw .system(operation: .read, path: path, error: .isDirectory)
            }
            guard before.kind == .regular else { throw .notRegularFile(path: path) }
            guard before.sizeBytes <= limitBytes else {
                throw .tooLarge(path: path, limitBytes: limitBytes)
            }
            let bytes = try file.readAll(
                path: path, hintBytes: before.sizeBytes, limitBytes: limitBytes)
            let after = try file.status(path: path)
            if after.sizeBytes == before.sizeBytes, after.modified == before.modified {
                return FileContents(bytes: bytes, status: after)
            }
            if attempt < attempts { pause(milliseconds: 20) }
        }
        throw .changedMeanwhile(path: path)
    }

    package func status(
        of path: ByteString, followingLinks: Bool
    ) throws(FileError) -> FileStatus? {
        try path.checkForC(.status)
        var raw = stat()
        let flags = followingLinks ? 0 : AT_SYMLINK_NOFOLLOW
        let result = unsafe path.withCString { unsafe fstatat(AT_FDCWD, $0, &raw, flags) }
        if result == 0 { return FileStatus(raw) }
        let error = SystemError.last
        if error == .notFound || error == .notDirectory { return nil }
        throw .system(operation: .status, path: path, error: error)
    }

    package func read(
        _ part: FilePart, of path: ByteString
    ) throws(FileError) -> [UInt8] {
        let file = try Descriptor(path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
        let status = try file.status(path: path)
        if status.kind == .directory {
            throw .system(operation: .read, path: path, error: .isDirectory)
        }
        guard status.kind == .regular else { throw .notRegularFile(path: path) }
        switch part {
        case .first(let bytes): return try file.readBytes(bytes, at: 0, path: path)
        case .last(let bytes):
            let start = max(0, status.sizeBytes - bytes)
            return try file.readBytes(
                min(bytes, status.sizeBytes), at: start, path: path)
        }
    }

    package func list(_ path: ByteString) throws(FileError) -> [ByteString] {
        try LiveDirectory(path).names().sorted()
    }

    package func directory(_ path: ByteString) throws(FileError) -> any DirectoryReading {
        try LiveDirectory(path)
    }

    package func realPath(_ path: ByteString) throws(FileError) -> ByteString {
        try path.checkForC(.status)
        if let resolved = resolve(path) { return resolved }
        let error = SystemError.last
        guard error == .notFound, let slash = path.bytes.lastIndex(of: 0x2F), path.count > 1 else {
            throw .system(operation: .status, path: path, error: error)
        }
        // What does not exist yet has the real path of its parent and its own last name.
        let name = ByteString(path.bytes[(slash + 1)...])
        let parent = slash == 0 ? "/" : ByteString(path.bytes[..<slash])
        let realParent = try realPath(parent)
        if name.isEmpty || name == "." { return realParent }
        return realParent == "/" ? "/\(name)" : "\(realParent)/\(name)"
    }

    private func resolve(_ path: ByteString) -> ByteString? {
        unsafe path.withCString { name in
            guard let result = unsafe realpath(name, nil) else { return nil }
            defer { unsafe free(result) }
            return unsafe ByteString(
                Array(UnsafeBufferPointer(start: result, count: strlen(result)))
                    .map { UInt8(bitPattern: $0) })
        }
    }

    package func isLocked(_ path: ByteString) throws(FileError) -> Bool {
        let file: Descriptor
        do {
            file = try Descriptor(path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
        } catch {
            if error.isNotFound { return false }
            throw error
        }
        // A shared lock that is given back at once: the question that `master -t` asks.
        if flock(file.number, LOCK_SH | LOCK_NB) == 0 { return false }
        let error = SystemError.last
        guard error.code == EWOULDBLOCK else {
            throw .system(operation: .lock, path: path, error: error)
        }
        return true
    }
}

/// Lets another process go on for a moment, between two bounded attempts at the same thing.
func pause(milliseconds: Int) {
    var wait = timespec(tv_sec: 0, tv_nsec: milliseconds * 1_000_000)
    unsafe nanosleep(&wait, nil)
}
