// How Postfix shows an address that an envelope holds in its bare form: quote_822_local.c,
// printable.c.

package import Bytes

extension ByteString {
    /// The address with its local part quoted if it has to be, and nothing that a terminal obeys.
    package var outerAddress: ByteString {
        isUsualAddress ? self : quotedAddress.postfixPrintable
    }

    /// The text with a question mark for each control character, and for each byte that is part of
    /// no UTF-8.
    package var postfixPrintable: ByteString {
        if bytes.allSatisfy({ (0x20...0x7E).contains($0) }) { return self }
        var shown: [UInt8] = []
        shown.reserveCapacity(count)
        var place = 0
        while place < count {
            let length = lengthOfCharacter(at: place)
            if length == 0 || length == 1 && !(0x20...0x7E).contains(bytes[place]) {
                shown.append(UInt8(ascii: "?"))
            } else {
                shown += bytes[place..<(place + length)]
            }
            place += max(1, length)
        }
        return ByteString(shown)
    }

    /// The domain of an address in lower case, without dots around it; empty if it has none.
    package var domainOfAddress: ByteString {
        guard let at = bytes.lastIndex(of: 0x40) else { return "" }
        var domain = bytes[(at + 1)...]
        while domain.first == 0x2E { domain.removeFirst() }
        while domain.last == 0x2E { domain.removeLast() }
        return ByteString(domain).lowercased
    }

    /// True for most addresses: letters, figures and few signs, one "@", dots at usual places.
    private var isUsualAddress: Bool {
        var last = UInt8(ascii: ".")
        var hasDomain = false
        for byte in bytes {
            guard byte.isPlainInAddress else { return false }
            if last == 0x2E, byte == 0x2E || byte == 0x40, !hasDomain { return false }
            if byte == 0x40 {
                if hasDomain { return false }
                hasDomain = true
            }
            last = byte
        }
        return hasDomain
    }

    /// Something, with a dot at neither end and no two together.
    private var hasPlainDots: Bool {
        var last = UInt8(ascii: ".")
        for byte in bytes {
            if byte == 0x2E, last == 0x2E { return false }
            last = byte
        }
        return last != 0x2E
    }

    private var quotedAddress: ByteString {
        var start = 0
        // A route in front of the address stays as it is.
        if bytes.first == 0x40, let colon = bytes.firstIndex(of: 0x3A) { start = colon + 1 }
        let end = bytes[start...].lastIndex(of: 0x40) ?? bytes.endIndex
        let local = bytes[start..<end]
        if ByteString(local).hasPlainDots, local.allSatisfy(\.isAtomOrDot) { return self }
        var quoted = Array(bytes[..<start])
        quoted.append(0x22)
        for byte in local {
            if byte == 0x22 || byte == 0x5C || byte == 0x0D { quoted.append(0x5C) }
            quoted.append(byte)
        }
        quoted.append(0x22)
        return ByteString(quoted + bytes[end...])
    }

    /// How many bytes the UTF-8 character at a place has; zero if there is none.
    private func lengthOfCharacter(at place: Int) -> Int {
        let first = bytes[place]
        let length: Int
        // The least value of the second byte keeps out longer forms than needed, its largest one
        // what is no character.
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch first {
        case 0..<0x80: return 1
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: length = 4
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return 0
        }
        guard place + length <= count, second.contains(bytes[place + 1]),
            bytes[(place + 1)..<(place + length)].allSatisfy({ (0x80...0xBF).contains($0) })
        else { return 0 }
        return length
    }
}

extension UInt8 {
    /// What usual addresses are made of.
    fileprivate var isPlainInAddress: Bool {
        isAlphanumeric || self == 0x40 || self == 0x2E || self == 0x2D || self == 0x5F
            || self == 0x2B || self == 0x3D
    }

    /// What a local part may have that is not quoted; Postfix leaves bytes of eight bits alone.
    fileprivate var isAtomOrDot: Bool {
        switch self {
        case 0...0x20, 0x7F: false
        case 0x28, 0x29, 0x3C, 0x3E, 0x40, 0x2C, 0x3B, 0x3A, 0x5C, 0x22, 0x5B, 0x5D: false
        default: true
        }
    }
}
