// The certificates that an instance's servers and clients show, and who may read their keys.

import Bytes
import HostAccess
import Instances
import PostfixFormats

extension CheckupObserver {
    /// The certificates that main.cf names, for the sides that use TLS at all.
    func observeCertificates(of parameters: ParameterView) -> [CertificateFact] {
        ["smtpd", "smtp"].flatMap { (side: ByteString) -> [CertificateFact] in
            // What cannot be expanded has a check of its own.
            let level = try? parameters.value(of: "\(side)_tls_security_level")
            guard let level, !level.isEmpty, level != "none" else { return [] }
            let parameter: ByteString = "\(side)_tls_chain_files"
            let chains = (try? parameters.list(of: parameter)) ?? []
            // A list of chains takes the place of single files.
            return chains.isEmpty
                ? singleCertificates(side, parameters) : chainCertificates(parameter, chains)
        }
    }

    private func singleCertificates(
        _ side: ByteString, _ parameters: ParameterView
    ) -> [CertificateFact] {
        [("cert_file", "key_file"), ("eccert_file", "eckey_file")].compactMap {
            (kind: ByteString, keyKind: ByteString) -> CertificateFact? in
            let parameter: ByteString = "\(side)_tls_\(kind)"
            guard let path = try? parameters.value(of: parameter), path.hasPrefix("/")
            else { return nil }
            let key = try? parameters.value(of: "\(side)_tls_\(keyKind)")
            return certificate(
                parameter, at: path, key: key.flatMap { $0.hasPrefix("/") ? $0 : nil })
        }
    }

    /// The certificates of files with keys and chains; a key may stand in the file before.
    private func chainCertificates(
        _ parameter: ByteString, _ paths: [ByteString]
    ) -> [CertificateFact] {
        var facts: [CertificateFact] = []
        var last: (path: ByteString, key: PrivateKey?)?
        for path in paths where path.hasPrefix("/") {
            let chains: [KeyChain]
            do throws(FileError) {
                let contents = try host.files.read(path, limitBytes: Self.limitBytes)
                chains = KeyChain.chains(pem: ByteString(contents.bytes))
            } catch {
                facts.append(unread(parameter, path, error))
                continue
            }
            var isUseful = false
            for chain in chains {
                if chain.hasKey { last = (path, chain.key) }
                isUseful = isUseful || chain.hasKey || chain.certificate != nil
                guard let certificate = chain.certificate else { continue }
                var fact = CertificateFact(
                    parameter: parameter, path: path, contents: .known(contents(certificate)))
                fact.keyPath = last?.path
                fact.keyIsOpen = last.map { isReadableByAll($0.path) } ?? false
                fact.keyIsForeign = last?.key?.belongs(to: certificate) == false
                facts.append(fact)
            }
            if !isUseful {
                facts.append(
                    CertificateFact(parameter: parameter, path: path, contents: .known(nil)))
            }
        }
        return facts
    }

    /// 1 MiB: a chain has some ten certificates of a few KiB.
    private static let limitBytes = 1 << 20

    private func certificate(
        _ parameter: ByteString, at path: ByteString, key: ByteString?
    ) -> CertificateFact {
        do throws(FileError) {
            let contents = try host.files.read(path, limitBytes: Self.limitBytes)
            let certificate = Certificate(pem: ByteString(contents.bytes))
            var fact = CertificateFact(
                parameter: parameter, path: path,
                contents: .known(certificate.map(self.contents)))
            fact.keyPath = key
            fact.keyIsOpen = key.map(isReadableByAll) ?? false
            if let key, let certificate { fact.keyIsForeign = isForeign(key, to: certificate) }
            return fact
        } catch {
            return unread(parameter, path, error)
        }
    }

    private func unread(
        _ parameter: ByteString, _ path: ByteString, _ error: FileError
    ) -> CertificateFact {
        CertificateFact(
            parameter: parameter, path: path, isMissing: error.isNotFound,
            contents: .unknown(reason: error.sentence))
    }

    private func contents(_ certificate: Certificate) -> CertificateFact.Contents {
        .init(
            notBeforeSeconds: certificate.notBeforeSeconds,
            notAfterSeconds: certificate.notAfterSeconds, hostNames: certificate.hostNames)
    }

    /// True if the key certainly is not the certificate's.
    private func isForeign(_ key: ByteString, to certificate: Certificate) -> Bool {
        // What cannot be read tells nothing.
        guard let text = try? host.files.read(key, limitBytes: Self.limitBytes),
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
