// The way of a message through the logs of the running system, as they grow.

import Bytes
import HostAccess
import LogOperations
import MailTrace

/// Follows one message.
struct LiveFollowing {
    private let context: CommandContext
    private var logs: OpenedLogs
    private var tracer: Tracer?
    private var begunSeconds = 0

    /// Opens the logs that are written to now.
    init(_ context: CommandContext) throws(CommandFailure) {
        self.context = context
        logs = try OpenedLogs(context, named: [], reach: .current)
    }

    /// The journeys of a Message-ID by what is logged now.
    mutating func journeys(of messageID: ByteString) -> [Journey] {
        let hasJournal = logs.sources.contains { !$0.path.hasPrefix("/") }
        if hasJournal {
            // The journal tells what there was when it was asked, which takes it a while.
            context.host.clock.pause(milliseconds: Self.journalMilliseconds)
            // A journal that does not answer once may do so the next time.
            if let opened = try? OpenedLogs(context, named: [], reach: .current) { logs = opened }
        }
        // The files of a log that was put aside meanwhile are others now; and the end of a line
        // that was being written when it was read is seen by whoever begins anew.
        let now = context.host.clock.nowSeconds
        if hasJournal || !logs.reopenMoved().isEmpty || now != begunSeconds {
            tracer = nil
            begunSeconds = now
        }
        var current =
            tracer
            ?? Tracer(
                Self.query(messageID), in: logs.traced, instanceNames: logs.names)
        current.search()
        tracer = current
        return current.journeys(nil)
    }

    private static let journalMilliseconds = 1000

    private static func query(_ messageID: ByteString) -> TraceQuery {
        var query = TraceQuery()
        query.messageID = messageID
        return query
    }

    /// The same with the queues that hold it now.
    mutating func located(_ messageID: ByteString) -> [Journey] {
        let journeys = journeys(of: messageID)
        let lookup = QueueLookup(context.host.files, instances: logs.instances)
        // Queues that cannot be looked at leave what the log tells.
        guard let listing = try? lookup.listing(for: journeys), let tracer else { return journeys }
        return tracer.journeys(listing)
    }

    /// What was logged about a message as a warning or worse, each text once.
    static func warnings(in journeys: [Journey]) -> [ByteString] {
        var warnings: [ByteString] = []
        for hop in journeys.flatMap(\.hops) {
            for record in hop.records where record.severity != nil {
                let text: ByteString = "\(hop.instance): \(record.text)"
                if !warnings.contains(text) { warnings.append(text) }
            }
        }
        return warnings
    }
}
