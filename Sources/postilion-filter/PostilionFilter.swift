// The content filter as a program: options, start, signals. What it does is in FilterProxy.

import ArgumentParser
import Bytes
import FilterProxy
import HostAccess
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import UnixSignals

@main
struct PostilionFilter: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "postilion-filter",
        abstract: "Filters mail between two Postfix instances.")

    @Option(help: ArgumentHelp("Read the configuration from this file.", valueName: "file"))
    var config: String

    @Flag(help: "Look for mistakes in the configuration, and end.")
    var check = false

    func run() async throws {
        let host = Host.live()
        let configuration = try readConfiguration(host)
        guard !check else { return }
        let logger = Logger(label: configuration.name) { _ in LineLogHandler() }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.threads)
        let diskThreads = NIOThreadPool(numberOfThreads: 4)
        diskThreads.start()
        let settings = configuration.sessionSettings(
            threads: diskThreads, log: MessageLog(logger))
        let addresses = try configuration.listen.map { try $0.resolved() }
        let server = try await ProxyServer.listening(
            at: addresses, limits: configuration.limits, settings: settings, group: group,
            logger: logger)
        let services = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await services.run()
    }

    private func readConfiguration(_ host: Host) throws -> FilterConfiguration {
        let file = try host.files.read(ByteString(config), limitBytes: 1 << 20)
        return try ConfigurationReader.read(ByteString(file.bytes).text)
    }
}
