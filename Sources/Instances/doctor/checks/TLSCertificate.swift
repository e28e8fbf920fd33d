// Check tls-certificate: certificates that clients will not like.

import Bytes

extension Check {
    static let tlsCertificate = Check(
        id: "tls-certificate", title: "A certificate is missing, expired, open or for others",
        severity: .error, reference: "TLS_README",
        why: """
            Without a usable certificate the server offers no TLS, or clients that check it turn \
            away. Several instances mean several certificates, of which one is easily forgotten. \
            A key that everybody on the host can read is no secret.
            """,
        example: "smtpd_tls_cert_file = /etc/ssl/mx1.pem, which expired yesterday",
        mend: "Renew the certificate and reload the instance; chmod 600 the key."
    ) { snapshot in
        snapshot.enabled.flatMap { instance in
            instance.facts.certificates.flatMap { certificate in
                faults(of: certificate, instance, nowSeconds: snapshot.takenSeconds)
            }
        }
    }

    /// So long before the end somebody should care: the time in which automatic renewal, 30 days
    /// before the end as a rule, has failed for more than a week.
    private static let warningDays = 21

    private static func faults(
        of certificate: CertificateFact, _ instance: InstanceSnapshot, nowSeconds: Int
    ) -> [Sighting] {
        func sighting(
            _ fault: ByteString, _ severity: Finding.Severity = .error, mend: ByteString? = nil
        ) -> Sighting {
            let path = certificate.path.quotedForShell
            return Sighting(
                of: [instance], at: instance.place(of: certificate.parameter),
                "\(certificate.path), the certificate of \(instance.name), \(fault)",
                mend: mend ?? "openssl x509 -in \(path) -noout -dates -subject",
                severity: severity)
        }
        if certificate.isMissing {
            return [
                sighting("is not there", mend: "ls -l \(certificate.path.quotedForShell)")
            ]
        }
        guard case .known(let read) = certificate.contents else { return [] }
        guard let contents = read else { return [sighting("holds no certificate")] }
        var sightings: [Sighting] = []
        let days = (contents.notAfterSeconds - nowSeconds) / 86_400
        if contents.notAfterSeconds < nowSeconds {
            sightings.append(sighting("has expired"))
        } else if contents.notBeforeSeconds > nowSeconds {
            sightings.append(sighting("is not valid yet"))
        } else if days < warningDays {
            sightings.append(sighting("expires in \(days) days", .warning))
        }
        if certificate.keyIsForeign, let key = certificate.keyPath {
            sightings.append(
                sighting(
                    "has the key of another certificate: \(key)",
                    mend: "openssl pkey -in \(key.quotedForShell) -pubout"))
        }
        if certificate.keyIsOpen, let key = certificate.keyPath {
            sightings.append(
                sighting(
                    "has a key that can be read by everybody: \(key)", .warning,
                    mend: "chmod o-r \(key.quotedForShell)"))
        }
        // What a client shows as its certificate need not be named after the host.
        if certificate.parameter.hasPrefix("smtpd_"), let name = instance.value("myhostname"),
            !contents.hostNames.isEmpty, !contents.covers(name)
        {
            sightings.append(sighting("is not for \(name)", .note))
        }
        return sightings
    }
}
