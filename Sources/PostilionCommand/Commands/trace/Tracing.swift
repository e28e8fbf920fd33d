// What trace needs of the host: the logs, and what the queues hold.

import Bytes
import HostAccess
import InstanceOperations
import Instances
import LogOperations
import MailTrace

/// Logs and queues to seek messages in.
struct Tracing {
    private let context: CommandContext
    private var sources: [LogSource] = []
    private var names: Set<ByteString> = []
    private var listing: QueueListing?
    private var lookup: QueueLookup?
    /// Something could not be read, and was told.
    private(set) var hasFailures = false

    /// A listing of a million messages is smaller.
    private static let limitListingBytes = 1 << 30

    /// Opens the logs that are named, or else those of all instances.
    init(
        _ context: CommandContext, logs: [String], listing path: String?
    ) throws(CommandFailure) {
        self.context = context
        if let path { listing = try read(ByteString(path)) }
        if logs.isEmpty {
            try openOwnLogs()
        } else {
            for path in logs {
                open { opener throws(LogFailure) in try opener.open(ByteString(path)) }
            }
        }
        if sources.isEmpty { throw CommandFailure(.failed, "there is no log that can be read") }
    }

    private mutating func open(_ body: (LogOpener) throws(LogFailure) -> LogSource) {
        do throws(LogFailure) {
            sources.append(try body(LogOpener(context.host)))
        } catch {
            fail(error.sentence)
        }
    }

    private mutating func fail(_ sentence: ByteString) {
        hasFailures = true
        context.console.say("postilion: \(sentence.printable)\n")
    }

    private mutating func openOwnLogs() throws(CommandFailure) {
        let scene = try context.observeInstances()
        let views = scene.instances.usable.compactMap { scene.parameters[$0.configDirectory] }
        let places = LogFinder(context.host.files).places(of: views)
        for problem in places.problems { fail(problem) }
        for path in places.paths {
            open { opener throws(LogFailure) in try opener.open(path) }
        }
        if places.needsJournal {
            open { opener throws(LogFailure) in try opener.openJournal() }
        }
        names = places.names
        if listing == nil {
            let named = scene.instances.usable.compactMap { instance in
                scene.parameters[instance.configDirectory].flatMap { view in
                    // Without a name nothing in the log can be said to be of that instance.
                    (try? view.value(of: "syslog_name")).map { (name: $0, instance: instance) }
                }
            }
            lookup = QueueLookup(context.host.files, instances: named)
        }
    }

    private mutating func read(_ path: ByteString) throws(CommandFailure) -> QueueListing {
        let contents: FileContents
        do throws(FileError) {
            contents = try context.host.files.read(path, limitBytes: Self.limitListingBytes)
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

    /// The messages that are asked for.
    mutating func journeys(_ query: TraceQuery) throws(CommandFailure) -> [Journey] {
        let clock = context.host.clock
        let calendar = LogCalendar(latestSeconds: clock.nowSeconds) {
            clock.zoneOffset(atSeconds: $0)
        }
        var tracer = Tracer(
            query, in: sources.map { TracedLog($0, calendar) }, instanceNames: names)
        tracer.search()
        for failure in sources.compactMap(\.failure) { fail(failure.sentence) }
        if tracer.isCutShort {
            fail("too much fits: only a part of it is shown; ask for less")
        }
        guard let lookup else { return tracer.journeys(listing) }
        do throws(FileError) {
            return tracer.journeys(try lookup.listing(for: tracer.journeys(nil)))
        } catch {
            fail(error.sentence)
            return tracer.journeys(nil)
        }
    }
}
