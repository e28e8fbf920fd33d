// Files of smtpd_tls_chain_files: private keys, each followed by its certificate and those that
// signed it. Nothing of a key is kept.

package import Bytes

/// A private key, if one begins the text, and the certificate that comes after it.
package struct KeyChain: Sendable {
    /// True if there is a private key, of whatever kind and perhaps encrypted.
    package let hasKey: Bool
    /// The key, if it tells whose it is.
    package let key: PrivateKey?
    /// The first certificate, the key's own; nil if there is none that can be read.
    package let certificate: Certificate?

    /// Reads the chains of a PEM file; what stands in front of the first key is one, too.
    package static func chains(pem text: ByteString) -> [KeyChain] {
        let lines = text.split { $0 == 0x0A || $0 == 0x0D }
        let starts = lines.indices.filter { isKeyStart(lines[$0]) }
        let bounds = [lines.startIndex] + starts + [lines.endIndex]
        return zip(bounds, bounds.dropFirst()).compactMap { start, end in
            start == end ? nil : KeyChain(lines[start..<end])
        }
    }

    private init(_ lines: ArraySlice<ByteString>) {
        let text = lines.joined(by: "\n")
        hasKey = lines.first.map(Self.isKeyStart) ?? false
        key = hasKey ? PrivateKey(pem: text) : nil
        certificate = Certificate(pem: text)
    }

    private static func isKeyStart(_ line: ByteString) -> Bool {
        line.hasPrefix("-----BEGIN ") && line.hasSuffix("PRIVATE KEY-----")
    }
}
