// Check open-reinjection: a listener that relays for strangers.

import Bytes
import PostfixFormats

extension Check {
    static let openReinjection = Check(
        id: "open-reinjection", title: "A listener relays for strangers", severity: .error,
        reference: "postconf(5) smtpd_relay_restrictions",
        why: """
            The output side of a content filter relays whatever it is given and trusts \
            mynetworks to keep strangers out. If its listener can be reached from elsewhere and \
            mynetworks takes everybody in, it is an open relay, found and abused within hours.
            """,
        example: """
            inet_interfaces = all
            mynetworks = 0.0.0.0/0
            smtpd_relay_restrictions =
            smtpd_recipient_restrictions = permit_mynetworks, reject
            """,
        mend: """
            postconf -c /etc/postfix-out -e 'inet_interfaces = loopback-only', \
            'mynetworks = 127.0.0.0/8'
            """
    ) { snapshot in
        snapshot.enabled.flatMap { instance in
            instance.servers.compactMap { server in
                guard server.isReachable == true, relaysForStrangers(instance, server)
                else { return nil }
                return Sighting(
                    of: [instance], at: instance.place(of: "mynetworks", in: server.entry),
                    "\(instance.name) relays mail of anybody who reaches its service "
                        + "\(server.listener.service)",
                    mend: instance.setting("mynetworks", "127.0.0.0/8 [::1]/128"))
            }
        }
    }

    /// True if no restriction stops a stranger's mail to a stranger, for certain.
    private static func relaysForStrangers(
        _ instance: InstanceSnapshot, _ server: Server
    ) -> Bool {
        let networks = ParameterList.split(instance.value("mynetworks", in: server.entry) ?? "")
        let isEverybodyOurs = AddressList(networks).isEverything
        var requires = false
        for stage: ByteString in ["client", "helo", "sender", "relay", "recipient"] {
            let parameter: ByteString = "smtpd_\(stage)_restrictions"
            guard let value = instance.value(parameter, in: server.entry) else { return false }
            let words = ParameterList.split(value)
            guard passes(words, isEverybodyOurs: isEverybodyOurs) else { return false }
            if stage == "relay" || stage == "recipient" {
                requires = requires || words.contains(where: isRequired)
            }
        }
        // Without any of those smtpd(8) refuses to work at all.
        return requires
    }

    /// True if a stranger's mail certainly gets through a list of restrictions.
    private static func passes(_ words: [ByteString], isEverybodyOurs: Bool) -> Bool {
        for word in words.map(\.lowercased) {
            switch word {
            case "permit": return true
            case "permit_mynetworks" where isEverybodyOurs: return true
            case "permit_mynetworks", "permit_sasl_authenticated", "permit_tls_clientcerts",
                "permit_auth_destination", "permit_mx_backup":
                continue
            default: return false
            }
        }
        return true
    }

    private static func isRequired(_ word: ByteString) -> Bool {
        [
            "reject_unauth_destination", "defer_unauth_destination", "reject", "defer",
            "defer_if_permit", "check_relay_domains",
        ].contains(word.lowercased)
    }
}
