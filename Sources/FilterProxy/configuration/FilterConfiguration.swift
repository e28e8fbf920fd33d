// What an operator can set, as a value. How it is written is ConfigurationReader's.

package import Bytes
package import NIOCore
package import NIOPosix
package import SMTPProtocol

/// A whole configuration of the content filter.
package struct FilterConfiguration: Equatable, Sendable {
    /// Where connections are taken.
    package var listen: [ServerAddress]
    /// Where messages go.
    package var nextHop: ServerAddress
    /// What the log calls this filter.
    package var name = "postilion-filter"
    /// The user to run as, if started by root.
    package var user: ByteString = "nobody"
    /// How many event loops share the work.
    package var threads = System.coreCount
    package var limits = ServerLimits()
    package var timeouts = Timeouts()
    package var reuse = ReuseLimits()
    package var policy = ProxyPolicy()
    package var hooks: [HookConfiguration] = []
    /// Where large messages wait to be inspected.
    package var spoolDirectory: ByteString = "/var/tmp"
    /// So many bytes of a waiting message stay in memory.
    package var spoolMemoryBytes = 262_144
    package var log = LogSettings()

    package init(listen: [ServerAddress], nextHop: ServerAddress) {
        self.listen = listen
        self.nextHop = nextHop
    }

    /// The settings of sessions under this configuration.
    package func sessionSettings(_ process: ProcessResources) -> SessionSettings {
        let chain = HookChain(
            hooks.map { $0.entry(process.eventLoops) }, hostName: process.hostName)
        var policy = policy
        policy.passage = chain.needsWholeMessages ? .inspect : .stream
        policy.keepsRecipients = chain.needsWholeMessages
        policy.hasPrologue = chain.hasPrologue
        policy.reusesConnections = reuse.cache.number > 0
        policy.removedFields = removedFields.map { Array($0.utf8) }
        return SessionSettings(
            nextHop: nextHop, policy: policy, timeouts: timeouts, reuse: reuse, hooks: chain,
            spool: SpoolSettings(
                directory: spoolDirectory, memoryLimit: spoolMemoryBytes,
                threads: process.diskThreads),
            log: process.log)
    }

    /// The keys that only a start takes to heart, and that differ from those of the start.
    package func keysForRestart(since start: FilterConfiguration) -> [String] {
        let differs: [(String, Bool)] = [
            ("listen", listen != start.listen), ("name", name != start.name),
            ("user", user != start.user), ("threads", threads != start.threads),
            ("limits.backlog", limits.backlog != start.limits.backlog),
            ("log.format", log.format != start.log.format),
            ("log.level", log.level != start.log.level),
        ]
        return differs.filter(\.1).map(\.0)
    }

    /// The header fields to take out of what comes in: those that the operator names, and those by
    /// which the hooks tell the next hop what they have found, which nobody else may say.
    package var removedFields: [String] {
        var names: [String] = []
        for name in hooks.flatMap(\.removedFields) {
            let isKnown = names.contains { $0.lowercased() == name.lowercased() }
            if !isKnown { names.append(name) }
        }
        return names
    }
}

/// What stays the same for as long as the process runs, whatever its configuration becomes.
package struct ProcessResources: Sendable {
    /// The event loops of all connections.
    package let eventLoops: any EventLoopGroup
    /// The threads that wait for the disk.
    package let diskThreads: NIOThreadPool
    /// The name of this host, for trace fields.
    package let hostName: String
    package let log: MessageLog

    package init(
        eventLoops: any EventLoopGroup, diskThreads: NIOThreadPool, hostName: String,
        log: MessageLog
    ) {
        self.eventLoops = eventLoops
        self.diskThreads = diskThreads
        self.hostName = hostName
        self.log = log
    }
}

/// How the log is written.
package struct LogSettings: Equatable, Sendable {
    package var format = Format.text
    package var level = Level.info

    package init() {}

    /// The form of a log line.
    package enum Format: String, CaseIterable, Sendable {
        case text, json
    }

    /// The least important lines that are still written.
    package enum Level: String, CaseIterable, Sendable {
        case debug, info, notice, warning, error
    }
}
