// The lines of one session around a line: what was refused before a message got its id.

import Bytes

/// The lines of the process that wrote a line, near it.
struct SessionWindow {
    /// In the order of the log.
    private(set) var lines: [LogRecord] = []

    private let log: TracedLog
    private let file: Int
    private let mark: Needle

    /// A session's lines are not farther apart: some thousand lines, seconds of a busy server.
    private static let reachBytes = 1 << 19

    /// Looks back to the session's beginning or the message before, and on to the next message if
    /// the line is a refusal.
    init(_ record: LogRecord, _ log: TracedLog, end: Int) {
        self.log = log
        file = record.place.file
        guard let processID = record.processID, record.daemon != "postscreen" else {
            mark = Needle(text: "")
            return
        }
        mark = Needle(text: "\(record.name)/\(record.daemon)[\(processID)]: ")
        lines = before(record)
        if case .action = record.event { lines += after(record, end) }
    }

    private func before(_ record: LogRecord) -> [LogRecord] {
        var found: [LogRecord] = []
        var end = record.place.offset
        let limit = max(0, end - Self.reachBytes)
        // Most sessions are short: a small look back, then larger ones.
        var step = 1 << 14
        while end > limit {
            let start = log.lineStart(atOrAfter: max(limit, end - step), end)
            let part = marked(from: start, to: end)
            for line in part.reversed() {
                if line.isClient || line.isDisconnect { return found.reversed() }
                found.append(line)
                if line.isConnect { return found.reversed() }
            }
            end = start
            step *= 4
        }
        return found.reversed()
    }

    private func after(_ record: LogRecord, _ end: Int) -> [LogRecord] {
        var found: [LogRecord] = []
        var start = record.place.offset + 1
        let limit = min(end, start + Self.reachBytes)
        var step = 1 << 14
        while start < limit {
            let from = log.lineStart(atOrAfter: start, limit)
            let to = log.lineStart(atOrAfter: min(limit, from + step), limit)
            for line in marked(from: from, to: to) {
                if line.isConnect { return found }
                found.append(line)
                if line.isClient || line.isDisconnect { return found }
            }
            start = to
            step *= 4
        }
        return found
    }

    private func marked(from start: Int, to end: Int) -> [LogRecord] {
        var found: [LogRecord] = []
        LineSearch([mark]).lines(of: log.bytes, from: start, to: end) { line, offset in
            let place = LogPlace(file: file, offset: offset)
            if let record = LogRecord(line, at: place, calendar: log.calendar) {
                found.append(record)
            }
        }
        return found
    }
}

extension LogRecord {
    var isConnect: Bool { if case .connect = event { true } else { false } }
    var isDisconnect: Bool { event == .disconnect }
    var isClient: Bool { if case .client = event { true } else { false } }
}
