// What must hold for the reader of certificates.

import Bytes
import PostfixFormats

/// Checks the reading of a certificate.
@Sendable
func checkCertificate(_ input: ByteString) throws(BrokenProperty) {
    guard let certificate = Certificate(pem: input) else { return }
    // The years 0 to 9999 are all that can be written.
    let times = [certificate.notBeforeSeconds, certificate.notAfterSeconds]
    try expect(
        times.allSatisfy { (-62_168_000_000...253_403_000_000).contains($0) },
        "times lie within four digits of years")
    try expect(
        certificate.hostNames.map(\.count).reduce(0, +) <= input.count,
        "names are parts of the certificate")
    for name in certificate.hostNames where !name.hasPrefix("*") {
        try expect(isCovered(name, by: certificate.hostNames), "a name covers itself")
    }
    try expect(
        Certificate(pem: "a line\n" + input) == certificate,
        "what stands in front does not matter")
}
