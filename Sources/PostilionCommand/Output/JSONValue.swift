// JSON as values with members in a fixed order, RFC 8259. Writes only; nothing here reads.

import Bytes

/// A JSON value.
enum JSONValue: Hashable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral
{
    case null
    case boolean(Bool)
    case number(Int)
    /// A number as it is written, such as one with a fraction.
    case literal(ByteString)
    case text(ByteString)
    case list([JSONValue])
    /// Members in the order in which they are written.
    case object([Member])

    /// A name and its value.
    struct Member: Hashable {
        var name: ByteString
        var value: JSONValue

        init(_ name: ByteString, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    init(stringLiteral value: String) { self = .text(ByteString(value)) }
    init(integerLiteral value: Int) { self = .number(value) }
    init(booleanLiteral value: Bool) { self = .boolean(value) }

    /// A text or null.
    init(_ text: ByteString?) { self = text.map { .text($0) } ?? .null }

    /// A number or null.
    init(_ number: Int?) { self = number.map { .number($0) } ?? .null }

    /// The value on one line, with its line end.
    var line: ByteString {
        var text: ByteString = ""
        write(to: &text)
        return text + "\n"
    }

    private func write(to text: inout ByteString) {
        switch self {
        case .null: text += "null"
        case .boolean(let value): text += value ? "true" : "false"
        case .number(let value): text += "\(value)"
        case .literal(let value): text += value
        case .text(let value): Self.write(value, to: &text)
        case .list(let values):
            text += "["
            for (index, value) in values.enumerated() {
                if index > 0 { text += "," }
                value.write(to: &text)
            }
            text += "]"
        case .object(let members):
            text += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { text += "," }
                Self.write(member.name, to: &text)
                text += ":"
                member.value.write(to: &text)
            }
            text += "}"
        }
    }

    /// Writes a string; bytes that are not UTF-8 are replaced.
    static func write(_ value: ByteString, to text: inout ByteString) {
        text += "\""
        for byte in value.text.utf8 {
            switch byte {
            case 0x22: text += "\\\""
            case 0x5C: text += "\\\\"
            case 0x0A: text += "\\n"
            case 0x0D: text += "\\r"
            case 0x09: text += "\\t"
            case 0..<0x20, 0x7F:
                let digits = String(byte, radix: 16)
                text += "\\u00" + ByteString(digits.count < 2 ? "0\(digits)" : digits)
            default: text.bytes.append(byte)
            }
        }
        text += "\""
    }
}
