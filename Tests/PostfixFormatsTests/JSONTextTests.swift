// JSON that others have written: what is taken, and what is wrong with the rest.

import Bytes
import Testing

@testable import PostfixFormats

@Suite struct `A JSON text` {
    private static func line(_ value: JSONText.Value) -> JSONText { JSONText(value, line: 1) }

    @Test(arguments: [
        ("null", JSONText.Value.null), (" true ", .boolean(true)), ("-1.5e2", .number(-150)),
        ("[]", .array([])), ("{}", .object([])), ("\"\"", .string("")),
        (
            "[1, {\"a\": [false]}]",
            .array([
                line(.number(1)),
                line(
                    .object([
                        JSONText.Member(name: "a", value: line(.array([line(.boolean(false))])))
                    ])),
            ])
        ),
        (
            "\"\\u00e9\\ud83d\\ude00\\n\\/\\ud83dx\"",
            .string("\u{E9}\u{1F600}\n/\u{FFFD}x")
        ),
        ("\"\\ud83d\\u0041\\ud83d\\n\"", .string("\u{FFFD}A\u{FFFD}\n")),
        ("\"a\\\"\\\\\\b\\f\\r\\t\"", .string("a\"\\\u{8}\u{C}\r\t")),
        ("0", .number(0)), ("-0.25", .number(-0.25)), ("10E+2", .number(1000)),
    ])
    func `is read`(text: String, value: JSONText.Value) {
        #expect(JSONText(ByteString(text))?.value == value)
    }

    @Test func `counts the last of a name, and tells of all`() throws {
        let text = try #require(JSONText("{\"a\": 1, \"b\": null, \"a\": 2}"))
        #expect(
            text.members == ["a": JSONText(.number(2), line: 1), "b": JSONText(.null, line: 1)])
        #expect(text["a"]?.number == 2)
        guard case .object(let members) = text.value else {
            Issue.record("no object")
            return
        }
        #expect(members.map(\.name) == ["a", "b", "a"])
    }

    @Test func `has nothing of what it is not`() throws {
        let text = try #require(JSONText("[\"a\", 1]"))
        #expect(text["a"] == nil && text.string == nil && text.number == nil)
        #expect(text.members == [:])
        #expect(text.elements.map(\.string) == ["a", nil])
        // What stands alone is as good as a list of one.
        #expect(text.elements.flatMap(\.elements) == text.elements)
    }

    @Test func `keeps bytes that are no UTF-8`() {
        #expect(JSONText(ByteString([0x22, 0xFF, 0x22]))?.string == ByteString([0xFF]))
    }

    @Test func `knows the line of each value`() throws {
        let text = try #require(JSONText("\n{ \"a\":\n [1,\n\n2], \"b\": {}\r\n}\n"))
        #expect(text.line == 2)
        #expect(text["a"]?.line == 3)
        #expect(text["a"]?.elements.map(\.line) == [3, 5])
        #expect(text["b"]?.line == 5)
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\"}", "{\"a\":}", "{a: 1}", "[1] 2", "tru", "\"a", "\"\\x\"",
        "\"\\u12\"", "\"\\u+123\"", "\"\n\"", "-", "1e999", "nan", "[", "'a'", "01x",
        "01", "+1", ".5", "1.", "1e", "1e+", "0x10", "True", "{\"a\": 1,}", "{1: 2}", "[1 2]",
        "\"\\", "\"\\u", "\"\\ud83d\\u12\"", "\"\u{0}\"", "// a\n1", "\u{FEFF}1", "--1", "1-",
    ])
    func `that is not sound is refused`(text: String) {
        #expect(JSONText(ByteString(text)) == nil)
    }

    @Test(arguments: [
        ("{\"a\": 1,\n", 2, "the text ends too early"),
        ("\n{\"a\": 1\n\"b\": 2}", 3, "a quotation mark cannot stand here"),
        ("[\n\u{1}]", 2, "the byte 0x01 cannot stand here"),
        ("1\n2", 2, "there is more behind the end of the value"),
        ("[yes]", 1, "yes is no value; a string needs quotation marks"),
        ("[1,\n00]", 2, "00 is no number"),
        ("[1,\n\"a\nb\"]", 2, "a line end must not stand in a string"),
        ("[\"\\d\"]", 1, "a backslash in a string has no meaning here"),
    ])
    func `that is not sound has a line and a fault`(text: String, line: Int, words: String) {
        let fault = #expect(throws: JSONFault.self) { try JSONText(reading: ByteString(text)) }
        #expect(fault?.line == line)
        #expect(fault?.words == words)
    }

    @Test func `may have no more levels than the stack bears`() {
        func nested(_ depth: Int) -> ByteString {
            ByteString(
                String(repeating: "[", count: depth) + String(repeating: "]", count: depth))
        }
        #expect(JSONText(nested(64)) != nil)
        #expect(JSONText(nested(65)) == nil)
        #expect(JSONText(nested(1_000_000)) == nil)
        let fault = #expect(throws: JSONFault.self) { try JSONText(reading: nested(65)) }
        #expect(fault?.words == "more than 64 values are in one another")
    }
}
