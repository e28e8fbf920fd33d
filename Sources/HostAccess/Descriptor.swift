// Owns one file descriptor and the C calls on it. The only place that opens and closes files.

import Bytes
import Glibc

/// An open file descriptor with one owner; it is closed when the owner goes out of scope.
struct Descriptor: ~Copyable {
    let number: Int32

    /// Opens a path close-on-exec.
    init(
        _ path: ByteString, flags: Int32, mode: mode_t = 0, operation: FileError.Operation = .open
    ) throws(FileError) {
        try path.checkForC(operation)
        let opened = unsafe path.withCString { name in
            retryingOnInterrupt { unsafe open(name, flags | O_CLOEXEC, mode) }
        }
        guard opened >= 0 else {
            throw .system(operation: operation, path: path, error: .last)
        }
        number = opened
    }

    /// Makes a file that is in no directory, on the file system of one, readable by nobody else.
    init(unnamedIn directory: ByteString) throws(FileError) {
        // O_TMPFILE is a macro that Swift does not import: a bit of its own and O_DIRECTORY.
        try self.init(directory, flags: O_RDWR | O_DIRECTORY | 0o20_000_000, mode: 0o600)
    }

    /// Opens a name in an open directory, refusing a link; `path` is for messages.
    init(
        _ name: ByteString, in directory: borrowing Descriptor, path: ByteString, flags: Int32,
        operation: FileError.Operation = .open
    ) throws(FileError) {
        let directoryNumber = directory.number
        let opened = unsafe name.withCString { name in
            retryingOnInterrupt {
                unsafe openat(directoryNumber, name, flags | O_NOFOLLOW | O_CLOEXEC)
            }
        }
        guard opened >= 0 else { throw .system(operation: operation, path: path, error: .last) }
        number = opened
    }

    deinit { close(number) }

    /// The attributes of the open file.
    func status(path: ByteString) throws(FileError) -> FileStatus {
        var raw = stat()
        guard unsafe fstat(number, &raw) == 0 else {
            throw .system(operation: .status, path: path, error: .last)
        }
        return FileStatus(raw)
    }

    /// Reads until the end of the file, or until more than `limitBytes` have come.
    func readAll(path: ByteString, hintBytes: Int, limitBytes: Int) throws(FileError) -> [UInt8] {
        var content = [UInt8]()
        // One byte more than the size, so that the end of a file that did not grow shows at once.
        var room = min(max(hintBytes, 0), limitBytes) + 1
        while true {
            let count = try readChunk(into: &content, room: room, path: path)
            if count < room && count == 0 { return content }
            if content.count > limitBytes { throw .tooLarge(path: path, limitBytes: limitBytes) }
            if count < room && content.count == hintBytes { return content }
            room = 65536
        }
    }

    private func readChunk(
        into content: inout [UInt8], room: Int, path: ByteString
    ) throws(FileError) -> Int {
        var failure: SystemError?
        // read(2) fills the array's own memory, so that a large file is copied once only.
        let chunk = unsafe [UInt8](unsafeUninitializedCapacity: room) { space, filled in
            let count = retryingOnInterrupt { unsafe read(number, space.baseAddress, room) }
            if count < 0 { failure = .last }
            filled = max(count, 0)
        }
        if let failure { throw .system(operation: .read, path: path, error: failure) }
        let count = chunk.count
        if content.isEmpty { content = chunk } else { content += chunk }
        return count
    }

    /// Reads so many bytes from a place on, fewer if the file ends before.
    func readBytes(_ limit: Int, at start: Int, path: ByteString) throws(FileError) -> [UInt8] {
        var failure: SystemError?
        let content = unsafe [UInt8](unsafeUninitializedCapacity: limit) { space, filled in
            while filled < limit {
                let count = retryingOnInterrupt {
                    unsafe pread(
                        number, space.baseAddress?.advanced(by: filled), limit - filled,
                        start + filled)
                }
                if count < 0 { failure = .last }
                if count <= 0 { break }
                filled += count
            }
        }
        if let failure { throw .system(operation: .read, path: path, error: failure) }
        return content
    }

