// Shrinks a file on which we and postconf disagree, so that a person sees why.

import Bytes

enum Minimizer {
    /// Each try asks postconf some times, and may take seconds.
    private static let maximumTries = 150

    /// The smallest file found that still disagrees: without lines, then without bytes.
    static func minimize(_ file: ByteString, while disagrees: (ByteString) -> Bool) -> ByteString {
        var tries = 0
        func shrink<Part>(_ parts: [Part], _ join: ([Part]) -> ByteString) -> [Part] {
            var parts = parts
            var size = max(1, parts.count / 2)
            while tries < maximumTries {
                var start = 0
                while start < parts.count, tries < maximumTries {
                    var rest = parts
                    rest.removeSubrange(start..<min(start + size, rest.count))
                    tries += 1
                    if disagrees(join(rest)) { parts = rest } else { start += size }
                }
                if size == 1 { break }
                size /= 2
            }
            return parts
        }

        let newline = UInt8(ascii: "\n")
        var lines: [[UInt8]] = [[]]
        for byte in file.bytes {
            lines[lines.count - 1].append(byte)
            if byte == newline { lines.append([]) }
        }
        let fewer = shrink(lines) { ByteString(Array($0.joined())) }
        return ByteString(shrink(Array(fewer.joined())) { ByteString($0) })
    }
}
