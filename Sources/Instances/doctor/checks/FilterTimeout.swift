// Check filter-timeout: one side of a content filter that is less patient than the other.

import Bytes

extension Check {
    static let filterTimeout = Check(
        id: "filter-timeout", title: "One side of the filter is less patient than the other",
        severity: .warning, reference: "MULTI_INSTANCE_README, the input and output instances",
        why: """
            While a filter looks at a message, the instance before it waits for the answer and \
            the one behind it for the message. If the first gives up early, mail that the filter \
            delivers a little later is delivered again; if the second does, the filter's work is \
            lost. Both should wait for the same time.
            """,
        example: """
            /etc/postfix-in/main.cf:   smtp_data_done_timeout = 1200s
            /etc/postfix-out/main.cf:  smtpd_timeout is not set (300s)
            """,
        mend: "postconf -c /etc/postfix-out -e smtpd_timeout=1200s"
    ) { snapshot, flow in
        flow.throughFilters(snapshot).compactMap { link in
            guard let before = link.sent("smtp_data_done_timeout"), let waits = duration(before),
                let behind = link.taken("smtpd_timeout"), let keeps = duration(behind),
                waits != keeps
            else { return nil }
            let (source, sink) = (link.source, link.sink)
            let words: ByteString =
                "\(source.name) waits \(before) for the filter, \(sink.name) behind it \(behind)"
            return waits < keeps
                ? Sighting(
                    of: [source, sink], at: link.sentPlace("smtp_data_done_timeout"), words,
                    mend: source.setting("smtp_data_done_timeout", behind))
                : Sighting(
                    of: [source, sink], at: link.takenPlace("smtpd_timeout"), words,
                    mend: sink.setting("smtpd_timeout", before))
        }
    }
}
