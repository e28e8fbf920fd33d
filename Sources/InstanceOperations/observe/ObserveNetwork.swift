// Which addresses and names of ports the host has, and what listens there.

import Bytes
import HostAccess
import Instances

/// Looks at the host's network.
struct NetworkObserver {
    private let host: Host

    /// 64 MiB: some 400,000 sockets.
    private static let limitTableBytes = 1 << 26

    init(_ host: Host) { self.host = host }

    /// The numeric addresses of the host's interfaces.
    func hostAddresses() -> Observed<[ByteString]> {
        do throws(SystemError) {
            return .known(try host.network.hostAddresses())
        } catch {
            return .unknown(reason: "addresses of the host: \(error.text)")
        }
    }

    /// What listens for TCP connections, whoever owns it.
    func listeningSockets() -> Observed<Set<ListeningSocket>> {
        // A kernel may not answer the question; its tables say the same, only more slowly.
        guard let sockets = try? host.network.listeningSockets() else { return fromTables() }
        return .known(
            Set(
                sockets.compactMap { socket in
                    IPAddress(networkBytes: socket.addressBytes)
                        .map { ListeningSocket(address: $0, port: socket.port) }
                }))
    }

    private func fromTables() -> Observed<Set<ListeningSocket>> {
        var sockets: Set<ListeningSocket> = []
        for path: ByteString in ["/proc/net/tcp", "/proc/net/tcp6"] {
            do throws(FileError) {
                let table = try host.files.read(path, limitBytes: Self.limitTableBytes)
                sockets.formUnion(ListeningSocket.read(table: ByteString(table.bytes)))
            } catch {
                // A kernel without IPv6 has no such table.
                if error.isNotFound, path == "/proc/net/tcp6" { continue }
                return .unknown(reason: error.sentence)
            }
        }
        return .known(sockets)
    }

    /// The names of ports.
    func serviceNames() -> ServiceNames {
        // Without the file, as in a small container, Postfix knows no names of ports either.
        let file = try? host.files.read("/etc/services", limitBytes: configurationLimitBytes)
        return ServiceNames(ByteString(file?.bytes ?? []))
    }
}
