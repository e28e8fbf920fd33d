// The certificates that an instance's servers and clients show, and who may read their keys.

import Bytes
import HostAccess
import Instances
import PostfixFormats

extension CheckupObserver {
    /// The certificates that main.cf names, for the sides that use TLS at all.
    func observeCertificates(of parameters: ParameterView) -> [CertificateFact] {
        var facts: [CertificateFact] = []
        for side: ByteString in ["smtpd", "smtp"] {
            let level = try? parameters.value(of: "\(side)_tls_security_level")
            guard let level, !level.isEmpty, level != "none" else { continue }
            for kind: ByteString in ["cert_file", "eccert_file"] {
                let parameter: ByteString = "\(side)_tls_\(kind)"
                // A list of chains takes the place of single files.
                let chains = try? parameters.value(of: "\(side)_tls_chain_files")
                guard chains?.isEmpty ?? true, let path = try? parameters.value(of: parameter),
                    path.hasPrefix("/")
                else { continue }
                let keyParameter: ByteString =
                    kind == "cert_file" ? "\(side)_tls_key_file" : "\(side)_tls_eckey_file"
                let key = try? parameters.value(of: keyParameter)
                facts.append(
                    certificate(
                        parameter, at: path, key: key.flatMap { $0.hasPrefix("/") ? $0 : nil }))
            }
        }
        return facts
    }

    private func certificate(
        _ parameter: ByteString, at path: ByteString, key: ByteString?
    ) -> CertificateFact {
        do throws(FileError) {
            // 1 MiB: a chain has some ten certificates of a few KiB.
            let contents = try host.files.read(path, limitBytes: 1 << 20)
            let certificate = Certificate(pem: ByteString(contents.bytes))
            var fact = CertificateFact(
                parameter: parameter, path: path,
                contents: .known(
                    certificate.map { certificate in
                        .init(
                            notBeforeSeconds: certificate.notBeforeSeconds,
                            notAfterSeconds: certificate.notAfterSeconds,
                            hostNames: certificate.hostNames)
                    }))
            fact.keyPath = key
            fact.keyIsOpen = key.map(isReadableByAll) ?? false
            if let key, let certificate { fact.keyIsForeign = isForeign(key, to: certificate) }
            return fact
        } catch {
            return CertificateFact(
                parameter: parameter, path: path, isMissing: error.isNotFound,
                contents: .unknown(reason: error.sentence))
        }
    }

    /// True if the key certainly is not the certificate's.
    private func isForeign(_ key: ByteString, to certificate: Certificate) -> Bool {
        // What cannot be read tells nothing.
        guard let text = try? host.files.read(key, limitBytes: 1 << 20),
            let belongs = PrivateKey(pem: ByteString(text.bytes))?.belongs(to: certificate)
        else { return false }
        return !belongs
    }

    private func isReadableByAll(_ path: ByteString) -> Bool {
        // What cannot be looked at is read by nobody who is not meant to.
        let status = try? host.files.status(of: path, followingLinks: true)
        return (status?.mode ?? 0) & 0o004 != 0
    }
}
