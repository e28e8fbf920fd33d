// Lines of the mail log in the forms in which loggers write them.

import Bytes
import PostfixFormats
import Testing

@Suite struct `A line of the mail log` {
    private static let text = "warning: no such thing: a: b"

    @Test(arguments: [
        ("Nov 05 09:01:02 mx postfix-out/smtpd[17]: ", "Nov 05 09:01:02"),
        ("Nov  5 09:01:02 mx postfix-out/smtpd[17]: ", "Nov  5 09:01:02"),
        ("Nov  5 09:01:02 mx postfix-out/smtpd: ", "Nov  5 09:01:02"),
        (
            "2026-11-05T09:01:02.123456+01:00 mx postfix-out/smtpd[17]: ",
            "2026-11-05T09:01:02.123456+01:00"
        ),
        ("<22>1 2026-11-05T09:01:02Z mx postfix-out/smtpd 17 - -  ", "2026-11-05T09:01:02Z"),
    ])
    func `has a time, a tag and a text in every form`(_ head: String, _ time: String) throws {
        let line = try #require(LogLine(ByteString(head + Self.text)))
        #expect(line.time == ByteString(time))
        #expect(line.tag == "postfix-out/smtpd")
        #expect(line.text == ByteString(Self.text))
        let problem = try #require(line.problem)
        #expect(problem.severity == "warning" && problem.text == "no such thing: a: b")
    }

    @Test(arguments: ["", "x", "Nov 05 09:01:02 mx", "-- MARK --", "a b c d e f: g", "<22>1 a b"])
    func `is nothing else`(_ line: String) {
        #expect(LogLine(ByteString(line)) == nil)
    }

    @Test(arguments: [
        ("fatal: open x: y", "fatal"), ("error: a", "error"), ("panic: a", "panic"),
        ("4D3B21A2B3: to=<warning: a@example.com>, status=sent", nil), ("warnings: 3", nil),
        ("fatal error", nil), ("NOQUEUE: reject: warning: x", nil),
    ])
    func `tells of trouble if it begins with the word`(_ text: String, _ severity: String?) {
        let line = LogLine(ByteString("Nov 05 09:01:02 mx postfix/smtpd[17]: " + text))
        #expect(line?.problem?.severity == severity.map { ByteString($0) })
    }

    @Test func `is known by each beginning of its tag`() {
        let line = LogLine("Nov 05 09:01:02 mx postfix-in/submission/smtpd[17]: x")
        #expect(
            line?.names == [
                "postfix-in/submission/smtpd", "postfix-in/submission", "postfix-in",
            ])
    }
}
