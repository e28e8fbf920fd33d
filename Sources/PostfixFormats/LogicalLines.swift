// Finds the logical lines of main.cf and master.cf: readlline(3) of the Postfix library.
//
// It knows comments, blank lines and continuation lines, and nothing of what a line says. Only
// positions are kept, because most of a configuration file is comments that nobody asks for.

import Bytes

/// Where one logical line stands in a file.
struct LogicalLine: Sendable {
    /// Offset of its first byte.
    var start: Int
    /// Offset of the end of its last physical line with content, the newline left out.
    var end: Int
    /// Line numbers, counted from 1, of the first and the last physical line with content.
    var firstLine: Int
    var lastLine: Int

    /// Finds all logical lines, and those at the top that continue nothing.
    ///
    /// A physical line that begins with a blank continues the line before it, whatever comments
    /// and empty lines stand in between. Before the first logical line there is nothing to
    /// continue; Postfix ignores such text with a warning.
    static func scan(_ text: ByteString) -> (lines: [LogicalLine], orphan: LogicalLine?) {
        let bytes = text.bytes.span
        var lines: [LogicalLine] = []
        var orphan: LogicalLine?
        var position = 0
        var number = 0
        while position < bytes.count {
            number += 1
            let start = position
            while position < bytes.count, bytes[position] != newline, bytes[position].isSpace {
                position += 1
            }
            let content = position
            let end = bytes.position(of: newline, from: content)
            position = end + 1
            if content == end || bytes[content] == hash { continue }

            if content == start {
                lines.append(
                    LogicalLine(start: start, end: end, firstLine: number, lastLine: number))
            } else if lines.isEmpty {
                let first = orphan?.firstLine ?? number
                orphan = LogicalLine(
                    start: orphan?.start ?? start, end: end, firstLine: first, lastLine: number)
            } else {
                lines[lines.count - 1].end = end
                lines[lines.count - 1].lastLine = number
            }
        }
        return (lines, orphan)
    }

    /// The text from `offset` (the start, unless given) to the end of the line, joined.
    ///
    /// Newlines fall away, and so do comments and blank lines in between; the blanks that begin a
    /// continuation line stay. A null byte ends the text, as it does for Postfix's own reader.
    func joined(in text: ByteString, from offset: Int? = nil) -> ArraySlice<UInt8> {
        let rest = text.bytes[(offset ?? start)..<end]
        if firstLine == lastLine { return rest.asCString }
        let pieces = rest.split(separator: newline, omittingEmptySubsequences: false)
        var joined: [UInt8] = []
        for (index, piece) in pieces.enumerated() {
            let first = piece.first { !$0.isSpace }
            if index == 0 || (first != nil && first != hash) { joined += piece }
        }
        return joined[...].asCString
    }

    /// Postfix's own words for text that continues nothing.
    static func orphanWording(path: ByteString, text: ByteString) -> ByteString {
        let start = ByteString(text.bytes.prefix(30))
        let more: ByteString = text.count > 30 ? "..." : ""
        return "\(path): logical line must not start with whitespace: \"\(start)\(more)\""
    }
}

private let newline = UInt8(ascii: "\n")
private let hash = UInt8(ascii: "#")
