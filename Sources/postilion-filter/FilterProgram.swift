// From a configuration file to a service that runs: the order matters, and is here.

import Bytes
import FilterProxy
import HostAccess
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import UnixSignals

/// The program on one host, with one configuration file.
struct FilterProgram {
    let host: Host
    let path: String

    /// A megabyte: a configuration is a hundred lines.
    private static let configurationLimitBytes = 1 << 20

    func readConfiguration() throws(StartFailure) -> FilterConfiguration {
        let text: String
        do throws(FileError) {
            let file = try host.files.read(
                ByteString(path), limitBytes: Self.configurationLimitBytes)
            text = ByteString(file.bytes).text
        } catch {
            throw .unreadableConfiguration(error)
        }
        do throws(ConfigurationFault) {
            return try ConfigurationReader.read(file: path, text: text, files: host.files)
        } catch {
            throw .badConfiguration(error.messages)
        }
    }

    /// Serves until a signal asks it to stop.
    ///
    /// This thread must be the main one and has to wait here: one that had been given to an
    /// asynchronous main program would keep root's rights when all others give them up.
    func serve() throws(StartFailure) {
        let configuration = try readConfiguration()
        let path = path
        let logger = Logger(label: configuration.name) { name in
            LineLogHandler(name: name, settings: configuration.log)
        }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.threads)
        let diskThreads = NIOThreadPool(numberOfThreads: 4)
        diskThreads.start()
        let process = ProcessResources(
            eventLoops: group, diskThreads: diskThreads, hostName: host.nodeName.text,
            log: MessageLog(logger))
        let server = try listen(
            configuration, group, configuration.sessionSettings(process), logger)
        try becomeUser(configuration.user)
        let reloading = ReloadService {
            FilterProgram(host: .live(), path: path).tellReady(configuration, logger)
        } reload: {
            FilterProgram(host: .live(), path: path)
                .reload(server, since: configuration, process, logger)
        }
        let services = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: server, successTerminationBehavior: .gracefullyShutdownGroup),
                    .init(service: reloading, successTerminationBehavior: .ignore),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        do {
            try group.any().makeFutureWithTask { try await services.run() }.wait()
        } catch {
            throw StartFailure(messages: ["stopped: \(error)"], status: 70)
        }
        notify("STOPPING=1", logger)
    }

    private func listen(
        _ configuration: FilterConfiguration, _ group: MultiThreadedEventLoopGroup,
        _ settings: SessionSettings, _ logger: Logger
    ) throws(StartFailure) -> ProxyServer {
        var addresses: [NIOCore.SocketAddress] = []
        for address in configuration.listen {
            do {
                addresses.append(try address.resolved())
            } catch {
                throw .unavailable("\(path): listen: \(address): no such address")
            }
        }
        let (limits, all) = (configuration.limits, addresses)
        do {
            return try group.any().makeFutureWithTask {
                try await ProxyServer.listening(
                    at: all, limits: limits, settings: settings, group: group, logger: logger)
            }.wait()
        } catch let failure as ListenFailure {
            throw .unavailable(
                "cannot listen on \(failure.address.words): \(failure.reason); "
                    + "'ss -ltnp' shows who does")
        } catch {
            throw .unavailable("cannot listen: \(error)")
        }
    }

    /// Gives up root's rights, which only listening may need.
    private func becomeUser(_ name: ByteString) throws(StartFailure) {
        guard host.accounts.effectiveUser == 0 else { return }
        guard let account = host.accounts.user(named: name) else {
            throw .badConfiguration(["\(path): user: there is no user \(name)"])
        }
        guard account.id != 0 else {
            throw .badConfiguration(["\(path): user: must not be root"])
        }
        do throws(SystemError) {
            try ServiceProcess.becomeUser(
                name, user: account.id, group: account.primaryGroup)
        } catch {
            throw .notPermitted("cannot become user \(name): \(error.text)")
        }
    }

    private func tellReady(_ configuration: FilterConfiguration, _ logger: Logger) {
        for address in configuration.listen {
            logger.info(
                "ready",
                metadata: [
                    "listen": .string("\(address)"),
                    "next_hop": .string("\(configuration.nextHop)"),
                ])
        }
        notify("READY=1", logger)
    }

    /// Reads the configuration again; a wrong one changes nothing.
    private func reload(
        _ server: ProxyServer, since start: FilterConfiguration, _ process: ProcessResources,
        _ logger: Logger
    ) {
        notify("RELOADING=1\nMONOTONIC_USEC=\(NIODeadline.now().uptimeNanoseconds / 1000)", logger)
        do throws(StartFailure) {
            let configuration = try readConfiguration()
            server.reload(
                configuration.sessionSettings(process), limits: configuration.limits)
            logger.info("configuration read again")
            for key in configuration.keysForRestart(since: start) {
                logger.warning("\(path): \(key): as at the start until a restart")
            }
        } catch {
            for message in error.messages {
                logger.error("configuration kept: \(message)")
            }
        }
        notify("READY=1", logger)
    }

    /// Tells systemd, if it has started us and wants to know.
    private func notify(_ state: String, _ logger: Logger) {
        do throws(SystemError) {
            try ServiceProcess.notify(state, socket: host.environmentValue("NOTIFY_SOCKET"))
        } catch {
            logger.warning("cannot notify the service manager: \(error.text)")
        }
    }

    func say(_ failure: StartFailure) {
        for message in failure.messages {
            host.output.writeError(ByteString("postilion-filter: \(message)\n"))
        }
    }
}

/// Calls a function at each SIGHUP.
struct ReloadService: Service {
    /// Called once, when all signals do what the manual says and none ends the process by default:
    /// the group of services has seen to its own before it runs this one.
    let ready: @Sendable () -> Void
    let reload: @Sendable () -> Void

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        ready()
        for await _ in signals.cancelOnGracefulShutdown() { reload() }
    }
}

extension NIOCore.SocketAddress {
    /// The address as people write it.
    var words: String {
        guard let ipAddress, let port else { return pathname ?? "\(self)" }
        return ipAddress.contains(":") ? "[\(ipAddress)]:\(port)" : "\(ipAddress):\(port)"
    }
}
