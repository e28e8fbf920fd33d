// Check xforward-lost: a content filter behind which nobody knows the client.

import Bytes
import PostfixFormats

extension Check {
    static let xforwardLost = Check(
        id: "xforward-lost", title: "Behind the filter nobody knows the client", severity: .note,
        reference: "XFORWARD_README",
        why: """
            Behind the content filter all mail seems to come from localhost: in the log, and for \
            whatever looks at client addresses there. If the filter passes XFORWARD on, the \
            instances can tell each other who the client was.
            """,
        example: """
            smtp_send_xforward_command = no before the filter,
            smtpd_authorized_xforward_hosts empty behind it
            """,
        mend: """
            postconf -c /etc/postfix-in -e smtp_send_xforward_command=yes, and \
            postconf -c /etc/postfix-out -e 'smtpd_authorized_xforward_hosts = $mynetworks'
            """
    ) { snapshot, flow in
        flow.throughFilters(snapshot).compactMap { link in
            guard link.sent("smtp_send_xforward_command")?.lowercased == "no",
                let hosts = link.taken("smtpd_authorized_xforward_hosts"),
                ParameterList.split(hosts).isEmpty
            else { return nil }
            return Sighting(
                of: [link.source, link.sink], at: link.sentPlace("smtp_send_xforward_command"),
                "\(link.source.name) does not tell \(link.sink.name) behind the filter who the "
                    + "client was",
                mend: link.source.setting("smtp_send_xforward_command", "yes"))
        }
    }
}
