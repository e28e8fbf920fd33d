// Sessions made at random, on which the properties that are fuzzed must hold.
//
// The numbers come from a fixed seed: a session that fails, fails again.

import Bytes
import FuzzProperties
import TestSupport
import Testing

@Suite struct `Sessions made at random` {
    @Test(arguments: 0..<40)
    func `hold what must hold for any session`(seed: Int) throws {
        let target = try #require(FuzzTarget.named("smtp"))
        var numbers = SeededNumbers(seed: UInt64(seed))
        for _ in 0..<25 {
            let script = Script.make(&numbers)
            #expect(
                throws: Never.self, "\(String(decoding: script, as: UTF8.self).debugDescription)"
            ) {
                try target.check(ByteString(script))
            }
        }
    }
}

/// A session in the form that the property takes: parts with a byte 1 in between.
private enum Script {
    static let commands = [
        "EHLO c\r\n", "HELO c\r\n", "NOOP\r\n", "NOOP x\r\n", "RSET\r\n", "VRFY x\r\n", "FOO\r\n",
        "\r\n",
        "XFORWARD IDENT=1\r\n", "MAIL FROM:<a>\r\n", "MAIL FROM:<>\r\n", "RCPT TO:<b>\r\n",
        "RCPT TO:<c>\r\n",
        "DATA\r\n", "QUIT\r\n", "BDAT 6\r\nabc\r\n.", "BDAT\r\n", "NOOP\n", "NOOP\r", "NO\rOP\r\n",
        "N\0\r\n",
        "NOOP xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n",
    ]
    static let content = [
        "a\r\n", "A: b\r\n", "X: c\r\n", " d\r\n", "\r\n", "..\r\n", "..a\r\n", "\0\r\n", "\n",
        "\r", "\n.\n", "\r.\r",
        "aaaaaaaaaaaaaaaaaaaaaaaa\r\n", ".", "MAIL FROM:<z>\r\n",
    ]
    static let events = [
        "!b", "!t", "!k", "!d", "!c", "!s", "!h", "!r", "!r", "!u", "!5", "!2", "!p", "!p", "!w",
        "!n250 a\r\n",
        "!n421 b\r\n", "!n5", "!n354 c\r\n",
    ]
    static let ways = [
        "=M450 4.0.0 m\r\n", "=R550 5.0.0 r\r\n", "=D451 4.0.0 d\r\n", "=.452 4.0.0 e\r\n",
        "=E502 5.0.0 e\r\n",
        "=M", "=R", "=D", "=.", "=E", "=R", "=N!", "=M!", "=R!", "=D!", "=.!", "=R?", "=.?",
        "=N250-a\r\n250 b\r\n",
        "=D250 d\r\n", "=R421 4.0.0 r\r\n", "=M250 a\r\n250 b\r\n", "=.354 d\r\n",
    ]

    static func make(_ numbers: inout SeededNumbers) -> [UInt8] {
        var parts = [String("bceiklopqrsw".filter { _ in numbers.below(5) == 0 })]
        if numbers.below(8) > 0 { parts.append("EHLO c\r\n") }
        let isPlain = numbers.below(3) == 0
        for _ in 0..<numbers.below(12) + 1 {
            switch numbers.below(isPlain ? 8 : 12) {
            case 0...2: parts.append(some(commands, 4, &numbers))
            case 3...6: message(&parts, &numbers)
            case 7...8: parts.append(some(ways.prefix(isPlain ? 10 : ways.count), 1, &numbers))
            default: parts.append(some(events, 1, &numbers))
            }
        }
        return Array(parts.joined(separator: "\u{1}").utf8)
    }

    private static func message(_ parts: inout [String], _ numbers: inout SeededNumbers) {
        let recipients = String(repeating: "RCPT TO:<b>\r\n", count: numbers.below(3) + 1)
        let envelope = "MAIL FROM:<a>\r\n\(recipients)DATA\r\n"
        let end = numbers.below(8) > 0 ? ".\r\n" : ""
        let sound = content.prefix(8)
        let content = some(numbers.below(3) > 0 ? Array(sound) : content, 6, &numbers) + end
        switch numbers.below(4) {
        case 0: parts.append(envelope + content)
        case 1: parts += [envelope, content + envelope, content]
        case 2:
            let half = content.utf8.count / 2
            let event = some(events, 1, &numbers)
            parts += [
                envelope, String(decoding: content.utf8.prefix(half), as: UTF8.self), event,
                String(decoding: content.utf8.dropFirst(half), as: UTF8.self),
            ]
        default: parts += [envelope, content]
        }
    }

    /// One to `count` of the choices, one behind the other.
    private static func some(
        _ choices: some RandomAccessCollection<String>, _ count: Int, _ numbers: inout SeededNumbers
    ) -> String {
        let all = Array(choices)
        return (0...numbers.below(count)).map { _ in numbers.pick(all) }.joined()
    }
}
