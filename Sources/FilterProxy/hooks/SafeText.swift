// What services and programs say, in a form that can do no harm in a reply, a field or a log line.

/// Makes text of others harmless.
enum SafeText {
    /// One line of printable ASCII: blanks and line ends become single spaces, other bytes "?".
    static func line(_ bytes: some Sequence<UInt8>, limit: Int) -> String {
        var line: [UInt8] = []
        for byte in bytes {
            guard line.count < limit else { break }
            switch byte {
            case 0x20, 0x09...0x0D:
                if let last = line.last, last != 0x20 { line.append(0x20) }
            case 0x21...0x7E: line.append(byte)
            default: line.append(UInt8(ascii: "?"))
            }
        }
        if line.last == 0x20 { line.removeLast() }
        return String(decoding: line, as: UTF8.self)
    }

    /// The same of a string, short enough for a reply.
    static func reason(_ text: String) -> String { line(text.utf8, limit: 200) }
}
