// Check helo-name-leak: a name that was made up for this host's own use, shown to the world.

import Bytes

extension Check {
    static let heloNameLeak = Check(
        id: "helo-name-leak", title: "An inside name is shown to the world", severity: .note,
        reference: "postconf(5) smtp_helo_name",
        why: """
            The instance has another myhostname so that two of this host can talk on port 25. It \
            introduces itself with that name to all other servers as well, which may look it up \
            and refuse a name that the DNS does not have.
            """,
        example: "myhostname = mta1-out.example.com, and smtp_helo_name is not set",
        mend: "postconf -c /etc/postfix-out -e smtp_helo_name=mta1.example.com"
    ) { snapshot, flow in
        flow.direct(snapshot).compactMap { link in
            guard link.server.listener.port.value == 25, link.sink.deliversByMX,
                link.sink.sets("myhostname"), !link.sink.sets("smtp_helo_name"),
                let name = link.sink.value("myhostname"), let other = link.sent("myhostname"),
                name.lowercased != other.lowercased
            else { return nil }
            return Sighting(
                of: [link.sink], at: link.sink.place(of: "smtp_helo_name"),
                "\(link.sink.name) introduces itself to all servers as \(name), "
                    + "a name that tells it from \(link.source.name)",
                mend: link.sink.setting("smtp_helo_name", other))
        }
    }
}
