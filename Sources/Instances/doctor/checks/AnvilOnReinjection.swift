// Check anvil-on-reinjection: limits for strangers on a listener for one trusted client.

import Bytes
import PostfixFormats

extension Check {
    static let anvilOnReinjection = Check(
        id: "anvil-on-reinjection", title: "Client limits on a re-injection listener",
        severity: .warning, reference: "MULTI_INSTANCE_README, the output instance",
        why: """
            The content filter, or the instance before, is the only client of a re-injection \
            listener and sends all the mail there is. smtpd_client_connection_count_limit is \
            made for strangers; here it turns away connections when there is much to do.
            """,
        example: """
            127.0.0.1:10026 inet n - n - - smtpd
            smtpd_client_event_limit_exceptions =
            """,
        mend: """
            postconf -c /etc/postfix-out -e smtpd_client_connection_count_limit=0 \
            'smtpd_client_event_limit_exceptions = $mynetworks'
            """
    ) { snapshot in
        snapshot.enabledSecondaries.compactMap { instance in
            let limit: ByteString = "smtpd_client_connection_count_limit"
            let exceptions: ByteString = "smtpd_client_event_limit_exceptions"
            let limited = instance.servers.first { server in
                guard server.isLoopbackOnly,
                    let count = instance.value(limit, in: server.entry), count != "0",
                    let exempt = instance.value(exceptions, in: server.entry)
                else { return false }
                let list = AddressList(ParameterList.split(exempt))
                let addresses = server.listener.addresses.value ?? []
                return addresses.contains { list.contains($0) == false }
            }
            guard let limited else { return nil }
            return Sighting(
                of: [instance], at: instance.place(of: exceptions, in: limited.entry),
                "\(instance.name) limits how often this host itself may connect to "
                    + "\(limited.listener.service)",
                mend: instance.setting(exceptions, "$mynetworks"))
        }
    }
}
