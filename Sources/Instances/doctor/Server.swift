// The SMTP servers of an instance: which service answers on which listener.

import Bytes
import PostfixFormats

/// A listener together with the smtpd(8) service that mail goes through.
struct Server {
    let listener: Listener
    /// The service whose parameters decide: smtpd itself, also behind postscreen.
    let entry: MasterCF.Entry

    /// Whether others than this host reach it; nil if its addresses are not known.
    var isReachable: Bool? {
        listener.addresses.value.map { addresses in
            addresses.contains { !$0.isLoopback }
        }
    }

    /// True if it is for this host only.
    var isLoopbackOnly: Bool {
        isReachable == false && !(listener.addresses.value ?? []).isEmpty
    }
}

extension InstanceSnapshot {
    /// The SMTP servers that take connections, in the order of master.cf.
    var servers: [Server] {
        let entries = activeServices
        let behindPostscreen = entries.first { entry in
            entry.service[.type] == "pass" && entry.service[.command] == "smtpd"
        }
        return listeners.compactMap { listener in
            switch listener.command {
            case "smtpd":
                entries.first { $0.firstLine == listener.line }
                    .map { Server(listener: listener, entry: $0) }
            case "postscreen":
                behindPostscreen.map { Server(listener: listener, entry: $0) }
            default: nil
            }
        }
    }

    /// The delivery agents that speak SMTP.
    var smtpClients: [MasterCF.Entry] {
        activeServices.filter { entry in
            entry.service[.command] == "smtp" && entry.service[.type] == "unix"
        }
    }

    /// True if mail for anybody goes out to the mail servers that the DNS names.
    var deliversByMX: Bool {
        let ownWays: [ByteString] = [
            "relayhost", "transport_maps", "sender_dependent_relayhost_maps", "content_filter",
            "sender_dependent_default_transport_maps",
        ]
        return value("default_transport") == "smtp" && ownWays.allSatisfy { list($0).isEmpty }
    }
}
