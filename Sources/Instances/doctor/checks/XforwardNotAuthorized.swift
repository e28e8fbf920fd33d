// Check xforward-not-authorized: a client's name that the next instance does not want to know.

import Bytes
import PostfixFormats

extension Check {
    static let xforwardNotAuthorized = Check(
        id: "xforward-not-authorized", title: "XFORWARD is sent to an instance that refuses it",
        severity: .warning, reference: "XFORWARD_README",
        why: """
            The instance before the filter is to tell the one behind it who the client was, but \
            that one does not list this host in smtpd_authorized_xforward_hosts. Its log then \
            shows every message as coming from localhost.
            """,
        example: """
            /etc/postfix-in/main.cf:   smtp_send_xforward_command = yes
            /etc/postfix-out/main.cf:  smtpd_authorized_xforward_hosts =
            """,
        mend: "postconf -c /etc/postfix-out -e 'smtpd_authorized_xforward_hosts = $mynetworks'"
    ) { snapshot, flow in
        flow.links(snapshot).compactMap { link in
            let parameter: ByteString = "smtpd_authorized_xforward_hosts"
            guard link.sent("smtp_send_xforward_command")?.lowercased == "yes",
                let hosts = link.taken(parameter), let address = link.clientAddress,
                AddressList(ParameterList.split(hosts)).contains(address) == false
            else { return nil }
            return Sighting(
                of: [link.source, link.sink], at: link.takenPlace(parameter),
                "\(link.source.name) passes on who the client was, but \(link.sink.name) does "
                    + "not take it from \(address.description)",
                mend: link.sink.setting(parameter, "$mynetworks"))
        }
    }
}
