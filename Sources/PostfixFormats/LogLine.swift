// One line of the mail log, copied into parts, and Postfix's severity.

package import Bytes

/// A line of the mail log.
package struct LogLine: Hashable, Sendable {
    /// The time stamp as it stands in the line.
    package let time: ByteString
    /// The host that logged.
    package let host: ByteString
    /// The program that logged, such as "postfix-out/smtpd".
    package let tag: ByteString
    /// The process that logged; nil if the line does not tell.
    package let processID: Int?
    /// What it said.
    package let text: ByteString

    /// Reads a line without its line end; nil if it has another form.
    package init?(_ line: ByteString) {
        guard let head = LogHead(line.bytes.span, line: line.bytes.indices) else { return nil }
        time = ByteString(line.bytes[head.time])
        host = ByteString(line.bytes[head.host])
        tag = ByteString(line.bytes[head.tag])
        processID = head.processID
        text = ByteString(line.bytes[head.text])
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
