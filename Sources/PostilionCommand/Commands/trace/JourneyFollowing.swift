// trace --follow: shows what happens to messages that were found, until all is done.

import Bytes
import HostAccess
import MailTrace

/// Shows news of journeys.
struct JourneyFollowing {
    private let context: CommandContext
    private var tracing: Tracing
    private var shown: Set<ShownLine> = []
    private let isDoneAlready: Bool

    /// A line that was shown; the file that it is in may get another name.
    private struct ShownLine: Hashable {
        let time: Int
        let service: ByteString
        let text: ByteString

        init(_ record: LogRecord) {
            (time, service, text) = (record.time, record.daemon, record.text)
        }
    }

    /// Often enough for a person who waits.
    private static let intervalMilliseconds = 500

    /// Goes on after some journeys were shown.
    init(_ context: CommandContext, _ tracing: Tracing, shown journeys: [Journey]) {
        self.context = context
        self.tracing = tracing
        isDoneAlready = !journeys.isEmpty && journeys.allSatisfy(\.isOver)
        for journey in journeys { note(journey) }
    }

    private mutating func note(_ journey: Journey) {
        for hop in journey.hops { for record in hop.records { shown.insert(ShownLine(record)) } }
    }

    /// Shows events as they come; ends when all messages are done, or nobody reads any more.
    func run() throws(CommandFailure) {
        var following = self
        var isOver = isDoneAlready
        while !isOver {
            context.host.clock.pause(milliseconds: Self.intervalMilliseconds)
            try following.tracing.followMovedLogs()
            let journeys = following.tracing.journeys()
            for journey in journeys { try following.show(journey) }
            isOver = !journeys.isEmpty && journeys.allSatisfy(\.isOver)
        }
    }

    /// Shows what was not shown yet.
    private mutating func show(_ journey: Journey) throws(CommandFailure) {
        let view = JourneyText(context)
        var isNew = false
        for hop in journey.hops {
            let records = hop.records.filter { !shown.contains(ShownLine($0)) }
            if records.isEmpty { continue }
            isNew = true
            var rest = hop
            rest.records = records
            let lines =
                [view.title(hop, isFirst: hop.previous == nil)]
                + JourneyText.merged(rest.events).flatMap(view.lines)
            try context.console.put(lines.reduce("") { "\($0)\($1)\n" })
        }
        note(journey)
        if isNew { try context.console.put(view.ending(journey) + "\n") }
    }
}

extension Journey {
    /// True if nothing more is to come.
    fileprivate var isOver: Bool {
        whereabouts == nil && !finals.isEmpty && !finals.contains { $0.status.isOpen }
    }
}
