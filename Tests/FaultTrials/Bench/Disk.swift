// The few system calls that a trial needs to look at files and to make them.
//
// It must not use the product's own file access: what is under test cannot be its own witness.

import Bytes
import Glibc

/// One file system object with all that a trial compares.
struct DiskObject: Hashable {
    enum Kind: Hashable { case file, directory, link, socket, pipe, other }

    var kind: Kind
    /// Permission bits; 0 for a link, which has none of its own.
    var mode: UInt32
    var owner: UInt32
    var group: UInt32
    /// What is in a file, or where a link leads.
    var content: ByteString = ""
}

/// The machine's files, by the C library's calls.
enum Disk {
    /// A look or a change that failed; the trial cannot go on.
    struct Failure: Error, CustomStringConvertible {
        var path: ByteString
        var reason: Int32
        var description: String { unsafe "\(path): \(String(cString: strerror(reason)))" }
    }

    /// What is at the path, a link being a link; nil if nothing is.
    static func object(at path: ByteString) throws -> DiskObject? {
        var raw = stat()
        guard unsafe lstat(path.characters, &raw) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw Failure(path: path, reason: errno)
        }
        var object = DiskObject(
            kind: .other, mode: raw.st_mode & 0o7777, owner: raw.st_uid, group: raw.st_gid)
        switch raw.st_mode & S_IFMT {
        case S_IFREG:
            object.kind = .file
            object.content = try content(of: path)
        case S_IFDIR: object.kind = .directory
        case S_IFLNK:
            object.kind = .link
            object.mode = 0
            object.content = try linkTarget(path)
        case S_IFSOCK: object.kind = .socket
        case S_IFIFO: object.kind = .pipe
        default: break
        }
        return object
    }

    /// The names in a directory, sorted.
    static func names(in path: ByteString) throws -> [ByteString] {
        guard let stream = unsafe opendir(path.characters) else {
            throw Failure(path: path, reason: errno)
        }
        defer { unsafe closedir(stream) }
        var names: [ByteString] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { field in
                unsafe ByteString(Array(field.prefix { $0 != 0 }))
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    static func content(of path: ByteString) throws -> ByteString {
        let descriptor = unsafe open(path.characters, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(path: path, reason: errno) }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = unsafe read(descriptor, &chunk, chunk.count)
            guard count >= 0 else { throw Failure(path: path, reason: errno) }
            if count == 0 { return ByteString(content) }
            content += chunk[..<count]
        }
    }

    private static func linkTarget(_ path: ByteString) throws -> ByteString {
        var target = [CChar](repeating: 0, count: 4096)
        let count = unsafe readlink(path.characters, &target, target.count)
        guard count >= 0 else { throw Failure(path: path, reason: errno) }
        return ByteString(target[..<count].map { UInt8(bitPattern: $0) })
    }

    /// Makes an object where none is, with exactly these attributes.
    static func make(_ object: DiskObject, at path: ByteString) throws {
        let result: Int32
        switch object.kind {
        case .file: result = try write(object.content, to: path)
        case .directory: result = unsafe mkdir(path.characters, object.mode)
        case .link: result = unsafe symlink(object.content.characters, path.characters)
        case .socket: result = unsafe mknod(path.characters, S_IFSOCK | object.mode, 0)
        case .pipe: result = unsafe mkfifo(path.characters, object.mode)
        case .other: result = 0
        }
        guard result == 0 else { throw Failure(path: path, reason: errno) }
        try setAttributes(of: object, at: path)
    }

    private static func write(_ content: ByteString, to path: ByteString) throws -> Int32 {
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW
        let descriptor = unsafe open(path.characters, flags, 0o600)
        guard descriptor >= 0 else { return -1 }
        defer { close(descriptor) }
        var written = 0
        while written < content.count {
            let count = unsafe content.bytes[written...].withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count <= 0 { return -1 }
            written += count
        }
        return 0
    }

    /// Gives what is there the owner and mode of `object`.
    static func setAttributes(of object: DiskObject, at path: ByteString) throws {
        guard unsafe lchown(path.characters, object.owner, object.group) == 0 else {
            throw Failure(path: path, reason: errno)
        }
        if object.kind == .link { return }
        guard unsafe chmod(path.characters, object.mode) == 0 else {
            throw Failure(path: path, reason: errno)
        }
    }

    /// Puts a file there, in place of whatever was.
    static func put(_ content: ByteString, at path: ByteString, mode: UInt32 = 0o644) throws {
        if try object(at: path) != nil { try remove(path) }
        try make(
            DiskObject(kind: .file, mode: mode, owner: 0, group: 0, content: content), at: path)
    }

    /// Removes a file or an empty directory.
    static func remove(_ path: ByteString) throws {
        guard unsafe Glibc.remove(path.characters) == 0 else {
            throw Failure(path: path, reason: errno)
        }
    }

    /// Makes a file look an hour old.
    ///
    /// The stock programs sleep until a main.cf that they read is two seconds old.
    static func age(_ path: ByteString) {
        let old = timespec(tv_sec: time(nil) - 3600, tv_nsec: 0)
        // A file that is not there needs no age.
        _ = unsafe utimensat(AT_FDCWD, path.characters, [old, old], AT_SYMLINK_NOFOLLOW)
    }
}

extension ByteString {
    /// The bytes as C wants them, with a zero at the end.
    var characters: [CChar] { bytes.map { CChar(bitPattern: $0) } + [0] }
}
