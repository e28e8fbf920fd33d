// What trace needs of the host: the logs, and what the queues hold.

import Bytes
import HostAccess
import InstanceOperations
import Instances
import LogOperations
import MailTrace

/// Seeks messages in logs and queues.
struct Tracing {
    private let context: CommandContext
    private(set) var logs: OpenedLogs
    private let query: TraceQuery
    private let paths: [String]
    private let listing: QueueListing?
    private let lookup: QueueLookup?
    private var tracer: Tracer

    /// A listing of a million messages is smaller.
    private static let limitListingBytes = 1 << 30

    /// Opens the logs that are named, or else those of all instances.
    init(
        _ context: CommandContext, _ query: TraceQuery, logs paths: [String],
        listing path: ByteString?
    ) throws(CommandFailure) {
        self.context = context
        self.query = query
        self.paths = paths
        listing = try path.map { path throws(CommandFailure) in
            try Self.read(path, context.host.files)
        }
        logs = try OpenedLogs(context, named: paths, reach: .all)
        let isLive = listing == nil && !logs.instances.isEmpty
        lookup = isLive ? QueueLookup(context.host.files, instances: logs.instances) : nil
        tracer = Tracer(query, in: logs.traced, instanceNames: logs.names)
    }

    private static func read(
        _ path: ByteString, _ files: any FileReading
    ) throws(CommandFailure) -> QueueListing {
        let contents: FileContents
        do throws(FileError) {
            contents = try files.read(path, limitBytes: limitListingBytes)
        } catch {
            throw CommandFailure(.failed, error.sentence)
        }
        var damaged: [Int] = []
        let listing = QueueListing(json: ByteString(contents.bytes), damagedLines: &damaged)
        if let line = damaged.first {
            throw CommandFailure(
                .failed, "\(path): line \(line) is no message of a queue listing")
        }
        return listing
    }

    /// Begins anew with all files if a log was put aside and another one begun.
    mutating func followMovedLogs() throws(CommandFailure) {
        if logs.reopenMoved().isEmpty { return }
        logs = try OpenedLogs(context, named: paths, reach: .all)
        tracer = Tracer(query, in: logs.traced, instanceNames: logs.names)
    }

    /// The messages that are asked for, by all that the logs have now.
    mutating func journeys() -> [Journey] {
        tracer.search()
        logs.tellFailures()
        if tracer.isCutShort {
            logs.fail("too much fits: only a part of it is shown; ask for less")
        }
        guard let lookup else { return tracer.journeys(listing) }
        do throws(FileError) {
            return tracer.journeys(try lookup.listing(for: tracer.journeys(nil)))
        } catch {
            logs.fail(error.sentence)
            return tracer.journeys(nil)
        }
    }
}
