// Which file systems make up the tree that processes see, mountinfo in proc(5).

package import Bytes

/// A mounted file system that a rehearsal shows, too.
package struct MountedTree: Hashable, Sendable {
    /// The places of mounts in the order in which they were made, each once, without the root.
    package let places: [ByteString]

    /// What a rehearsal has of its own.
    private static let own: [ByteString] = ["/proc", "/sys", "/dev", "/run"]

    /// Reads /proc/self/mountinfo.
    package init(mountInfo: ByteString) {
        var places: [ByteString] = []
        for line in mountInfo.split(where: { $0 == 0x0A }) {
            let words = line.split { $0 == 0x20 }
            guard words.count > 6, let dash = words.firstIndex(of: "-"), dash + 1 < words.count
            else { continue }
            let place = Self.unescaped(words[4])
            let isOwn = Self.own.contains { place == $0 || place.hasPrefix("\($0)/") }
            if place == "/" || isOwn || words[dash + 1] == "autofs" || places.contains(place) {
                continue
            }
            places.append(place)
        }
        self.places = places
    }

    /// The path behind "\040" and its like.
    private static func unescaped(_ text: ByteString) -> ByteString {
        var bytes: [UInt8] = []
        var rest = text.bytes[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            if byte == 0x5C, digits.count == 3,
                let code = UInt8(ByteString(digits).text, radix: 8)
            {
                bytes.append(code)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return ByteString(bytes)
    }
}
