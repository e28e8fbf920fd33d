// The defaults of all parameters, as `postconf -d` of the installed Postfix prints them.
//
// Nothing is read up front: the lines are sorted by name, so a look-up is a binary search over the
// bytes. Which values Postfix has by default is never known here, only in that output.

package import Bytes

/// The output of `postconf -d` as a source of values.
package struct ParameterDefaults: ParameterSource, Sendable {
    private let text: ByteString

    /// Takes lines `name = value` in the order of strcmp(3) of their names.
    package init(_ text: ByteString) { self.text = text }

    package func unexpandedValue(of name: ByteString) -> ByteString? {
        let bytes = text.bytes.span
        var low = 0
        var high = bytes.count
        while low < high {
            let middle = low + (high - low) / 2
            let start = lineStart(at: middle, notBefore: low)
            let nameEnd = nameEnd(from: start)
            let order = bytes.extracting(start..<nameEnd).order(to: name.bytes.span)
            if order == 0 { return value(from: nameEnd) }
            // Few lines are long, but one of those stands in the middle: its end is found late.
            if order < 0 { low = lineEnd(from: middle) + 1 } else { high = start }
        }
        return nil
    }

    /// The names of all parameters, in the order of strcmp(3).
    package var names: [ByteString] {
        text.split { $0 == UInt8(ascii: "\n") }.map { line in
            ByteString(line.bytes.prefix { !$0.isSpace && $0 != UInt8(ascii: "=") })
        }
    }

    /// True if any value refers to a parameter of that name.
    package func refer(to name: ByteString) -> Bool {
        let opening: Set<UInt8> = [UInt8(ascii: "$"), UInt8(ascii: "{"), UInt8(ascii: "(")]
        return text.bytes.indices.contains { index in
            opening.contains(text.bytes[index])
                && text.bytes[(index + 1)...].prefix { $0.isNameCharacter }
                    .elementsEqual(name.bytes)
        }
    }

    private func lineStart(at position: Int, notBefore low: Int) -> Int {
        let bytes = text.bytes.span
        var start = position
        while start > low, bytes[start - 1] != UInt8(ascii: "\n") { start -= 1 }
        return start
    }

    private func lineEnd(from position: Int) -> Int {
        text.bytes.span.position(of: UInt8(ascii: "\n"), from: position)
    }

    private func nameEnd(from start: Int) -> Int {
        let bytes = text.bytes.span
        var end = start
        while end < bytes.count, !bytes[end].isSpace, bytes[end] != UInt8(ascii: "=") { end += 1 }
        return end
    }

    /// The text after the `=`.
    private func value(from nameEnd: Int) -> ByteString {
        let afterName = text.bytes[nameEnd..<lineEnd(from: nameEnd)].drop { $0.isSpace }
        return ByteString(afterName.dropFirst().trimmed)
    }
}
