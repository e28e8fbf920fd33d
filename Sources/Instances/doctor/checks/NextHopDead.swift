// Check next-hop-dead: mail is sent to an address of this host where nobody takes it.

import Bytes
import PostfixFormats

extension Check {
    static let nextHopDead = Check(
        id: "next-hop-dead", title: "Nobody listens at a next hop on this host",
        severity: .error, reference: "postconf(5) default_transport, relayhost, content_filter",
        why: """
            All mail that takes this way is deferred. The address is one of this host, so whether \
            somebody listens there is no guess: no enabled instance has it, and no other process.
            """,
        example: "default_transport = smtp:[127.0.0.1]:10025, and ss -ltn shows no such port",
        mend: "Start the content filter, or enable the instance that is to listen there."
    ) { snapshot, flow in
        // Whom a broken instance would listen for is not known.
        let isKnown = snapshot.listeningSockets.value != nil && snapshot.unreadable.isEmpty
        var seen: Set<[Int]> = []
        return flow.edges.compactMap { edge in
            let source = snapshot.instances[edge.source]
            guard source.isEnabled, isKnown else { return nil }
            switch edge.target {
            case .elsewhere, .process: return nil
            case .nothing(let socket):
                guard snapshot.switchedOff(at: socket, for: edge.source) == nil,
                    !snapshot.mayBeServed(socket.port),
                    seen.insert([edge.source, socket.port]).inserted
                else { return nil }
                return sighting(
                    edge, source, at: socket.port,
                    mend: "ss -ltnp 'sport = :\(socket.port)'")
            case .instance(let index, let position):
                let sink = snapshot.instances[index]
                let sockets = sink.listeners[position].sockets
                guard !sink.isEnabled, let port = sockets.first?.port,
                    !isServed(sockets, in: snapshot), seen.insert([edge.source, port]).inserted
                else { return nil }
                return sighting(
                    edge, source, at: port, because: ": \(sink.name) is not enabled",
                    mend: "postmulti -i \(sink.directory.quotedForShell) -e enable")
            }
        }
    }

    private static func isServed(_ wanted: [ListeningSocket], in snapshot: Snapshot) -> Bool {
        let open = snapshot.listeningSockets.value ?? []
        return wanted.contains { socket in
            open.contains { $0.serves(socket.address, socket.port) || $0 == socket }
        }
    }

    private static func sighting(
        _ edge: MailFlow.Edge, _ source: InstanceSnapshot, at port: Int,
        because reason: ByteString = "", mend: ByteString
    ) -> Sighting {
        Sighting(
            of: [source], at: source.place(of: edge),
            "\(source.name) sends mail to \(edge.nextHop.destination), "
                + "where nobody listens on port \(port)\(reason)",
            mend: mend)
    }
}

extension Snapshot {
    /// True if some enabled instance listens on the port, or on one that is not known, at an
    /// address that is not known.
    fileprivate func mayBeServed(_ port: Int) -> Bool {
        enabled.flatMap(\.listeners).contains { listener in
            let isPort = listener.port.value.map { $0 == port } ?? true
            return isPort && (listener.addresses.value == nil || listener.port.value == nil)
        }
    }

    /// The instances that cannot be read.
    var unreadable: [InstanceSnapshot] { instances.filter { $0.parameters == nil } }
}

extension InstanceSnapshot {
    /// Where a next hop is written.
    func place(of edge: MailFlow.Edge) -> Finding.Place {
        guard let service = edge.service,
            let entry = services.value?.entries.first(where: { entry in
                entry.service.label == service
            })
        else { return place(of: edge.parameter) }
        return place(inMaster: entry.firstLine, parameter: edge.parameter)
    }
}
