// Reads JSON as `postqueue -j` writes it, RFC 8259. Numbers and other bare words stay as they are.

package import Bytes

/// A JSON value that was read.
package enum JSONText: Hashable, Sendable {
    case text(ByteString)
    case list([JSONText])
    /// Members in the order in which they stand.
    case object([Member])
    /// A number, true, false or null.
    case word(ByteString)

    /// A name and its value.
    package struct Member: Hashable, Sendable {
        package let name: ByteString
        package let value: JSONText
    }

    /// Reads one value; nil if it is none, if more follows, or if it is nested too deeply.
    package init?(_ bytes: ByteString) {
        var reader = JSONReader(bytes: bytes.bytes)
        guard let value = reader.value(depth: 0) else { return nil }
        reader.skipBlanks()
        guard reader.place == bytes.count else { return nil }
        self = value
    }

    /// The value of a member; nil if there is none, or this is no object.
    package subscript(name: ByteString) -> JSONText? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name == name }?.value
    }

    /// The text, if it is one.
    package var text: ByteString? {
        if case .text(let text) = self { text } else { nil }
    }

    /// The values of a list; none if it is no list.
    package var values: [JSONText] {
        if case .list(let values) = self { values } else { [] }
    }
}

/// Goes through JSON once.
private struct JSONReader {
    let bytes: [UInt8]
    var place = 0

    /// Far more than any listing has; deeper values could use up the stack.
    private static let limitDepth = 32

    mutating func skipBlanks() {
        while place < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipBlanks()
        guard place < bytes.count, bytes[place] == byte else { return false }
        place += 1
        return true
    }

    mutating func value(depth: Int) -> JSONText? {
        guard depth < Self.limitDepth else { return nil }
        skipBlanks()
        if take(0x5B) {
            if take(0x5D) { return .list([]) }
            var values: [JSONText] = []
            repeat {
                guard let value = value(depth: depth + 1) else { return nil }
                values.append(value)
            } while take(0x2C)
            return take(0x5D) ? .list(values) : nil
        }
        if take(0x7B) { return object(depth: depth) }
        if place < bytes.count, bytes[place] == 0x22 { return string().map { .text($0) } }
        let start = place
        while place < bytes.count, isWord(bytes[place]) { place += 1 }
        return place > start ? .word(ByteString(bytes[start..<place])) : nil
    }

    private mutating func object(depth: Int) -> JSONText? {
        if take(0x7D) { return .object([]) }
        var members: [JSONText.Member] = []
        repeat {
            skipBlanks()
            guard let name = string(), take(0x3A), let value = value(depth: depth + 1) else {
                return nil
            }
            members.append(JSONText.Member(name: name, value: value))
        } while take(0x2C)
        return take(0x7D) ? .object(members) : nil
    }

    private func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2D, 0x2E: true
        default: false
        }
    }

    private mutating func string() -> ByteString? {
        guard take(0x22) else { return nil }
        var text: [UInt8] = []
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            switch byte {
            case 0x22: return ByteString(text)
            case 0x5C:
                guard let escaped = escape() else { return nil }
                text += escaped
            default: text.append(byte)
            }
        }
        return nil
    }

    /// What stands behind a backslash.
    private mutating func escape() -> [UInt8]? {
        guard place < bytes.count else { return nil }
        let byte = bytes[place]
        place += 1
        switch byte {
        case 0x22, 0x5C, 0x2F: return [byte]
        case 0x62: return [0x08]
        case 0x66: return [0x0C]
        case 0x6E: return [0x0A]
        case 0x72: return [0x0D]
        case 0x74: return [0x09]
        case 0x75: return character()
        default: return nil
        }
    }

    /// The character of one or two numbers of four digits.
    private mutating func character() -> [UInt8]? {
        guard let first = number() else { return nil }
        var units = [first]
        if first & 0xFC00 == 0xD800, place + 1 < bytes.count, bytes[place] == 0x5C,
            bytes[place + 1] == 0x75
        {
            place += 2
            guard let second = number() else { return nil }
            units.append(second)
        }
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }

    private mutating func number() -> UInt16? {
        guard place + 4 <= bytes.count else { return nil }
        let digits = String(decoding: bytes[place..<(place + 4)], as: UTF8.self)
        place += 4
        return digits.allSatisfy(\.isHexDigit) ? UInt16(digits, radix: 16) : nil
    }
}
