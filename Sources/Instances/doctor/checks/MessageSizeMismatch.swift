// Check message-size-mismatch: mail that was taken in and is too big for the next instance.

import Bytes

extension Check {
    static let messageSizeMismatch = Check(
        id: "message-size-mismatch", title: "The next instance takes smaller messages only",
        severity: .error, reference: "postconf(5) message_size_limit",
        why: """
            A message between the two limits is accepted, then refused by the next instance, and \
            has to be returned to a sender who could have been told at once.
            """,
        example: """
            /etc/postfix-in/main.cf:   message_size_limit = 52428800
            /etc/postfix-out/main.cf:  message_size_limit is not set (10240000)
            """,
        mend: "postconf -c /etc/postfix-out -e message_size_limit=52428800"
    ) { snapshot, flow in
        flow.links(snapshot).compactMap { link in
            let parameter: ByteString = "message_size_limit"
            guard let sent = Int((link.source.value(parameter) ?? "").text),
                let taken = Int((link.taken(parameter) ?? "").text), taken > 0,
                sent == 0 || sent > taken
            else { return nil }
            let most: ByteString = sent == 0 ? "of any size" : "up to \(sent) bytes"
            return Sighting(
                of: [link.source, link.sink], at: link.takenPlace(parameter),
                "\(link.source.name) takes messages \(most), \(link.sink.name) behind it up to "
                    + "\(taken)",
                mend: link.sink.setting(parameter, "\(sent)"))
        }
    }
}
