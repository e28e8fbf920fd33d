// Check listener-disabled: a listener that another instance counts on is switched off.

import Bytes

extension Check {
    static let listenerDisabled = Check(
        id: "listener-disabled", title: "A listener that others send to is switched off",
        severity: .warning, reference: "postconf(5) master_service_disable",
        why: """
            A new instance starts with master_service_disable = inet, so that it listens nowhere \
            until it is set up. This one is enabled, another instance sends its mail there, and \
            the listener in its master.cf is still switched off: the mail is deferred.
            """,
        example: """
            /etc/postfix-out/main.cf:    master_service_disable = inet
            /etc/postfix-out/master.cf:  127.0.0.1:10026 inet n - n - - smtpd
            """,
        mend: "postconf -c /etc/postfix-out -e 'master_service_disable ='"
    ) { snapshot, flow in
        var seen: Set<[Int]> = []
        return flow.edges.compactMap { edge in
            let source = snapshot.instances[edge.source]
            guard source.isEnabled, case .nothing(let socket) = edge.target,
                let (index, listener) = snapshot.switchedOff(at: socket, for: edge.source),
                seen.insert([edge.source, index]).inserted
            else { return nil }
            let sink = snapshot.instances[index]
            return Sighting(
                of: [source, sink], at: sink.place(of: "master_service_disable"),
                "\(source.name) sends mail to the service \(listener.service) of \(sink.name), "
                    + "which master_service_disable switches off",
                mend: sink.setting("master_service_disable", ""))
        }
    }
}

extension Snapshot {
    /// The enabled instance, as an index, that would listen there for a source if its listener
    /// were not switched off.
    ///
    /// The primary is none: as a null client it has its listener switched off on purpose.
    func switchedOff(at socket: ListeningSocket, for source: Int) -> (Int, Listener)? {
        let reader = ListenerReader(
            serviceNames: host.serviceNames,
            hostAddresses: (hostAddresses.value ?? []).compactMap { IPAddress($0) })
        for (index, instance) in instances.enumerated()
        where instance.isEnabled && !instance.isPrimary && index != source {
            guard let parameters = instance.parameters, let services = instance.services.value
            else { continue }
            let running = Set(instance.listeners)
            for listener in reader.listeners(parameters, services, includingDisabled: true)
            where !running.contains(listener)
                && listener.sockets.contains(where: { $0.serves(socket.address, socket.port) })
            {
                return (index, listener)
            }
        }
        return nil
    }
}
