// Keys and certificates made by openssl(1), which knows which belong together.

import Bytes
import PostfixFormats
import TestSupport
import Testing

@Suite(.enabled(if: isOpenSSLInstalled, "openssl is not installed"))
struct `A private key` {
    /// A key in each of the forms that files have, and its certificate.
    private func pair(_ algorithm: [ByteString], traditional: Bool) throws -> (
        key: ByteString, certificate: ByteString
    ) {
        let script: ByteString = """
            key=$(openssl genpkey "$@" 2>/dev/null)
            printf '%s\\n' "$key" | openssl req -new -x509 -key /dev/stdin -subj /CN=mx1
            printf '%s\\n' "$key" | openssl pkey \(traditional ? "-traditional" : "")
            """
        let made = try ChildProcess("/bin/sh", ["-ec", script, "sh"] + algorithm).run()
        try #require(made.succeeded, "\(made.errors)")
        let text = made.output.text
        let end = try #require(text.firstRange(of: "-----END CERTIFICATE-----\n"))
        return (ByteString(String(text[end.upperBound...])), ByteString(text))
    }

    private static let kinds: [[ByteString]] = [
        ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
        ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
    ]

    @Test func `begins a chain in a file with several`() throws {
        let one = try pair(Self.kinds[0], traditional: false)
        let other = try pair(Self.kinds[1], traditional: true)
        let text = "a note\n" + one.key + one.certificate + other.key + other.certificate
        let chains = KeyChain.chains(pem: text).filter(\.hasKey)
        // The certificates come with their keys once more.
        try #require(chains.count == 4)
        for (index, owner) in [(1, one), (3, other)] {
            let own = try #require(Certificate(pem: owner.certificate))
            #expect(chains[index - 1].key?.belongs(to: own) == true)
            #expect(chains[index - 1].certificate == own)
        }
        #expect(KeyChain.chains(pem: "").isEmpty)
        #expect(KeyChain.chains(pem: one.certificate).first?.certificate != nil)
    }

    @Test(arguments: kinds, [false, true])
    func `belongs to its own certificate, and to no other`(
        _ kind: [ByteString], _ traditional: Bool
    ) throws {
        let (one, other) = (
            try pair(kind, traditional: traditional), try pair(kind, traditional: traditional)
        )
        let key = try #require(PrivateKey(pem: one.key))
        #expect(key.belongs(to: try #require(Certificate(pem: one.certificate))) == true)
        #expect(key.belongs(to: try #require(Certificate(pem: other.certificate))) == false)
    }

    @Test func `of another kind does not tell`() throws {
        let pair = try pair(["-algorithm", "ED25519"], traditional: false)
        #expect(PrivateKey(pem: pair.key) == nil)
        #expect(Certificate(pem: pair.certificate) != nil)
    }

    @Test func `that is encrypted or damaged does not tell`() throws {
        #expect(PrivateKey(pem: "") == nil)
        let label = "ENCRYPTED PRIVATE KEY-----"
        #expect(PrivateKey(pem: "-----BEGIN \(label)\nAAAA\n-----END \(label)\n") == nil)
        let key = try pair(Self.kinds[1], traditional: false).key
        for index in key.bytes.indices { _ = PrivateKey(pem: ByteString(key.bytes[..<index])) }
    }
}

private let isOpenSSLInstalled =
    (try? ChildProcess("/usr/bin/openssl", ["version"]).run())?.succeeded ?? false
