// One line of the mail log: the head that a logger puts in front, and Postfix's severity.
//
// Knows the forms of postlogd(8) and syslogd (RFC 3164), of rsyslog (RFC 3339) and of RFC 5424.

package import Bytes

/// A line of the mail log.
package struct LogLine: Hashable, Sendable {
    /// The time stamp as it stands in the line.
    package let time: ByteString
    /// The program that logged, such as "postfix-out/smtpd".
    package let tag: ByteString
    /// What it said.
    package let text: ByteString

    /// Reads a line without its line end; nil if it has another form.
    package init?(_ line: ByteString) {
        var rest = line.bytes[...]
        guard let first = rest.first else { return nil }
        if first == 0x3C {  // "<22>1 TIME HOST TAG PID MSGID - TEXT"
            guard let fields = Self.fields(7, of: &rest) else { return nil }
            time = ByteString(fields[1])
            tag = ByteString(fields[3])
            text = ByteString(rest.drop { $0 == 0x20 })
            return
        }
        let isDigit = (0x30...0x39).contains(first)
        // "TIME HOST TAG[PID]: TEXT", or the same with a time of three words.
        guard let fields = Self.fields(isDigit ? 2 : 4, of: &rest),
            let colon = rest.firstIndex(of: 0x3A)
        else { return nil }
        let label = rest[..<colon]
        if label.contains(0x20) { return nil }
        time =
            isDigit
            ? ByteString(fields[0])
            : ByteString(line.bytes[..<fields[2].endIndex])
        tag = ByteString(label.prefix { $0 != 0x5B })
        text = ByteString(rest[(colon + 1)...].drop { $0 == 0x20 })
    }

    /// Takes words from the front, and the blanks that end them.
    private static func fields(
        _ count: Int, of rest: inout ArraySlice<UInt8>
    ) -> [ArraySlice<UInt8>]? {
        var fields: [ArraySlice<UInt8>] = []
        for _ in 0..<count {
            guard let end = rest.firstIndex(of: 0x20) else { return nil }
            fields.append(rest[..<end])
            rest = rest[end...].drop { $0 == 0x20 }
        }
        return fields
    }

    /// "warning", "error", "fatal" or "panic" if the text begins with it, and the text after it.
    package var problem: (severity: ByteString, text: ByteString)? {
        for severity: ByteString in ["warning", "error", "fatal", "panic"]
        where text.hasPrefix(severity) {
            let rest = text.dropFirst(severity.count)
            if rest.hasPrefix(": ") { return (severity, rest.dropFirst(2)) }
        }
        return nil
    }

    /// The names under which the tag may be known, from whole to its first part:
    /// "postfix-in/submission/smtpd", "postfix-in/submission", "postfix-in".
    package var names: [ByteString] {
        let ends = tag.bytes.indices.filter { tag.bytes[$0] == 0x2F }.reversed()
        return [tag] + ends.map { ByteString(tag.bytes[..<$0]) }
    }
}
