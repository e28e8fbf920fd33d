// What was seen of the host and its instances at one time. Every view and every check reads this
// value and nothing else.

package import Bytes
package import PostfixFormats

/// The host with all its instances at one time.
package struct Snapshot: Sendable {
    /// When it was taken, in seconds since 1970.
    package var takenSeconds: Int
    /// The numeric addresses of the host's interfaces.
    package var hostAddresses: Observed<[ByteString]>
    /// What listens for TCP connections on the host, whoever owns it.
    package var listeningSockets: Observed<Set<ListeningSocket>>
    /// All instances in start order, the primary first, the broken ones at their place.
    package var instances: [InstanceSnapshot]
    /// What only checks ask for.
    package var host = HostFacts()

    package init(
        takenSeconds: Int, hostAddresses: Observed<[ByteString]>,
        listeningSockets: Observed<Set<ListeningSocket>>, instances: [InstanceSnapshot]
    ) {
        self.takenSeconds = takenSeconds
        self.hostAddresses = hostAddresses
        self.listeningSockets = listeningSockets
        self.instances = instances
    }
}

/// One instance as it was seen.
package struct InstanceSnapshot: Sendable {
    package var member: InstanceSet.Member
    /// The parameters; nil if the instance is broken.
    package var parameters: ParameterView?
    /// master.cf, or why it cannot be read.
    package var services: Observed<MasterCF>
    /// The listeners that master.cf and main.cf ask for.
    package var listeners: [Listener]
    /// Whether its master(8) runs.
    package var process: Observed<ProcessState>
    /// The queues, in the order of a message's way.
    package var queues: Observed<[QueueState]>
    /// The last line of its log that tells of trouble; nil if there is none.
    package var lastProblem: Observed<LogProblem?>
    /// What few ask for.
    package var facts = InstanceFacts()

    package init(
        member: InstanceSet.Member, parameters: ParameterView?, services: Observed<MasterCF>,
        listeners: [Listener], process: Observed<ProcessState>,
        queues: Observed<[QueueState]>, lastProblem: Observed<LogProblem?>
    ) {
        self.member = member
        self.parameters = parameters
        self.services = services
        self.listeners = listeners
        self.process = process
        self.queues = queues
        self.lastProblem = lastProblem
    }

    /// The instance, or nil if it is broken.
    package var instance: Instance? {
        if case .instance(let instance) = member { instance } else { nil }
    }
}

/// Whether an instance's master(8) runs.
package enum ProcessState: Hashable, Sendable {
    case stopped
    /// It runs; the start is in seconds since 1970, nil if it cannot be seen.
    case running(processID: Int, sinceSeconds: Int?)
}

/// The messages in one queue.
package struct QueueState: Hashable, Sendable {
    package var name: ByteString
    package var messages: Int
    /// When the oldest message came, in seconds since 1970; nil if the queue is empty or no message
    /// in it tells.
    package var oldestSeconds: Int?
    /// False if the messages were too many to look into each: there may be an older one.
    package var isOldestCertain: Bool

    package init(
        name: ByteString, messages: Int, oldestSeconds: Int?, isOldestCertain: Bool = true
    ) {
        self.name = name
        self.messages = messages
        self.oldestSeconds = oldestSeconds
        self.isOldestCertain = isOldestCertain
    }
}

/// A line of the mail log that tells of trouble.
package struct LogProblem: Hashable, Sendable {
    /// "warning", "error", "fatal" or "panic".
    package var severity: ByteString
    /// The time stamp as the log has it.
    package var time: ByteString
    /// The tag of the line, such as "postfix-out/smtpd".
    package var tag: ByteString
    package var text: ByteString
    /// False if another instance logs by the same name, and may be the one in trouble.
    package var isCertain: Bool

    package init(
        severity: ByteString, time: ByteString, tag: ByteString, text: ByteString,
        isCertain: Bool = true
    ) {
        self.severity = severity
        self.time = time
        self.tag = tag
        self.text = text
        self.isCertain = isCertain
    }
}
