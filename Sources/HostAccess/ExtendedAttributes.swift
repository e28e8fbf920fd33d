// Carries access control lists and security labels over to the file that replaces another.

import Bytes
import Glibc
import LinuxHeaders

extension Descriptor {
    /// Gives this file the extended attributes of another one, as far as the file system has any.
    func copyExtendedAttributes(
        of other: borrowing Descriptor, path: ByteString
    ) throws(FileError) {
        for name in other.extendedAttributeNames() where name.belongsToTheFile {
            guard let value = other.extendedAttribute(name) else { continue }
            let result = unsafe name.withCString { nameStart in
                unsafe value.withUnsafeBytes { space in
                    unsafe fsetxattr(number, nameStart, space.baseAddress, space.count, 0)
                }
            }
            // A label that the new file has already from its directory may not be settable.
            if result != 0, extendedAttribute(name) != value {
                throw .system(operation: .changeMode, path: path, error: .last)
            }
        }
    }

    /// The names of all extended attributes; none where the file system has no such thing.
    private func extendedAttributeNames() -> [ByteString] {
        // 64 KiB is the kernel's own limit on the list.
        var list = [CChar](repeating: 0, count: 65536)
        let count = unsafe flistxattr(number, &list, list.count)
        guard count > 0 else { return [] }
        return list[..<count].split(separator: 0).map { name in
            ByteString(name.map { UInt8(bitPattern: $0) })
        }
    }

    private func extendedAttribute(_ name: ByteString) -> [UInt8]? {
        // 64 KiB is the kernel's own limit on a value.
        var value = [UInt8](repeating: 0, count: 65536)
        let count = unsafe name.withCString { unsafe fgetxattr(number, $0, &value, value.count) }
        return count < 0 ? nil : Array(value[..<count])
    }
}

extension ByteString {
    /// True for the attributes that stay when the content changes; signatures of it do not.
    fileprivate var belongsToTheFile: Bool {
        let kept: Set<ByteString> = [
            "system.posix_acl_access", "security.selinux", "security.SMACK64",
        ]
        return kept.contains(self) || hasPrefix("user.")
    }
}
