// JSON (RFC 8259) that others have written, as a value. JSONReader reads it; nothing is written.

package import Bytes

/// A value of a JSON text, and where it stands.
package struct JSONText: Hashable, Sendable {
    /// What was read.
    package let value: Value
    /// The line on which it begins, counted from 1.
    package let line: Int

    /// A value of one of the kinds that there are.
    package enum Value: Hashable, Sendable {
        case null
        case boolean(Bool)
        case number(Double)
        /// The bytes of a string, whatever their encoding, with escapes in UTF-8.
        case string(ByteString)
        case array([JSONText])
        /// Members in the order in which they stand, also where a name comes twice.
        case object([Member])
    }

    /// A name in an object, and its value.
    package struct Member: Hashable, Sendable {
        package let name: ByteString
        package let value: JSONText
    }

    init(_ value: Value, line: Int) {
        self.value = value
        self.line = line
    }

    /// Reads a whole text that has one value.
    ///
    /// - Throws: the first thing that is not sound, and its line.
    package init(reading bytes: ByteString) throws(JSONFault) {
        var reader = JSONReader(bytes.bytes)
        self = try reader.document()
    }

    /// Reads a whole text that has one value; nil if it is not sound.
    package init?(_ bytes: ByteString) {
        do throws(JSONFault) {
            try self.init(reading: bytes)
        } catch {
            return nil
        }
    }

    /// The value of a member, the last of that name; nil if there is none, or this is no object.
    package subscript(name: ByteString) -> JSONText? {
        guard case .object(let members) = value else { return nil }
        return members.last { $0.name == name }?.value
    }

    /// The value of a string.
    package var string: ByteString? { if case .string(let text) = value { text } else { nil } }

    /// The value of a number.
    package var number: Double? { if case .number(let number) = value { number } else { nil } }

    /// The values of an object by their names, the last of each name; none of any other value.
    package var members: [ByteString: JSONText] {
        guard case .object(let members) = value else { return [:] }
        return Dictionary(members.map { ($0.name, $0.value) }) { _, last in last }
    }

    /// The elements of an array; any other value is one element.
    package var elements: [JSONText] {
        if case .array(let elements) = value { elements } else { [self] }
    }
}

/// What is wrong with a text that is no JSON.
package struct JSONFault: Error, Hashable, Sendable {
    /// The line of the fault, counted from 1.
    package let line: Int
    package let reason: Reason

    /// The ways of being wrong.
    package enum Reason: Hashable, Sendable {
        /// Something is missing at the end.
        case endsEarly
        /// A byte that cannot stand where it stands.
        case unexpected(UInt8)
        /// Something follows the one value.
        case furtherText
        /// A bare word that is none of true, false and null.
        case unknownWord(ByteString)
        /// A number that is written in another way, or is too large.
        case unsoundNumber(ByteString)
        /// A byte below 32 in a string, where only an escape may stand for it.
        case controlCharacter(UInt8)
        /// A backslash with something behind it that means nothing.
        case unsoundEscape
        /// More values in one another than the limit.
        case tooDeep(limit: Int)
    }

    /// The fault in words, without the line.
    package var words: String {
        switch reason {
        case .endsEarly: "the text ends too early"
        case .unexpected(let byte): "\(Self.name(byte)) cannot stand here"
        case .furtherText: "there is more behind the end of the value"
        case .unknownWord(let word): "\(word) is no value; a string needs quotation marks"
        case .unsoundNumber(let number): "\(number) is no number"
        case .controlCharacter(let byte): "\(Self.name(byte)) must not stand in a string"
        case .unsoundEscape: "a backslash in a string has no meaning here"
        case .tooDeep(let limit): "more than \(limit) values are in one another"
        }
    }

    /// A byte as it can be shown.
    private static func name(_ byte: UInt8) -> String {
        switch byte {
        case 0x0A: "a line end"
        case 0x22: "a quotation mark"
        case 0x21...0x7E: "\"\(Unicode.Scalar(byte))\""
        default: "the byte 0x" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16)
        }
    }
}
