// Paths in configuration files that lead to directories which get another place. Pure.

package import Bytes

/// Directories and the paths that stand in their place.
package struct Relocation: Hashable, Sendable {
    /// A directory and its new path.
    package struct Pair: Hashable, Sendable {
        package let old: ByteString
        package let new: ByteString

        package init(old: ByteString, new: ByteString) {
            self.old = old
            self.new = new
        }
    }

    private let pairs: [Pair]

    /// Takes the directories; what lies in one of them moves with it.
    package init(_ pairs: [Pair]) {
        // The innermost directory first: it is the one that a path is about.
        self.pairs = pairs.sorted { $0.old.count > $1.old.count }
    }

    /// The new path of one path.
    package func path(_ path: ByteString) -> ByteString {
        for pair in pairs {
            if path == pair.old { return pair.new }
            if path.hasPrefix("\(pair.old)/") { return pair.new + path.dropFirst(pair.old.count) }
        }
        return path
    }

    /// The text of a main.cf or master.cf with all paths into the directories changed.
    ///
    /// Comments stay, and so does what only looks like such a path: a longer name, or the end of
    /// another path.
    package func text(_ text: ByteString) -> ByteString {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var rest = text.bytes[...]
        while !rest.isEmpty {
            let end = rest.firstIndex(of: 0x0A).map { $0 + 1 } ?? rest.endIndex
            let line = rest[..<end]
            let first = line.first { $0 != 0x20 && $0 != 0x09 }
            result += first == UInt8(ascii: "#") ? Array(line) : changed(line)
            rest = rest[end...]
        }
        return ByteString(result)
    }

    private func changed(_ line: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var index = line.startIndex
        while index < line.endIndex {
            let isStart = result.last.map { !mayStandBefore($0) } ?? true
            if isStart, line[index] == 0x2F,
                let pair = pairs.first(where: { isAt($0, line[index...]) })
            {
                result += pair.new.bytes
                index += pair.old.count
            } else {
                result.append(line[index])
                index += 1
            }
        }
        return result
    }

    private func isAt(_ pair: Pair, _ text: ArraySlice<UInt8>) -> Bool {
        guard text.starts(with: pair.old.bytes) else { return false }
        guard let next = text.dropFirst(pair.old.count).first else { return true }
        return !isNameByte(next)
    }

    /// True for what, in front of a path, makes it the end of another one.
    private func mayStandBefore(_ byte: UInt8) -> Bool {
        isNameByte(byte) || byte == 0x2F || byte == UInt8(ascii: "}")
    }

    private func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...0xFF: true
        case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "+"),
            UInt8(ascii: "@"), UInt8(ascii: "%"):
            true
        default: false
        }
    }
}
