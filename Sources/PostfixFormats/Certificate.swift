// What an X.509 certificate in a PEM file says about its time and its names: RFC 5280, RFC 7468.
//
// No more than that is read, and nothing is verified: whether a certificate can be trusted is not
// for us to say.

package import Bytes

/// The validity and the names of a certificate.
package struct Certificate: Hashable, Sendable {
    /// From and until when it is valid, in seconds since 1970.
    package let notBeforeSeconds: Int
    package let notAfterSeconds: Int
    /// The host names that it is for: the alternative names, or without any the common name.
    package let hostNames: [ByteString]

    /// Reads the first certificate of a PEM file; nil if there is none that can be read.
    package init?(pem text: ByteString) {
        guard let der = Self.firstBlock(of: text), let certificate = Element(der[...]) else {
            return nil
        }
        self.init(certificate)
    }

    private init?(_ certificate: Element) {
        // The fields in front of the validity: version (may be missing), serial number, signature
        // algorithm, issuer.
        guard var fields = certificate.children.first?.children, !fields.isEmpty else { return nil }
        if fields[0].tag == 0xA0 { fields.removeFirst() }
        guard fields.count > 5 else { return nil }
        let times = fields[3].children.compactMap(\.time)
        guard times.count == 2 else { return nil }
        notBeforeSeconds = times[0]
        notAfterSeconds = times[1]
        let alternative = Self.alternativeNames(fields[6...])
        hostNames = alternative.isEmpty ? Self.commonNames(fields[4]) : alternative
    }

    /// The names of the extension 2.5.29.17.
    private static func alternativeNames(_ fields: ArraySlice<Element>) -> [ByteString] {
        for extensions in fields where extensions.tag == 0xA3 {
            for one in extensions.children.first?.children ?? [] {
                let parts = one.children
                guard parts.first?.content.elementsEqual([0x55, 0x1D, 0x11]) == true,
                    let value = parts.last, value.tag == 0x04, let names = Element(value.content)
                else { continue }
                // A dNSName has the tag 2 of its own.
                return names.children.filter { $0.tag == 0x82 }.map { ByteString($0.content) }
            }
        }
        return []
    }

    /// The attributes 2.5.4.3 of a name.
    private static func commonNames(_ subject: Element) -> [ByteString] {
        subject.children.flatMap(\.children).compactMap { attribute in
            let parts = attribute.children
            guard parts.count == 2, parts[0].content.elementsEqual([0x55, 0x04, 0x03])
            else { return nil }
            return ByteString(parts[1].content)
        }
    }

    /// The bytes of the first block of a PEM file that is a certificate.
    private static func firstBlock(of text: ByteString) -> [UInt8]? {
        let lines = text.split { $0 == 0x0A || $0 == 0x0D }
        guard let begin = lines.firstIndex(of: "-----BEGIN CERTIFICATE-----"),
            let end = lines[begin...].firstIndex(of: "-----END CERTIFICATE-----")
        else { return nil }
        return base64(lines[(begin + 1)..<end])
    }

    private static func base64(_ lines: ArraySlice<ByteString>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in lines.flatMap(\.bytes) where byte != 0x3D && byte != 0x20 {
            let value: UInt8
            switch byte {
            case 0x41...0x5A: value = byte - 0x41
            case 0x61...0x7A: value = byte - 0x61 + 26
            case 0x30...0x39: value = byte - 0x30 + 52
            case 0x2B: value = 62
            case 0x2F: value = 63
            default: return nil
            }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes
    }
}

/// True if one of a certificate's names is the host's, a star standing for one label.
package func isCovered(_ host: ByteString, by names: [ByteString]) -> Bool {
    let host = host.lowercased
    let rest = host.dropFirst(host.bytes.prefix { $0 != 0x2E }.count)
    return names.map(\.lowercased).contains { name in
        name == host || name.hasPrefix("*.") && name.dropFirst(1) == rest
    }
}

/// One element of the distinguished encoding rules: a tag and its content.
private struct Element {
    let tag: UInt8
    let content: ArraySlice<UInt8>

    /// Reads the element at the start of the bytes; nil if it is cut off.
    init?(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        guard let tag = rest.popFirst(), let first = rest.popFirst() else { return nil }
        var length = Int(first)
        if first >= 0x80 {
            // Four bytes of length are more than any certificate needs.
            guard (0x81...0x84).contains(first), rest.count >= Int(first & 0x7F)
            else { return nil }
            length = 0
            for _ in 0..<(first & 0x7F) { length = length << 8 | Int(rest.popFirst() ?? 0) }
        }
        guard length <= rest.count else { return nil }
        self.tag = tag
        content = rest.prefix(length)
    }

    /// The elements that the content consists of; those that are cut off are left out.
    var children: [Element] {
        // Only constructed ones have any.
        guard tag & 0x20 != 0 else { return [] }
        var elements: [Element] = []
        var rest = content
        while let element = Element(rest) {
            elements.append(element)
            rest = rest[element.content.endIndex...]
        }
        return elements
    }

    /// The seconds since 1970 of a UTCTime or GeneralizedTime in the form that RFC 5280 allows.
    var time: Int? {
        var digits = content
        guard tag == 0x17 || tag == 0x18, digits.popLast() == 0x5A,
            digits.count == (tag == 0x17 ? 12 : 14), digits.allSatisfy(\.isDigit)
        else { return nil }
        func number(_ length: Int) -> Int {
            var value = 0
            for _ in 0..<length { value = value * 10 + Int(digits.removeFirst() - 0x30) }
            return value
        }
        var year = number(tag == 0x17 ? 2 : 4)
        if tag == 0x17 { year += year < 50 ? 2000 : 1900 }
        let (month, day) = (number(2), number(2))
        let (hour, minute, second) = (number(2), number(2), number(2))
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        return days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
    }

    /// The days from 1970 to a day of the Gregorian calendar; years begin in March here, so that
    /// the leap day is the last.
    private func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = month > 2 ? year : year - 1
        let monthFromMarch = (month + 9) % 12
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
    }
}
