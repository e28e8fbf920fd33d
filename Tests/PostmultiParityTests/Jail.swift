// What Debian's Postfix puts into a queue directory for services that run in a chroot jail there.
//
// Since 3.9 its post-install(1) does so at every start and also at set-permissions, which the
// stock postmulti runs at create and import. Ours leaves it to the first start, so there it may be
// missing; it must not be there with ours alone.

import Bytes
import TestSupport

enum Jail {
    static let isFilledAtCreate = TestedPostfix.version >= PostfixVersion("3.9")

    /// Shell text that removes it where the stock program has made an instance.
    static func clear(_ queueDirectory: ByteString) -> ByteString {
        "(cd / && rm -rf \(queueDirectory)/etc \(queueDirectory)/usr \(queueDirectory)/lib)"
    }

    /// True if the path is in the jail's part of a secondary's queue directory.
    static func contains(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        guard parts.starts(with: ["var", "spool"]) || parts.starts(with: ["var", "mta"]) else {
            return false
        }
        return parts.dropFirst(2).prefix(3).contains { ["etc", "usr", "lib"].contains($0) }
    }

    /// The text without the lines that tell of each file put there.
    static func without(_ text: ByteString) -> ByteString {
        let newline = UInt8(ascii: "\n")
        let lines = text.bytes.split(separator: newline, omittingEmptySubsequences: false)
        let others = lines.filter { !ByteString($0).hasPrefix("updating /") }
        return ByteString(Array(others.joined(separator: [newline])))
    }
}
