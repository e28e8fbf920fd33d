// Check recipient-limit-mismatch: messages that are split, or refused in part, between instances.

import Bytes

extension Check {
    static let recipientLimitMismatch = Check(
        id: "recipient-limit-mismatch", title: "Two instances differ in how many recipients",
        severity: .warning, reference: "MULTI_INSTANCE_README, the input instance",
        why: """
            A message with more recipients than smtp_destination_recipient_limit goes through the \
            filter several times, which costs time and may give several verdicts. One with more \
            than the next instance's smtpd_recipient_limit is taken in part, and the rest waits. \
            The limits of both should be equal.
            """,
        example: "smtp_destination_recipient_limit is not set (50), smtpd_recipient_limit = 1000",
        mend: "postconf -c /etc/postfix-in -e smtp_destination_recipient_limit=1000"
    ) { snapshot, flow in
        flow.links(snapshot).compactMap { link in
            let transport = link.edge.nextHop.transport ?? "smtp"
            let parameter: ByteString = "\(transport)_destination_recipient_limit"
            let text =
                link.source.sets(parameter)
                ? link.source.value(parameter)
                : link.source.value("default_destination_recipient_limit")
            guard let text, let sent = Int(text.text),
                let taken = Int((link.taken("smtpd_recipient_limit") ?? "").text)
            else { return nil }
            let words: ByteString
            if sent > taken || sent == 0 {
                words =
                    "\(link.source.name) sends \(sent == 0 ? "any number of" : text) "
                    + "recipients at a time, \(link.sink.name) takes \(taken)"
            } else if sent < taken, link.isThroughFilter {
                words =
                    "\(link.source.name) has a message filtered again for every \(sent) "
                    + "recipients, \(link.sink.name) would take \(taken)"
            } else {
                return nil
            }
            return Sighting(
                of: [link.source, link.sink], at: link.source.place(of: parameter), words,
                mend: link.source.setting(parameter, "\(taken)"))
        }
    }
}
