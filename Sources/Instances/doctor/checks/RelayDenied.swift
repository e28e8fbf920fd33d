// Check relay-denied: an instance that refuses another one's mail.

import Bytes
import PostfixFormats

extension Check {
    static let relayDenied = Check(
        id: "relay-denied", title: "An instance refuses another one's mail", severity: .error,
        reference: "postconf(5) mynetworks, smtpd_relay_restrictions",
        why: """
            The sender's address is not in mynetworks of the instance that it sends to, so that \
            answers "Relay access denied" and the mail is returned. The address may not be the \
            one expected: inet_interfaces with a single address decides about it too.
            """,
        example: """
            /etc/postfix-in/main.cf:   inet_interfaces = 203.0.113.25
                                       default_transport = smtp:[127.0.0.1]:10026
            /etc/postfix-out/main.cf:  mynetworks = 127.0.0.0/8
            """,
        mend: """
            Let the source choose by itself: postconf -c /etc/postfix-in -e \
            smtp_bind_address=0.0.0.0, or put its address into mynetworks of the sink.
            """
    ) { snapshot, flow in
        flow.direct(snapshot).compactMap { link in
            // The default of mynetworks depends on the interfaces, and is not known here.
            guard let address = link.clientAddress, link.sink.sets("mynetworks"),
                let networks = link.taken("mynetworks"),
                AddressList(ParameterList.split(networks)).contains(address) == false,
                refusesStrangers(link)
            else { return nil }
            let networkOf: ByteString = "\(address.description)"
            return Sighting(
                of: [link.source, link.sink], at: link.takenPlace("mynetworks"),
                "\(link.source.name) sends mail from \(networkOf) to \(link.sink.name), "
                    + "which relays for others only: \(networks)",
                mend: link.sink.setting("mynetworks", "\(networks) \(networkOf)"))
        }
    }

    /// True if the sink certainly refuses the mail of clients that are not in mynetworks.
    private static func refusesStrangers(_ link: Link) -> Bool {
        // Mail for its own domains it takes from anybody, and that may be all there is.
        let hasDomains = link.sink.sets("relay_domains") || link.edge.parameter == "relay_transport"
        for stage: ByteString in ["client", "helo", "sender", "relay", "recipient"] {
            for word in ParameterList.split(link.taken("smtpd_\(stage)_restrictions") ?? "") {
                switch word.lowercased {
                case "permit_mynetworks", "permit_sasl_authenticated", "permit_tls_clientcerts":
                    continue
                case "reject": return true
                case "reject_unauth_destination", "defer_unauth_destination": return !hasDomains
                default: return false
                }
            }
        }
        return false
    }
}
