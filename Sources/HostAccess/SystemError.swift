// The error number of a failed system call, as a value with the C library's words for it.

package import Bytes
import Glibc

/// An error number of the operating system, errno(3).
package struct SystemError: Error, Hashable, Sendable {
    package let code: Int32

    package init(code: Int32) { self.code = code }

    /// The error of the system call that failed last in this thread.
    static var last: SystemError { SystemError(code: errno) }

    /// The C library's sentence for the error, as `%m` prints it.
    package var text: ByteString {
        // strerror's buffer is shared by threads; this product's command line tools have one.
        guard let words = unsafe strerror(code) else { return "error \(Int(code))" }
        return unsafe ByteString(String(cString: words))
    }

    package static let notFound = SystemError(code: ENOENT)
    package static let notPermitted = SystemError(code: EPERM)
    package static let accessDenied = SystemError(code: EACCES)
    package static let inputOutput = SystemError(code: EIO)
    package static let noSpace = SystemError(code: ENOSPC)
    package static let readOnly = SystemError(code: EROFS)
    package static let exists = SystemError(code: EEXIST)
    package static let otherFileSystem = SystemError(code: EXDEV)
    package static let notEmpty = SystemError(code: ENOTEMPTY)
    package static let notDirectory = SystemError(code: ENOTDIR)
    package static let isDirectory = SystemError(code: EISDIR)
    package static let invalid = SystemError(code: EINVAL)
    package static let nameTooLong = SystemError(code: ENAMETOOLONG)
    package static let notExecutableFormat = SystemError(code: ENOEXEC)
    package static let tooManyLinks = SystemError(code: ELOOP)
}
