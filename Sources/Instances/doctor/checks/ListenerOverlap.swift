// Check listener-overlap: two instances that want one address and port.

import Bytes
import PostfixFormats

extension Check {
    static let listenerOverlap = Check(
        id: "listener-overlap", title: "Two instances want one address and port",
        severity: .error, reference: "postconf(5) inet_interfaces",
        why: """
            Only one process can listen on an address and port, and a listener on all addresses \
            takes those of all. Whichever instance starts second dies with "Address already in \
            use", and which one that is may change with the order of starting.
            """,
        example: """
            postfix     inet_interfaces = all           smtp inet ... smtpd
            postfix-in  inet_interfaces = 203.0.113.25  smtp inet ... smtpd
            """,
        mend: """
            Give each its addresses: postconf -e 'inet_interfaces = 198.51.100.7', or switch the \
            listener off where it is not needed: postconf -e 'master_service_disable = inet'
            """
    ) { snapshot in
        var taken: [Int: [(address: IPAddress, listener: Listener, owner: InstanceSnapshot)]] = [:]
        var sightings: [Sighting] = []
        for instance in snapshot.enabled {
            for listener in instance.listeners {
                let others = taken[listener.port.value ?? -1] ?? []
                let clash = listener.sockets.lazy.compactMap { socket in
                    others.first { other in
                        other.owner.directory != instance.directory
                            && overlap(other.address, socket.address)
                    }
                }.first
                if let clash {
                    sightings.append(
                        sighting(instance, listener, clash.owner, clash.listener, clash.address))
                } else {
                    // What clashes already would be found again with every later one.
                    for socket in listener.sockets {
                        taken[socket.port, default: []].append(
                            (socket.address.unmapped, listener, instance))
                    }
                }
            }
        }
        return sightings
    }

    /// True if no two sockets may listen on both; IPv6 sockets of Postfix take IPv6 only.
    private static func overlap(_ left: IPAddress, _ right: IPAddress) -> Bool {
        let right = right.unmapped
        return left.isIPv6 == right.isIPv6 && (left == right || left.isWildcard || right.isWildcard)
    }

    private static func sighting(
        _ instance: InstanceSnapshot, _ listener: Listener, _ other: InstanceSnapshot,
        _ otherListener: Listener, _ address: IPAddress
    ) -> Sighting {
        let port = listener.port.value ?? 0
        let shown: ByteString = address.isWildcard ? "all addresses" : "\(address.description)"
        return Sighting(
            of: [other, instance],
            at: instance.place(inMaster: listener.line, parameter: "inet_interfaces"),
            "\(instance.name) and \(other.name) both listen on port \(port); \(other.name) has "
                + "\(shown) by the service \(otherListener.service) in line \(otherListener.line)",
            mend: instance.isPrimary
                ? other.setting("master_service_disable", "inet")
                : other.isPrimary
                    ? other.setting("inet_interfaces", "loopback-only")
                    : instance.setting("master_service_disable", "inet"))
    }
}
