// Follows messages through logs: seeks what is asked for, then the ids that its lines name, and so
// on until nothing new is named. A few searches cost less than reading every line.

package import Bytes
import PostfixFormats

/// A log with what is needed to understand its time stamps.
package struct TracedLog {
    package var bytes: any LogBytes
    package var calendar: LogCalendar

    package init(_ bytes: any LogBytes, _ calendar: LogCalendar) {
        self.bytes = bytes
        self.calendar = calendar
    }
}

/// Seeks the journeys of messages in logs.
package struct Tracer {
    private let query: TraceQuery
    private let logs: [TracedLog]
    private let instanceNames: Set<ByteString>
    /// So much of each log was searched.
    private var ends: [Int]
    private var findings: Findings
    private var sought: [Needle] = []
    /// Sessions that were looked at.
    private var seenSessions: Set<LogPlace> = []

    /// Begins with nothing found.
    ///
    /// - Parameters:
    ///   - logs: In the order of time, if one continues another.
    ///   - instanceNames: The log names of instances, as far as they are known beforehand.
    package init(_ query: TraceQuery, in logs: [TracedLog], instanceNames: Set<ByteString> = []) {
        self.query = query
        self.logs = logs
        self.instanceNames = instanceNames
        findings = Findings(query)
        ends = logs.map { _ in 0 }
    }

    /// True if there was more than one answer should cost, and the rest is missing.
    package var isCutShort: Bool { findings.isFull }

    /// Searches the logs, or what has come to them since.
    package mutating func search() {
        let starts = ends
        for index in logs.indices { ends[index] = max(ends[index], logs[index].bytes.sizeBytes) }
        // What is sought already can be in the new part only.
        if starts.contains(where: { $0 > 0 }) { seek(sought, from: starts) }
        while true {
            let wanted = findings.newNeedles()
            if wanted.isEmpty {
                if !lookAtSessions() { return }
                continue
            }
            sought += wanted
            seek(wanted, from: ends.map { _ in 0 })
        }
    }

    /// The journeys that are answers.
    ///
    /// - Parameter listing: What the queues hold; nil if the log has to tell.
    package func journeys(_ listing: QueueListing?) -> [Journey] {
        let builder = JourneyBuilder(
            findings.records, instanceNames: instanceNames, listing: listing)
        return query.answers(among: builder.journeys)
    }

    private mutating func seek(_ needles: [Needle], from starts: [Int]) {
        let search = LineSearch(needles)
        for (index, log) in logs.enumerated() where starts[index] < ends[index] {
            search.lines(of: log.bytes, from: starts[index], to: ends[index]) { line, offset in
                let place = LogPlace(file: index, offset: offset)
                if let record = LogRecord(line, at: place, calendar: log.calendar) {
                    findings.consider(record)
                }
            }
        }
        findings.endRound()
    }

    /// Looks around births and refusals for lines of the same session; true if that found anything.
    private mutating func lookAtSessions() -> Bool {
        var isNew = false
        for record in findings.sessionStarts where seenSessions.insert(record.place).inserted {
            let log = logs[record.place.file]
            let window = SessionWindow(record, log, end: ends[record.place.file])
            for line in window.lines { isNew = findings.takeSession(line) || isNew }
        }
        return isNew
    }
}
