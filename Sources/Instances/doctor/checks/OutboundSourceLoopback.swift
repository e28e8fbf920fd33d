// Check outbound-source-loopback: an inside address as the source of mail to the Internet.

import Bytes
import PostfixFormats

extension Check {
    static let outboundSourceLoopback = Check(
        id: "outbound-source-loopback", title: "Mail to the Internet leaves from an inside address",
        severity: .error, reference: "postconf(5) smtp_bind_address",
        why: """
            If inet_interfaces names a single address that is not loopback, Postfix sends from it \
            as well. If that is an inside address, servers on the Internet never see an answer \
            come back, though the host has an outside address that would do: connections time out.
            """,
        example: """
            inet_interfaces = 10.0.0.1
            smtp_bind_address is not set
            """,
        mend: "postconf -c /etc/postfix-out -e smtp_bind_address=0.0.0.0"
    ) { snapshot in
        guard let texts = snapshot.hostAddresses.value else { return [] }
        let outside = texts.compactMap { IPAddress($0) }.filter { !$0.isInside }
        return snapshot.enabled.flatMap { instance -> [Sighting] in
            guard instance.deliversByMX else { return [] }
            let own = instance.list("inet_interfaces").compactMap { IPAddress($0) }
            // A name or a word for several addresses is not one address.
            guard own.count == instance.list("inet_interfaces").count else { return [] }
            return [false, true].compactMap { isIPv6 in
                let family = own.filter { $0.isIPv6 == isIPv6 }
                let parameter: ByteString = isIPv6 ? "smtp_bind_address6" : "smtp_bind_address"
                guard family.count == 1, let address = family.first, address.isInside,
                    !address.isLoopback, outside.contains(where: { $0.isIPv6 == isIPv6 }),
                    instance.smtpClients.contains(where: { entry in
                        instance.value(parameter, in: entry)?.isEmpty == true
                    })
                else { return nil }
                return Sighting(
                    of: [instance], at: instance.place(of: "inet_interfaces"),
                    "\(instance.name) sends mail to the Internet from \(address.description), "
                        + "because inet_interfaces names nothing else",
                    mend: instance.setting(parameter, isIPv6 ? "::" : "0.0.0.0"))
            }
        }
    }
}
