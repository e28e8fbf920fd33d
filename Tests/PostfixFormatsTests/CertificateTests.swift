// Certificates made by openssl(1); what is expected of them is what openssl says.

import Bytes
import PostfixFormats
import Testing

@Suite struct `A certificate` {
    @Test func `tells from and until when it is valid, and for which hosts`() throws {
        let certificate = try #require(Certificate(pem: Self.named))
        // 2023-01-01 and 2024-03-01.
        #expect(certificate.notBeforeSeconds == 1_672_531_200)
        #expect(certificate.notAfterSeconds == 1_709_251_200)
        #expect(certificate.hostNames == ["mx1.example.com", "*.mail.example.com"])
    }

    @Test func `may have years of the last century and far ahead, and a common name only`() throws {
        let certificate = try #require(Certificate(pem: Self.old))
        // 1999-01-31 23:59:59 and 2051-02-28 12:00:00.
        #expect(certificate.notBeforeSeconds == 917_827_199)
        #expect(certificate.notAfterSeconds == 2_561_198_400)
        #expect(certificate.hostNames == ["old.example.com"])
    }

    @Test func `is found behind a key and with other line ends`() {
        let key: ByteString = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
        #expect(Certificate(pem: key + Self.named) == Certificate(pem: Self.named))
        let dosLines = ByteString(Self.named.bytes.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] })
        #expect(Certificate(pem: dosLines) == Certificate(pem: Self.named))
        #expect(Certificate(pem: key) == nil)
        #expect(Certificate(pem: "") == nil)
    }

    @Test(arguments: [
        ("mx1.example.com", true), ("MX1.Example.Com", true), ("a.mail.example.com", true),
        ("mail.example.com", false), ("a.b.mail.example.com", false), ("mx2.example.com", false),
    ])
    func `covers hosts, a star standing for one label`(_ host: String, _ isCovered: Bool) throws {
        let certificate = try #require(Certificate(pem: Self.named))
        #expect(PostfixFormats.isCovered(ByteString(host), by: certificate.hostNames) == isCovered)
    }

    @Test func `that is damaged is no danger`() {
        var read = 0
        for index in Self.named.bytes.indices {
            let cut = ByteString(Self.named.bytes[..<index])
            if Certificate(pem: cut) != nil { read += 1 }
            for byte: UInt8 in [0x41, 0x2F] {
                var changed = Self.named
                changed.bytes[index] = byte
                if Certificate(pem: changed) != nil { read += 1 }
            }
        }
        // Damage in the key or the signature does not matter here.
        #expect(read > 0)
    }

    private static let named: ByteString = """
        -----BEGIN CERTIFICATE-----
        MIIBczCCARqgAwIBAgIBATAKBggqhkjOPQQDAjAaMRgwFgYDVQQDDA9teDEuZXhh
        bXBsZS5jb20wHhcNMjMwMTAxMDAwMDAwWhcNMjQwMzAxMDAwMDAwWjAaMRgwFgYD
        VQQDDA9teDEuZXhhbXBsZS5jb20wWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATR
        lLvNmEOZxmTmkVT39tugQGfRTPwZZd17l2AE/oV2RzBrir4l4TZkL2rif4hFCfv1
        05HsLBv26xCfoaN/zjtJo1EwTzAuBgNVHREEJzAlgg9teDEuZXhhbXBsZS5jb22C
        EioubWFpbC5leGFtcGxlLmNvbTAdBgNVHQ4EFgQUmEiTD3FPNAEOwXX9xqIgyqkq
        F/MwCgYIKoZIzj0EAwIDRwAwRAIgD0iEOIkURtfVoLWJnV9/7HrluvLjEohUjErl
        w7Iyr28CIDR7EmIpWn0p+5h5jqfqud18459EMnLVBUngzgUxQ683
        -----END CERTIFICATE-----

        """

    private static let old: ByteString = """
        -----BEGIN CERTIFICATE-----
        MIIBHDCBxAIBAjAKBggqhkjOPQQDAjAaMRgwFgYDVQQDDA9vbGQuZXhhbXBsZS5j
        b20wIBcNOTkwMTMxMjM1OTU5WhgPMjA1MTAyMjgxMjAwMDBaMBoxGDAWBgNVBAMM
        D29sZC5leGFtcGxlLmNvbTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNGUu82Y
        Q5nGZOaRVPf226BAZ9FM/Bll3XuXYAT+hXZHMGuKviXhNmQvauJ/iEUJ+/XTkews
        G/brEJ+ho3/OO0kwCgYIKoZIzj0EAwIDRwAwRAIgTPUlIGm3TT2UX/Toir+BsvU/
        FhUZpdEPYzgRoYbOwCACIFdpVQy1LUd8T1yE5Sl8sKLAdUXYyKvUOd3urHB9gEYG
        -----END CERTIFICATE-----

        """
}
