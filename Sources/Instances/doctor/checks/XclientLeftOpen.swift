// Check xclient-left-open: clients that may pretend to be others, on an open port.

import Bytes
import PostfixFormats

extension Check {
    static let xclientLeftOpen = Check(
        id: "xclient-left-open", title: "XCLIENT was left open", severity: .warning,
        reference: "XCLIENT_README",
        why: """
            A client in smtpd_authorized_xclient_hosts may say that it is any other client, and \
            is believed: for access rules, limits and the log. It is meant for tests of a \
            listener that only this host reaches; on an open port it is a left-over.
            """,
        example: """
            inet_interfaces = all
            smtpd_authorized_xclient_hosts = 127.0.0.1
            """,
        mend: "postconf -c /etc/postfix-in -X smtpd_authorized_xclient_hosts, then reload"
    ) { snapshot in
        snapshot.enabled.compactMap { instance in
            let parameter: ByteString = "smtpd_authorized_xclient_hosts"
            let open = instance.servers.first { server in
                let hosts = instance.value(parameter, in: server.entry) ?? ""
                return !ParameterList.split(hosts).isEmpty && server.isReachable == true
            }
            guard let open else { return nil }
            return Sighting(
                of: [instance], at: instance.place(of: parameter, in: open.entry),
                "\(instance.name) takes XCLIENT on \(open.listener.service), "
                    + "which others than this host reach",
                mend: instance.resetting(parameter))
        }
    }
}
