// What must hold for readers of whole logs: the search for lines, journeys, views and numbers. The
// first line of an input is what is searched for, the others are the log.

import Bytes
import MailTrace
import PostfixFormats

/// Checks all readers of a log.
@Sendable
func checkTrace(_ input: ByteString) throws(BrokenProperty) {
    let end = input.bytes.firstIndex(of: 0x0A) ?? input.count
    let wanted = ByteString(input.bytes[..<end])
    let log = ByteString(input.bytes[min(end + 1, input.count)...])
    try checkSearch(wanted, log)
    try checkJourneys(wanted, log)
    try checkViews(log)
    _ = JSONText(input)
    var damaged: [Int] = []
    let listing = QueueListing(json: input, damagedLines: &damaged)
    try expect(
        listing.entries.count + damaged.count <= input.count, "a message takes a byte at least")
}

/// A search finds each line with the text, and no other.
private func checkSearch(_ wanted: ByteString, _ log: ByteString) throws(BrokenProperty) {
    guard (LineSearch.leastBytes...1000).contains(wanted.count) else { return }
    for ignoresCase in [false, true] {
        let text = ignoresCase ? wanted.lowercased : wanted
        let expected = log.bytes.split(separator: 0x0A).map { ByteString($0) }.filter { line in
            let line = ignoresCase ? line.lowercased : line
            return line.count >= text.count
                && (0...(line.count - text.count)).contains { start in
                    line.bytes[start..<(start + text.count)].elementsEqual(text.bytes)
                }
        }
        var found: [ByteString] = []
        LineSearch([Needle(text: wanted, ignoresCase: ignoresCase), Needle(text: "to=<never@x>")])
            .lines(of: MemoryLog(log.bytes), from: 0, to: log.count) { line, offset in
                found.append(line)
            }
        let others = expected + found.filter { $0.text.contains("to=<never@x>") }
        try expect(Set(found) == Set(others), "the search for \(wanted) finds its lines")
    }
}

/// Journeys hang together, and one file or two makes no difference.
private func checkJourneys(_ wanted: ByteString, _ log: ByteString) throws(BrokenProperty) {
    var query = TraceQuery()
    query.text = wanted.count < LineSearch.leastBytes ? "example" : wanted
    let whole = journeys(query, [log])
    for journey in whole {
        try expect(!journey.hops.isEmpty, "a journey has a hop")
        for (index, hop) in journey.hops.enumerated() {
            try expect((hop.previous ?? -1) < index, "a hop comes after the one before")
            try expect((hop.previous == nil) == hop.evidence.isEmpty, "a link has evidence")
        }
        let recipients = journey.finals.map(\.recipient)
        try expect(Set(recipients).count == recipients.count, "a recipient has one fate")
        try expect(journey.whereabouts?.queue.isEmpty != true, "a queue has a name")
    }
    // A session is looked for in one file: what was refused at a file's end stands alone.
    if log.text.contains("NOQUEUE") { return }
    let middle = log.bytes[(log.count / 2)...].firstIndex(of: 0x0A).map { $0 + 1 } ?? log.count
    let parts = [ByteString(log.bytes[..<middle]), ByteString(log.bytes[middle...])]
    let halves = journeys(query, parts)
    try expect(
        halves.map { $0.hops.map(\.queueID) } == whole.map { $0.hops.map(\.queueID) },
        "a log in two files tells the same")
    try expect(halves.map(\.finals) == whole.map(\.finals), "and of the same fates")
}

private func journeys(_ query: TraceQuery, _ logs: [ByteString]) -> [Journey] {
    let calendar = LogCalendar(latestSeconds: 1_795_305_600)
    var tracer = Tracer(query, in: logs.map { TracedLog(MemoryLog($0.bytes), calendar) })
    tracer.search()
    return tracer.journeys(nil)
}

/// Views and numbers have each line once.
private func checkViews(_ log: ByteString) throws(BrokenProperty) {
    let memory = MemoryLog(log.bytes)
    var summary = LogSummary()
    let calendar = LogCalendar(latestSeconds: 1_795_305_600)
    summary.add(TracedLog(memory, calendar))
    let counted = summary.instances.map(\.counts.lines).reduce(0, +)
    try expect(counted == summary.lines, "each line is of one instance")
    var view = LogView([TracedLog(memory, calendar)], LineFilter(), names: [])
    var shown = 0
    view.read(isFinal: true) { _ in
        shown += 1
        return true
    }
    try expect(shown <= summary.lines, "no line is shown twice")
}
