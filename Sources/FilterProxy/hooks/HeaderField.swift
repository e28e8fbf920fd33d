// Header fields that are put in front of messages: never more than one field, whatever is in them.

/// A header field to put in front of a message.
package struct HeaderField: Equatable, Sendable {
    package let name: String
    /// Printable ASCII; a line end is always followed by a blank.
    package let value: String

    /// The field by which the next hop knows that a message is to be put on hold.
    static let holdName = "X-Postilion-Hold"

    /// The longest line of a field that is written; RFC 5322, section 2.1.1, has 998 bytes.
    static let lineLimit = 900
    /// The longest value: more is cut off.
    static let valueLimit = 16_384

    /// A field of its own making or of another program's: what may not be in one is replaced.
    ///
    /// Lines of the value that begin with a blank stay lines; other line ends become spaces.
    package init(_ name: String, _ value: String) {
        self.name = name
        var lines: [String] = []
        for line in value.split(whereSeparator: \.isNewline) {
            let isFolded = line.first == " " || line.first == "\t"
            let text = SafeText.line(Array(line.utf8), limit: Self.valueLimit)
            guard !text.isEmpty else { continue }
            if isFolded || lines.isEmpty {
                lines.append(text)
            } else {
                lines[lines.count - 1] += " " + text
            }
        }
        self.value = Self.cut(lines).joined(separator: "\n\t")
    }

    /// True if the text can be the name of a header field (RFC 5322, section 3.6.8).
    package static func isName(_ text: String) -> Bool {
        (1...76).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: ":") }
    }

    /// The field as it goes over the wire.
    var wire: String {
        "\(name): \(value.split(separator: "\n").joined(separator: "\r\n"))\r\n"
    }

    /// Lines no longer than they may be, and no more than the value may have.
    private static func cut(_ lines: [String]) -> [String] {
        var left = valueLimit
        var cut: [String] = []
        for line in lines {
            var rest = line[...]
            while !rest.isEmpty, left > 0 {
                // The first line has the name in front of it, which has 76 bytes at most.
                let room = min(lineLimit, left)
                let end = rest.utf8.count > room ? foldPlace(rest, room) : rest.endIndex
                let piece = rest[..<end]
                cut.append(String(piece))
                left -= piece.utf8.count
                rest = rest[end...].drop { $0 == " " }
            }
        }
        return cut
    }

    /// Where a line that is too long can go on below: at a space, or anywhere if it has none.
    private static func foldPlace(_ line: Substring, _ room: Int) -> String.Index {
        let head = line.prefix(room)
        return head.lastIndex(of: " ") ?? head.endIndex
    }
}
