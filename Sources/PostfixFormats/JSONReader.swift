// Goes once through the bytes of a JSON text. What it makes of them is in JSONText.
//
// It is strict: what it takes, any other reader takes as well, and in the same way. Bytes that are
// no UTF-8 stay as they are, because Postfix writes addresses as they came.

import Bytes

/// A reader over the bytes of one text.
struct JSONReader {
    private let bytes: [UInt8]
    private var place = 0
    private var line = 1
    private var depth = 0

    /// More levels are no data, but an attack on our stack.
    private static let depthLimit = 64
    /// So much of a wrong word is told.
    private static let shownBytes = 40

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(JSONFault) -> JSONText {
        let value = try value()
        skipBlanks()
        guard place == bytes.count else { throw fault(.furtherText) }
        return value
    }

    // What stands where.

    private var current: UInt8? { place < bytes.count ? bytes[place] : nil }

    private func fault(_ reason: JSONFault.Reason) -> JSONFault {
        JSONFault(line: line, reason: reason)
    }

    private var unexpected: JSONFault { fault(current.map { .unexpected($0) } ?? .endsEarly) }

    private mutating func skipBlanks() {
        while let byte = current {
            switch byte {
            case 0x0A: line += 1
            case 0x20, 0x09, 0x0D: break
            default: return
            }
            place += 1
        }
    }

    /// Goes behind the next byte if it is this one, blanks aside.
    private mutating func take(_ byte: UInt8) -> Bool {
        skipBlanks()
        guard current == byte else { return false }
        place += 1
        return true
    }

    private mutating func expect(_ byte: UInt8) throws(JSONFault) {
        guard take(byte) else { throw unexpected }
    }

    // Values.

    private mutating func value() throws(JSONFault) -> JSONText {
        skipBlanks()
        let start = line
        guard let byte = current else { throw fault(.endsEarly) }
        switch byte {
        case UInt8(ascii: "{"): return JSONText(.object(try object()), line: start)
        case UInt8(ascii: "["): return JSONText(.array(try array()), line: start)
        case UInt8(ascii: "\""): return JSONText(.string(try string()), line: start)
        default: return JSONText(try word(), line: start)
        }
    }

    private mutating func enter() throws(JSONFault) {
        guard depth < Self.depthLimit else { throw fault(.tooDeep(limit: Self.depthLimit)) }
        depth += 1
        place += 1
    }

    private mutating func object() throws(JSONFault) -> [JSONText.Member] {
        try enter()
        defer { depth -= 1 }
        var members: [JSONText.Member] = []
        if take(UInt8(ascii: "}")) { return members }
        repeat {
            skipBlanks()
            guard current == UInt8(ascii: "\"") else { throw unexpected }
            let name = try string()
            try expect(UInt8(ascii: ":"))
            members.append(JSONText.Member(name: name, value: try value()))
        } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"))
        return members
    }

    private mutating func array() throws(JSONFault) -> [JSONText] {
        try enter()
        defer { depth -= 1 }
        var elements: [JSONText] = []
        if take(UInt8(ascii: "]")) { return elements }
        repeat { elements.append(try value()) } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"))
        return elements
    }

    // Words and numbers.

    private mutating func word() throws(JSONFault) -> JSONText.Value {
        let start = place
        while let byte = current, Self.isWordByte(byte) { place += 1 }
        let word = bytes[start..<place]
        guard let first = word.first else { throw unexpected }
        if word.elementsEqual("true".utf8) { return .boolean(true) }
        if word.elementsEqual("false".utf8) { return .boolean(false) }
        if word.elementsEqual("null".utf8) { return .null }
        if Self.isNumber(word), let number = Double(String(decoding: word, as: UTF8.self)),
            number.isFinite
        {
            return .number(number)
        }
        let shown = ByteString(word.prefix(Self.shownBytes))
        throw fault(Self.isLetter(first) ? .unknownWord(shown) : .unsoundNumber(shown))
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || "+-.".utf8.contains(byte)
    }

    /// True for `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`.
    private static func isNumber(_ word: ArraySlice<UInt8>) -> Bool {
        var rest = word
        func takeDigits() -> Int {
            let digits = rest.prefix(while: isDigit)
            rest = rest.dropFirst(digits.count)
            return digits.count
        }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let leadsWithZero = rest.first == UInt8(ascii: "0")
        let wholeDigits = takeDigits()
        guard wholeDigits == 1 || wholeDigits > 1 && !leadsWithZero else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard takeDigits() > 0 else { return false }
        }
        if let letter = rest.first, letter | 0x20 == UInt8(ascii: "e") {
            rest = rest.dropFirst()
            if let sign = rest.first, "+-".utf8.contains(sign) { rest = rest.dropFirst() }
            guard takeDigits() > 0 else { return false }
        }
        return rest.isEmpty
    }

    // Strings.

    private mutating func string() throws(JSONFault) -> ByteString {
        place += 1
        var text: [UInt8] = []
        while true {
            let start = place
            while let byte = current, byte >= 0x20, byte != 0x22, byte != 0x5C { place += 1 }
            text += bytes[start..<place]
            guard let byte = current else { throw fault(.endsEarly) }
            place += 1
            switch byte {
            case UInt8(ascii: "\""): return ByteString(text)
            case UInt8(ascii: "\\"): text += String(try escape()).utf8
            default: throw fault(.controlCharacter(byte))
            }
        }
    }

    /// What the bytes behind a backslash stand for.
    private mutating func escape() throws(JSONFault) -> Unicode.Scalar {
        guard let letter = current else { throw fault(.endsEarly) }
        place += 1
        switch letter {
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
            return Unicode.Scalar(letter)
        case UInt8(ascii: "u"): return try character()
        default: throw fault(.unsoundEscape)
        }
    }

    /// One character from its UTF-16 code, or from a pair of them; half a pair stands for nothing.
    private mutating func character() throws(JSONFault) -> Unicode.Scalar {
        let first = try fourDigits()
        if let scalar = Unicode.Scalar(UInt32(first)) { return scalar }
        let isFollowed = bytes[place...].starts(with: "\\u".utf8)
        guard UTF16.isLeadSurrogate(first), isFollowed else { return "\u{FFFD}" }
        let before = place
        place += 2
        let second = try fourDigits()
        guard UTF16.isTrailSurrogate(second) else {
            // It is a character of its own.
            place = before
            return "\u{FFFD}"
        }
        let code = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
        return Unicode.Scalar(code) ?? "\u{FFFD}"
    }

    private mutating func fourDigits() throws(JSONFault) -> UInt16 {
        let digits = bytes[place...].prefix(4)
        let isHexadecimal = digits.allSatisfy {
            Self.isDigit($0) || (0x61...0x66).contains($0 | 0x20)
        }
        guard digits.count == 4, isHexadecimal,
            let code = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw fault(.unsoundEscape) }
        place += 4
        return code
    }
}
