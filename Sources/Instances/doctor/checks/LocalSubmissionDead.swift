// Check local-submission-dead: local mail is taken, and there is no way for it.

import Bytes
import PostfixFormats

extension Check {
    static let localSubmissionDead = Check(
        id: "local-submission-dead", title: "Local mail has nowhere to go", severity: .error,
        reference: "postconf(5) default_transport",
        why: """
            The primary takes the mail of cron jobs and programs, but delivers nothing locally, \
            and its default_transport returns everything or does not exist in master.cf. \
            Reports of the host then bounce, or wait until they expire.
            """,
        example: """
            mydestination =
            default_transport = error:no mail from here
            """,
        mend: """
            postconf -X default_transport and set relayhost to the mail hub, or let nobody \
            submit: postconf -e 'authorized_submit_users ='
            """
    ) { snapshot in
        guard let primary = snapshot.enabled.first(where: \.isPrimary),
            !primary.list("authorized_submit_users").isEmpty,
            primary.list("mydestination").isEmpty, primary.list("transport_maps").isEmpty,
            let transport = primary.value("default_transport"),
            let services = primary.services.value
        else { return [] }
        let name = ByteString(transport.bytes.prefix { $0 != 0x3A })
        let exists = services.entries.contains { entry in
            entry.service[.service] == name && entry.service[.type] == "unix"
        }
        let gives: ByteString
        if name == "error" || name == "retry" || name == "discard" {
            gives = "delivers nothing"
        } else if !exists {
            gives = "is not in master.cf"
        } else {
            return []
        }
        return [
            Sighting(
                of: [primary], at: primary.place(of: "default_transport"),
                "the primary takes local mail, but its default_transport \(name) \(gives)",
                mend: primary.resetting("default_transport"))
        ]
    }
}
