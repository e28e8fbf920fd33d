// The end of messages, whatever the pieces they come in, and what must not be in them.

import SMTPProtocol
import Testing

@Suite struct `The content scanner` {
    /// What a scan of the content comes to when it is cut in two, with places in the whole.
    private func outcome(_ content: [UInt8], cut: Int, lineLimit: Int = 0) -> DataScanner.Outcome {
        var scanner = DataScanner(lineLimit: lineLimit)
        let (first, rest) = (Array(content[..<cut]), Array(content[cut...]))
        let outcome = scanner.scan(first.span, from: 0)
        guard outcome == .more else { return outcome }
        switch scanner.scan(rest.span, from: 0) {
        case .more: return .more
        case .end(let end): return .end(end + cut)
        case .violation(let violation, let place): return .violation(violation, place + cut)
        }
    }

    private func outcomes(_ content: String, lineLimit: Int = 0) -> [DataScanner.Outcome] {
        let bytes = Array(content.utf8)
        var found: [DataScanner.Outcome] = []
        for cut in 0...bytes.count {
            let outcome = outcome(bytes, cut: cut, lineLimit: lineLimit)
            if !found.contains(outcome) { found.append(outcome) }
        }
        return found
    }

    @Test(arguments: [
        (".\r\n", 3), ("a\r\n.\r\n", 6), ("\r\n.\r\nNOOP\r\n", 5), ("a\r\n..\r\n.\r\n.\r\n", 10),
        ("..\r\n...\r\n.a\r\n\r\n.\r\n", 18), ("\0\r\n.\0\r\n.\r\n.", 10), (".\r\n.\r\n", 3),
    ])
    func `ends a message at its lone dot, however it is cut`(content: String, end: Int) {
        #expect(outcomes(content) == [.end(end)])
    }

    @Test(arguments: [
        "", "a", ".", ".\r", "a\r\n.", "a\r\n.\r", "a\r\n..\r\n", "\r\n. \r\n", "a.\r\n",
    ])
    func `ends a message nowhere else`(content: String) {
        #expect(outcomes(content) == [.more])
    }

    @Test(arguments: [
        ("\n", 0), ("a\n.\n", 1), ("a\n.\r\n", 1), ("a\r\n.\n", 4), ("a\r\nb\nc", 4), (".\n", 1),
        ("..\n", 2), ("\r\n\n.\r\n", 2), ("\0\n", 1),
    ])
    func `knows a line feed that ends no line`(content: String, place: Int) {
        #expect(outcomes(content) == [.violation(.bareLineFeed, place)])
    }

    @Test(arguments: [
        ("\ra", 1), ("a\r.\r", 2), ("a\r\r\n", 2), ("a\r\n.\r.", 5), ("a\r\n.\r\r\n", 5),
        ("a\r.\r\n", 2), ("\r\0\n", 1), ("..\rb", 3),
    ])
    func `knows a carriage return that ends no line`(content: String, place: Int) {
        #expect(outcomes(content) == [.violation(.bareCarriageReturn, place)])
    }

    @Test(arguments: [
        ("abc\r\nabc\r\n.\r\n", DataScanner.Outcome.end(13)),
        ("abcd\r\n", .violation(.lineTooLong, 3)),
        ("..c\r\n.\r\n", .end(8)), ("..cd\r\n", .violation(.lineTooLong, 3)), ("abc", .more),
        ("a\r\nabcde", .violation(.lineTooLong, 6)),
    ])
    func `knows a line beyond the limit`(content: String, outcome: DataScanner.Outcome) {
        #expect(outcomes(content, lineLimit: 3) == [outcome])
    }

    @Test func `takes any limit of lines`() {
        #expect(outcomes(".a\r\n", lineLimit: 1) == [.violation(.lineTooLong, 2)])
        #expect(outcomes("a\r\n.\r\n", lineLimit: 1) == [.end(6)])
    }

    @Test(arguments: [
        ("a\nb\r\n.\r\n", 8), ("a\n.\r\nb\r\n.\r\n", 11), ("a\r\n.\nb\r\n.\r\n", 11),
        ("a\r.\r\nb\r\n.\r\n", 11), ("a\r\r\n.\r\nb", 7), ("\r\n.\r\r\n.\r\nb", 9),
        ("\r.\r\n.\r\n.\r\n", 7),
        ("\r\n.\r.\r\n.\r\n", 10), ("aaaaaaaaaa\r\n.\r\n", 15), ("..........\r\n.\r\n", 15),
    ])
    func `finds the end of what is refused, and no other`(content: String, end: Int) {
        let bytes = Array(content.utf8)
        for cut in 0...bytes.count {
            var scanner = DataScanner(lineLimit: 4)
            var position = 0
            var found: Int?
            for piece in [Array(bytes[..<cut]), Array(bytes[cut...])] where found == nil {
                if case .end(let end) = scanner.skip(piece.span, from: 0) { found = position + end }
                position += piece.count
            }
            #expect(found == end, "cut at \(cut)")
        }
    }
}
