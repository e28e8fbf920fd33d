// Facts about the running process, and what it must put right before it does anything else.

import Bytes
import Glibc

/// The running process.
package enum ThisProcess {
    /// The argument list, the name that the program was called by first.
    static var arguments: [ByteString] {
        unsafe strings(CommandLine.unsafeArgv)
    }

    /// The environment, each entry "NAME=value".
    static var environment: [ByteString] {
        unsafe strings(environ)
    }

    /// The node name of uname(2).
    static var nodeName: ByteString {
        var name = utsname()
        guard unsafe uname(&name) == 0 else { return "" }
        return unsafe withUnsafeBytes(of: &name.nodename) { field in
            unsafe ByteString(Array(field.prefix { $0 != 0 }))
        }
    }

    /// The directory of the running program's file, from /proc.
    static var programDirectory: ByteString? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        let path = buffer.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }
        guard let slash = path.lastIndex(of: 0x2F) else { return nil }
        return ByteString(path[..<max(slash, 1)])
    }

    /// The real user id.
    static var realUser: UInt32 { getuid() }

    /// The time now, in seconds since 1970.
    static var currentSeconds: Int { time(nil) }

    /// Sets the file mode mask to 022 and makes sure that descriptors 0 to 2 are open.
    ///
    /// A program started with a closed standard descriptor would otherwise write its messages into
    /// the first file that it opens.
    package static func prepare() {
        umask(0o022)
        for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) == -1 {
            _ = unsafe open("/dev/null", O_RDWR)
        }
    }

    /// Ends the process.
    package static func exit(status: Int32) -> Never { Glibc.exit(status) }

    private static func strings(
        _ start: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    ) -> [ByteString] {
        var result: [ByteString] = []
        var next = unsafe start
        while let text = unsafe next.pointee {
            let bytes = unsafe UnsafeBufferPointer(start: text, count: strlen(text))
            result.append(unsafe ByteString(bytes.map { UInt8(bitPattern: $0) }))
            unsafe next += 1
        }
        return result
    }
}
