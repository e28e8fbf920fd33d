// What an operator can set, as a value. How it is written is ConfigurationReader's.

package import Bytes
package import NIOPosix
package import SMTPProtocol

/// A whole configuration of the content filter.
package struct FilterConfiguration: Sendable {
    /// Where connections are taken.
    package var listen: [NextHopAddress]
    /// Where messages go.
    package var nextHop: NextHopAddress
    /// What the log calls this filter.
    package var name = "postilion-filter"
    /// The user to run as, if started by root.
    package var user: ByteString = "nobody"
    /// How many event loops share the work.
    package var threads = 2
    package var limits = ServerLimits()
    package var timeouts = Timeouts()
    package var policy = ProxyPolicy()
    package var hooks: [HookChain.Entry] = []
    /// Where large messages wait to be inspected.
    package var spoolDirectory: ByteString = "/var/tmp"
    /// So many bytes of a waiting message stay in memory.
    package var spoolMemoryBytes = 262_144

    package init(listen: [NextHopAddress], nextHop: NextHopAddress) {
        self.listen = listen
        self.nextHop = nextHop
    }

    /// The settings of sessions under this configuration.
    package func sessionSettings(
        threads: NIOThreadPool, log: MessageLog
    ) -> SessionSettings {
        let chain = HookChain(hooks)
        var policy = policy
        policy.passage = chain.needsWholeMessages ? .inspect : .stream
        policy.keepsRecipients = chain.needsWholeMessages
        policy.hasPrologue = chain.hasPrologue
        return SessionSettings(
            nextHop: nextHop, policy: policy, timeouts: timeouts, hooks: chain,
            spool: SpoolSettings(
                directory: spoolDirectory, memoryLimit: spoolMemoryBytes, threads: threads),
            log: log)
    }
}