    /// Writes all bytes.
    func writeAll(_ bytes: [UInt8], path: ByteString) throws(FileError) {
        // A limit on the size of files, as of `ulimit -f`, is an error like a full disk, and must
        // not end the process with a change half made.
        let handler = signal(SIGXFSZ, SIG_IGN)
        defer { _ = signal(SIGXFSZ, handler) }
        var written = 0
        while written < bytes.count {
            let count = retryingOnInterrupt {
                unsafe bytes.withUnsafeBytes { space in
                    unsafe write(
                        number, space.baseAddress?.advanced(by: written), bytes.count - written)
                }
            }
            guard count >= 0 else {
                throw .system(operation: .write, path: path, error: .last)
            }
            written += count
        }
    }

    /// Sets the permission bits.
    func setMode(_ mode: UInt32, path: ByteString) throws(FileError) {
        guard fchmod(number, mode) == 0 else {
            throw .system(operation: .changeMode, path: path, error: .last)
        }
    }

    /// Sets the owner and the group; a group of nil stays as it is.
    func setOwner(_ owner: UInt32, group: UInt32?, path: ByteString) throws(FileError) {
        // chown(2) takes -1 for "leave as it is".
        guard fchown(number, owner, group ?? UInt32.max) == 0 else {
            throw .system(operation: .changeOwner, path: path, error: .last)
        }
    }

    /// Sets the modification time three seconds back, or four if the old file has that second.
    ///
    /// Postfix waits for a main.cf whose time lies in the second before it reads or later.
    func settle(replacing old: Timestamp?, path: ByteString) throws(FileError) {
        let second = Glibc.time(nil) - 3
        let settled = old?.seconds == second ? second - 1 : second
        let time = timespec(tv_sec: settled, tv_nsec: 0)
        let times = [time, time]
        guard unsafe futimens(number, times) == 0 else {
            throw .system(operation: .write, path: path, error: .last)
        }
    }

    /// Makes sure that content and attributes are on the disk.
    func synchronise(path: ByteString) throws(FileError) {
        guard retryingOnInterrupt({ fsync(number) }) == 0 else {
            throw .system(operation: .sync, path: path, error: .last)
        }
    }
}

/// Repeats a system call that a signal interrupted.
func retryingOnInterrupt<Result: SignedInteger>(_ call: () -> Result) -> Result {
    while true {
        let result = call()
        if result != -1 || errno != EINTR { return result }
    }
}

extension ByteString {
    /// Refuses a path with a NUL: C would take what stands before it for another path.
    func checkForC(_ operation: FileError.Operation) throws(FileError) {
        if contains(0) { throw .system(operation: operation, path: self, error: .invalid) }
    }

    /// Calls `body` with the bytes as a C string; what follows a NUL is not seen by C.
    func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        let terminated = bytes.map { CChar(bitPattern: $0) } + [0]
        return unsafe terminated.withUnsafeBufferPointer { space in
            // An array that ends in a zero has a base address; the fallback never runs.
            guard let start = space.baseAddress else { return unsafe body("") }
            return unsafe body(start)
        }
    }
}

extension FileStatus {
    /// The attributes from stat(2)'s structure.
    init(_ raw: stat) {
        let kind: Kind =
            switch raw.st_mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .directory
            case S_IFLNK: .link
            case S_IFSOCK: .socket
            case S_IFIFO: .pipe
            default: .device
            }
        self.init(
            kind: kind, mode: raw.st_mode & 0o7777, owner: raw.st_uid, group: raw.st_gid,
            sizeBytes: Int(raw.st_size), device: UInt64(raw.st_dev), inode: UInt64(raw.st_ino),
            links: Int(raw.st_nlink),
            modified: Timestamp(seconds: raw.st_mtim.tv_sec, nanoseconds: raw.st_mtim.tv_nsec),
            changed: Timestamp(seconds: raw.st_ctim.tv_sec, nanoseconds: raw.st_ctim.tv_nsec))
    }
}
