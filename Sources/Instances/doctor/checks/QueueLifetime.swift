// Check queue-lifetime: a backup MX that gives up as early as an outbound server.

import Bytes

extension Check {
    static let queueLifetime = Check(
        id: "queue-lifetime", title: "Backup MX and outbound give up after the same time",
        severity: .note, reference: "postconf(5) maximal_queue_lifetime",
        why: """
            A backup MX keeps mail while the main server is away, and should do so for as long as \
            possible. Whoever sends mail out wants to tell the sender soon. One \
            maximal_queue_lifetime for both serves one of them badly; that they are two instances \
            is the chance to do better.
            """,
        example: "maximal_queue_lifetime = 5d in both instances",
        mend: "postconf -c /etc/postfix-mx -e maximal_queue_lifetime=30d"
    ) { snapshot in
        let parameter: ByteString = "maximal_queue_lifetime"
        let outbound = snapshot.enabled.filter { instance in
            instance.deliversByMX && !instance.sets("relay_domains")
        }
        let backups = snapshot.enabled.filter { instance in
            instance.deliversByMX && instance.sets("relay_domains")
                && !instance.list("relay_domains").isEmpty
                && instance.value("relay_transport") == "relay"
        }
        return backups.compactMap { backup in
            guard let lifetime = backup.value(parameter),
                let other = outbound.first(where: { $0.value(parameter) == lifetime })
            else { return nil }
            return Sighting(
                of: [other, backup], at: backup.place(of: parameter),
                "\(backup.name), a backup MX, gives up after \(lifetime) like \(other.name), "
                    + "which sends mail out",
                mend: backup.setting(parameter, "30d"))
        }
    }
}
