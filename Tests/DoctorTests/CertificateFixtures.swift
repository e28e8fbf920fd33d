// Mistakes in certificates; the host in memory has the time of November 2023.

import Bytes
import HostAccess
import Instances
import TestSupport

let certificateFixtures: [Fixture] = [
    Fixture("tls-certificate", ["postfix-in"], at: mainIn, says: "is not there") {
        $0.showCertificate("")
        $0.memory.files.remove("/etc/ssl/mx1.pem")
    },
    Fixture("tls-certificate", ["postfix-in"], at: mainIn, says: "no certificate") {
        $0.showCertificate("a note\n")
    },
    Fixture("tls-certificate", ["postfix-in"], at: mainIn, says: "expired") {
        $0.showCertificate(Fixture.certificate)
        $0.see("postfix-in") { $0.moveEnd(toSeconds: 1_699_990_000) }
    },
    Fixture("tls-certificate", ["postfix-in"], at: mainIn, says: "expires in 9 days", .warning) {
        $0.showCertificate(Fixture.certificate)
        $0.see("postfix-in") { $0.moveEnd(toSeconds: 1_700_000_000 + 9 * 86_400 + 5) }
    },
    Fixture("tls-certificate", ["postfix-in"], at: mainIn, says: "read by everybody", .warning) {
        $0.showCertificate(Fixture.certificate)
        $0.memory.files.remove("/etc/ssl/mx1.key")
        $0.memory.files.addFile("/etc/ssl/mx1.key", "key", mode: 0o644)
    },
    Fixture("tls-certificate", ["postfix-in"], at: mainIn, says: "another certificate") {
        $0.showCertificate(Fixture.certificate)
        $0.see("postfix-in") { $0.facts.certificates[0].keyIsForeign = true }
    },
    Fixture("tls-certificate", ["postfix-in"], at: mainIn, says: "not for mx9", .note) {
        $0.showCertificate(Fixture.certificate)
        $0.set("postfix-in", "myhostname = mx9.example.com")
    },
    Fixture("tls-certificate", ["postfix-in"], at: mainIn, says: "chain.pem, the cert") {
        $0.showChain(Fixture.key + Fixture.certificate)
        $0.see("postfix-in") { $0.moveEnd(toSeconds: 1_699_990_000) }
    },
    Fixture("tls-certificate", ["postfix-in"], at: mainIn, says: "/etc/ssl/key.pem", .warning) {
        $0.showChain(Fixture.certificate)
        // Key and certificate may lie in two files of the list.
        $0.memory.files.addFile("/etc/ssl/key.pem", Fixture.key, mode: 0o644)
        $0.set("postfix-in", "smtpd_tls_chain_files = /etc/ssl/key.pem, /etc/ssl/chain.pem")
    },
    Fixture("tls-certificate", ["postfix-in"], at: mainIn, says: "holds no certificate") {
        $0.showChain("a note\n")
    },
    Fixture("tls-certificate", ["postfix-in"], at: mainIn, says: "is not there") {
        $0.showChain("")
        $0.memory.files.remove("/etc/ssl/chain.pem")
    },
]

extension Fixture {
    /// One that nobody can read; whose it is does not show.
    fileprivate static let key: ByteString = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        AAAA
        -----END ENCRYPTED PRIVATE KEY-----

        """

    /// For mx1.example.com, valid until 2024-03-01.
    static let certificate: ByteString = """
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
}

extension BorderServer {
    /// Lets the input instance show a certificate.
    func showCertificate(_ text: ByteString) {
        memory.files.addFile("/etc/ssl/mx1.pem", text)
        memory.files.addFile("/etc/ssl/mx1.key", "key", mode: 0o600)
        set("postfix-in", "smtpd_tls_security_level = may")
        set("postfix-in", "smtpd_tls_cert_file = /etc/ssl/mx1.pem")
        set("postfix-in", "smtpd_tls_key_file = /etc/ssl/mx1.key")
    }

    /// Lets the input instance show a chain, which takes the place of another certificate.
    fileprivate func showChain(_ text: ByteString) {
        showCertificate("")
        memory.files.addFile("/etc/ssl/chain.pem", text, mode: 0o600)
        set("postfix-in", "smtpd_tls_chain_files = /etc/ssl/chain.pem")
    }
}

extension InstanceSnapshot {
    /// Lets all certificates end at another time.
    fileprivate mutating func moveEnd(toSeconds seconds: Int) {
        for index in facts.certificates.indices {
            guard case .known(var contents?) = facts.certificates[index].contents else { continue }
            contents.notAfterSeconds = seconds
            facts.certificates[index].contents = .known(contents)
        }
    }
}
