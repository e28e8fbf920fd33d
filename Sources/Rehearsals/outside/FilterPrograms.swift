// The content filter's own program in a rehearsal: started where its configuration says, with what
// it says in the rehearsal's log.

import Bytes
import HostAccess
import Instances
import NIOPosix

/// Starts content filters.
struct FilterPrograms {
    private let host: Host

    /// A filter listens within a tenth of a second; a busy machine may need more.
    private static let listenSeconds = 10
    /// As long as the longest rehearsal.
    private static let limitSeconds = 86400

    init(_ host: Host) { self.host = host }

    /// The configurations that are there: the usual one, and these.
    func configurations(beside named: [ByteString]) -> [ByteString] {
        let usual = ContentFilter.usualConfiguration
        // One that cannot be looked at is none: then a stand-in is told of.
        let hasUsual = (try? host.files.status(of: usual, followingLinks: true)) != nil
        return (hasUsual && !named.contains(usual) ? [usual] : []) + named
    }

    /// Starts a filter for each configuration and waits until they listen; tells which of the
    /// sockets that are needed have a listener then, and whose.
    func start(
        _ configurations: [ByteString], for needed: [ListeningSocket], _ records: OutsideRecords
    ) -> [ListeningSocket: ByteString] {
        guard let program, !configurations.isEmpty, !needed.isEmpty else { return [:] }
        var places: [ListeningSocket: ByteString] = [:]
        let pool = NIOThreadPool(numberOfThreads: configurations.count)
        pool.start()
        for configuration in configurations {
            let command = ChildCommand(
                program: program, arguments: [program, "--config", configuration],
                environment: host.environment)
            let name = host.nodeName
            let before = listening(needed)
            pool.submit { _ in
                // The runner waits for the child; what it says goes to the log as it comes.
                LiveProcessRunner().runSideBySide(
                    [command], atOnce: 1, limitSeconds: Self.limitSeconds
                ) { _, event in
                    guard case .errors(let text) = event else { return }
                    for line in text.split(where: { $0 == 0x0A }) {
                        records.log("\(LogStamp.now) \(name) \(line)\n")
                    }
                }
            }
            let deadline = host.clock.nowSeconds + Self.listenSeconds
            var fresh: Set<ListeningSocket> = []
            while fresh.isEmpty, host.clock.nowSeconds < deadline {
                host.clock.pause(milliseconds: 20)
                fresh = listening(needed).subtracting(before)
            }
            for socket in fresh { places[socket] = configuration }
        }
        return places
    }

    /// The sockets among these where somebody listens.
    private func listening(_ needed: [ListeningSocket]) -> Set<ListeningSocket> {
        // Without an answer nobody listens as far as we know, and a stand-in will be told why not.
        let open = ((try? host.network.listeningSockets()) ?? []).compactMap { socket in
            IPAddress(networkBytes: socket.addressBytes)
                .map { ListeningSocket(address: $0, port: socket.port) }
        }
        return Set(
            needed.filter { wanted in
                open.contains { $0.serves(wanted.address, wanted.port) }
            })
    }

    /// The filter's program: the one beside this one, else an installed one.
    private var program: ByteString? {
        let places = [host.programDirectory, "/usr/local/sbin", "/usr/sbin"].compactMap { $0 }
        return places.map { "\($0)/postilion-filter" as ByteString }.first { path in
            (try? host.files.status(of: path, followingLinks: true))?.kind == .regular
        }
    }
}
