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
    /// What of the public key its private key has, too; nil for a kind of key that is not known.
    let publicNumber: ByteString?

    /// Reads the first certificate of a PEM file; nil if there is none that can be read.
    package init?(pem text: ByteString) {
        guard let certificate = Element(pem: text, label: "CERTIFICATE") else { return nil }
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
        publicNumber = Self.publicNumber(fields[5])
    }

    /// The modulus of an RSA key, or the point of an elliptic curve.
    private static func publicNumber(_ keyInfo: Element) -> ByteString? {
        let parts = keyInfo.children
        guard parts.count == 2, let kind = parts[0].children.first?.content,
            let key = parts[1].bits
        else { return nil }
        if kind.elementsEqual(KeyKind.rsa) {
            return Element(key)?.children.first.map { ByteString($0.content) }
        }
        return kind.elementsEqual(KeyKind.ellipticCurve) ? ByteString(key) : nil
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
}

/// True if one of a certificate's names is the host's, a star standing for one label.
package func isCovered(_ host: ByteString, by names: [ByteString]) -> Bool {
    let host = host.lowercased
    let rest = host.dropFirst(host.bytes.prefix { $0 != 0x2E }.count)
    return names.map(\.lowercased).contains { name in
        name == host || name.hasPrefix("*.") && name.dropFirst(1) == rest
    }
}
