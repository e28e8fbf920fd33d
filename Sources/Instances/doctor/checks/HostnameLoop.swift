// Check hostname-loop: two instances that take each other for themselves.

import Bytes

extension Check {
    static let hostnameLoop = Check(
        id: "hostname-loop", title: "Two instances that speak SMTP have one myhostname",
        severity: .error, reference: "MULTI_INSTANCE_README, null-client and service instances",
        why: """
            When a server on port 25 greets Postfix with Postfix's own name, it takes that for a \
            loop: "mail loops back to myself", and returns the mail. Instances that send to each \
            other on that port need names of their own.
            """,
        example: """
            /etc/postfix/main.cf:      myhostname = mta1.example.com, relayhost = [10.0.0.1]
            /etc/postfix-out/main.cf:  myhostname = mta1.example.com, inet_interfaces = 10.0.0.1
            """,
        mend: """
            postconf -c /etc/postfix-out -e myhostname=mta1-out.example.com \
            smtp_helo_name=mta1.example.com
            """
    ) { snapshot, flow in
        flow.direct(snapshot).compactMap { link in
            guard link.server.listener.port.value == 25, let name = link.sent("myhostname"),
                let other = link.taken("myhostname"), name.lowercased == other.lowercased,
                let banner = link.taken("smtpd_banner"),
                banner.lowercased.hasPrefix(other.lowercased)
            else { return nil }
            let label = ByteString(name.bytes.prefix { $0 != 0x2E })
            let domain = name.dropFirst(label.count)
            let short = link.sink.instance?.name?.short ?? "2"
            return Sighting(
                of: [link.source, link.sink], at: link.takenPlace("myhostname"),
                "\(link.source.name) sends mail to \(link.sink.name) on port 25, and both are "
                    + "\(name)",
                mend: link.sink.setting("myhostname", "\(label)-\(short)\(domain)"))
        }
    }
}
