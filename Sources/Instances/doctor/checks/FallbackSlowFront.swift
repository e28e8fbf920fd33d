// Check fallback-slow-front: the fast half of a pair that is not fast.

import Bytes

extension Check {
    static let fallbackSlowFront = Check(
        id: "fallback-slow-front", title: "The instance before a fall-back relay is slow",
        severity: .warning, reference: "postconf(5) smtp_fallback_relay",
        why: """
            smtp_fallback_relay lets one instance try the quick deliveries and hands the rest to \
            another. With the long default time-outs the first one waits as long as any other \
            before it gives up, and the pair gains nothing.
            """,
        example: "smtp_fallback_relay = [10.0.0.1]:25, and all smtp_*_timeout at their defaults",
        mend: "postconf -c /etc/postfix-list -e smtp_connect_timeout=5s smtp_helo_timeout=30s"
    ) { snapshot in
        let timeouts: [ByteString] = [
            "smtp_connect_timeout", "smtp_helo_timeout", "smtp_mail_timeout", "smtp_rcpt_timeout",
            "smtp_data_init_timeout", "smtp_data_xfer_timeout", "smtp_data_done_timeout",
        ]
        return snapshot.enabled.filter { instance in
            !instance.list("smtp_fallback_relay").isEmpty
                && !timeouts.contains(where: instance.sets)
        }.map { instance in
            Sighting(
                of: [instance], at: instance.place(of: "smtp_connect_timeout"),
                "\(instance.name) has a fall-back relay, but waits for others as long as ever",
                mend: instance.setting("smtp_connect_timeout", "5s"))
        }
    }
}
