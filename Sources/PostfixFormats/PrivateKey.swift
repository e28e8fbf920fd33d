// Whether a private key is the one of a certificate. Nothing of the key is kept or shown.

package import Bytes

/// What a PEM file with a private key tells about the public one: RFC 5208, RFC 8017, RFC 5915.
package struct PrivateKey: Sendable {
    /// The modulus of an RSA key, or the point of an elliptic curve; both are public.
    private let publicNumber: ByteString

    /// Reads the first private key of a PEM file; nil for one that is encrypted, or of a kind that
    /// does not tell.
    package init?(pem text: ByteString) {
        if let key = Element(pem: text, label: "PRIVATE KEY") {
            let parts = key.children
            guard parts.count >= 3, parts[2].tag == 0x04, let inner = Element(parts[2].content)
            else { return nil }
            self.init(inner)
        } else if let key = Element(pem: text, label: "RSA PRIVATE KEY")
            ?? Element(pem: text, label: "EC PRIVATE KEY")
        {
            self.init(key)
        } else {
            return nil
        }
    }

    private init?(_ key: Element) {
        let parts = key.children
        // An RSA key is nine numbers or more: the version, the modulus, and the secret ones.
        if parts.count >= 9, parts[1].tag == 0x02 {
            publicNumber = ByteString(parts[1].content)
        } else if let point = parts.first(where: { $0.tag == 0xA1 })?.children.first?.bits {
            publicNumber = ByteString(point)
        } else {
            return nil
        }
    }

    /// True if it is the key of the certificate; nil if that cannot be told.
    package func belongs(to certificate: Certificate) -> Bool? {
        certificate.publicNumber.map { $0 == publicNumber }
    }
}

/// The kinds of keys, as their object identifiers.
enum KeyKind {
    /// The identifier 1.2.840.113549.1.1.1.
    static let rsa: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01]
    /// The identifier 1.2.840.10045.2.1.
    static let ellipticCurve: [UInt8] = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]
}
