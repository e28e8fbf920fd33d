// What all sessions that begin under one configuration share.

import NIOCore
package import SMTPProtocol

/// The settings of sessions; a reload makes new ones for the sessions that begin then.
package struct SessionSettings: Sendable {
    /// Where messages go.
    package var nextHop: ServerAddress
    /// Limits and ways of the protocol.
    package var policy: ProxyPolicy
    /// How long the other sides may take.
    package var timeouts: Timeouts
    /// How long connections to the next hop are kept.
    package var reuse: ReuseLimits
    /// What messages are put through.
    package var hooks: HookChain
    /// Where messages wait to be inspected.
    package var spool: SpoolSettings
    /// Where it is told what has become of them.
    package var log: MessageLog

    package init(
        nextHop: ServerAddress, policy: ProxyPolicy, timeouts: Timeouts, reuse: ReuseLimits,
        hooks: HookChain, spool: SpoolSettings, log: MessageLog
    ) {
        self.nextHop = nextHop
        self.policy = policy
        self.timeouts = timeouts
        self.reuse = reuse
        self.hooks = hooks
        self.spool = spool
        self.log = log
    }
}

/// How long the other sides may take; RFC 5321, section 4.5.3.2, by default.
package struct Timeouts: Equatable, Sendable {
    /// To the connection to the next hop.
    package var connect = Seconds(30)
    /// To the next hop's greeting.
    package var greeting = Seconds(300)
    /// To the client's next command, and to the reply to one.
    package var command = Seconds(300)
    /// To the reply to DATA.
    package var data = Seconds(120)
    /// To the next piece of content.
    package var content = Seconds(180)
    /// To the reply to the end of a message.
    package var endOfContent = Seconds(600)

    package init() {}

    /// How long the session may wait for this.
    func limit(of wait: ProxySession.Wait) -> TimeAmount {
        switch wait {
        case .greeting: greeting.amount
        case .command, .reply: command.amount
        case .data: data.amount
        case .content: content.amount
        case .endOfContent: endOfContent.amount
        case .inspection: .hours(24)
        }
    }
}

/// A length of time in whole seconds.
package struct Seconds: Equatable, Sendable {
    /// The number of seconds.
    package let number: Int

    package init(_ number: Int) { self.number = number }

    var amount: TimeAmount { .seconds(Int64(number)) }
}
