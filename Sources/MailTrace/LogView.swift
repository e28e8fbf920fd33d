// The lines of several logs as one, in the order of time, without those that nobody asked for.

package import Bytes
import PostfixFormats

/// Which lines are wanted.
package struct LineFilter: Hashable, Sendable {
    /// The log names of instances; nil for all.
    package var instances: Set<ByteString>?
    package var leastSeverity = LineSeverity.info
    /// Nothing from before, in microseconds since 1970.
    package var since: Int?

    package init() {}
}

/// How bad it is.
package enum LineSeverity: String, Comparable, CaseIterable, Sendable {
    case info, warning, error, fatal, panic

    /// Orders from harmless to worst.
    package static func < (left: LineSeverity, right: LineSeverity) -> Bool {
        (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
}

/// A line that is shown.
package struct ViewedLine: Hashable, Sendable {
    /// In microseconds since 1970.
    package var time: Int
    package var instance: ByteString
    /// The tag without the instance.
    package var service: ByteString
    package var processID: Int?
    package var severity: LineSeverity
    package var text: ByteString
}

/// Reads logs side by side.
package struct LogView {
    private var logs: [TracedLog]
    private let filter: LineFilter
    private var owners: LineOwners
    /// The next byte of each log.
    private var offsets: [Int]
    private var waiting: [[ViewedLine]]
    private var clock = StampCache()

    /// Lines can be so far out of order.
    private static let jitter = 5_000_000
    /// As much of a log is looked at before lines of others are.
    private static let stepBytes = 1 << 18

    /// Begins where the wanted lines begin.
    package init(_ logs: [TracedLog], _ filter: LineFilter, names: Set<ByteString>) {
        self.logs = logs
        self.filter = filter
        owners = LineOwners(names: names)
        for log in logs { owners.learn(from: log.bytes) }
        offsets = logs.map { log in
            filter.since.map { log.offset(ofTime: $0 - Self.jitter) } ?? 0
        }
        waiting = logs.map { _ in [] }
    }

    /// Goes on with another log from its beginning, in place of one that is read to its end.
    package mutating func replace(_ index: Int, with log: TracedLog) {
        logs[index] = log
        offsets[index] = 0
    }

    /// Leaves out what is there now, but for the end of each log.
    package mutating func skipToEnd(keepingBytes count: Int) {
        for (index, log) in logs.enumerated() {
            let end = LogLines(log.bytes).wholeEnd
            offsets[index] = max(offsets[index], log.lineStart(atOrAfter: max(0, end - count), end))
        }
    }

    /// Hands all lines that have come to `body` in the order of time; false from it ends that.
    ///
    /// - Parameter isFinal: Lines that are not ended are taken, too.
    package mutating func read(isFinal: Bool, _ body: (ViewedLine) -> Bool) {
        let ends = logs.map { isFinal ? $0.bytes.sizeBytes : LogLines($0.bytes).wholeEnd }
        while true {
            for index in logs.indices {
                while waiting[index].isEmpty, offsets[index] < ends[index] {
                    fill(index, to: ends[index])
                }
            }
            // The earliest first line; of the same time that of the first log.
            let next = logs.indices.filter { !waiting[$0].isEmpty }
                .min { (waiting[$0][0].time, $0) < (waiting[$1][0].time, $1) }
            guard let next else { return }
            let limit = logs.indices.filter { $0 != next }.compactMap { waiting[$0].first?.time }
                .min()
            let count = waiting[next].prefix { $0.time <= limit ?? .max }.count
            for line in waiting[next].prefix(max(1, count)) where !body(line) { return }
            waiting[next].removeFirst(max(1, count))
        }
    }

    private mutating func fill(_ index: Int, to end: Int) {
        let log = logs[index]
        let stop = log.lineStart(atOrAfter: min(end, offsets[index] + Self.stepBytes), end)
        var found: [ViewedLine] = []
        LogLines(log.bytes).read(from: offsets[index], to: stop) { bytes, _, head, _ in
            if let line = view(bytes, head, log.calendar) { found.append(line) }
        }
        offsets[index] = stop
        waiting[index] = found
    }

    /// The line, if it is wanted.
    private mutating func view(
        _ bytes: borrowing Span<UInt8>, _ head: LogHead, _ calendar: LogCalendar
    ) -> ViewedLine? {
        let tag = owners.tag(bytes, head)
        let (start, end) = (head.text.lowerBound, head.text.upperBound)
        let id = bytes.queueID(from: start, to: end)
        let instance = owners.names[owners.owner(bytes, tag, id: id)]
        let severity = bytes.severity(from: start, to: end)
        guard severity >= filter.leastSeverity,
            filter.instances.map({ $0.contains(instance) }) ?? true,
            let time = clock.time(bytes, head.time, calendar), time >= filter.since ?? .min
        else { return nil }
        let whole = ByteString(copying: bytes, head.tag)
        let isOwn = whole.hasPrefix("\(instance)/")
        return ViewedLine(
            time: time, instance: instance,
            service: isOwn ? whole.dropFirst(instance.count + 1) : whole,
            processID: head.processID, severity: severity,
            text: ByteString(copying: bytes, head.text))
    }
}

extension Span<UInt8> {
    fileprivate func severity(from start: Int, to end: Int) -> LineSeverity {
        if has("warning: ", at: start, end: end) { return .warning }
        if has("error: ", at: start, end: end) { return .error }
        if has("fatal: ", at: start, end: end) { return .fatal }
        return has("panic: ", at: start, end: end) ? .panic : .info
    }
}

extension TracedLog {
    /// The first line's start at a place or behind it; `end` if there is none before.
    func lineStart(atOrAfter place: Int, _ end: Int) -> Int {
        if place == 0 || place >= end { return min(place, end) }
        var buffer = [UInt8](repeating: 0, count: 4096)
        var start = place - 1
        while start < end {
            let count = bytes.read(into: &buffer, at: start)
            guard count > 0 else { return end }
            if let newline = buffer[..<count].firstIndex(of: 0x0A) {
                return min(end, start + newline + 1)
            }
            start += count
        }
        return end
    }

    /// Where lines of a time begin, if the log is in the order of time.
    func offset(ofTime time: Int) -> Int {
        var (low, high) = (0, bytes.sizeBytes)
        while high - low > 1 << 16 {
            let middle = lineStart(atOrAfter: low + (high - low) / 2, high)
            guard let found = firstTime(from: middle, to: min(high, middle + 1 << 16)) else {
                // Nothing here tells a time: look at all that is left.
                return low
            }
            if found < time { low = middle } else { high = min(middle, high - 1) }
        }
        return lineStart(atOrAfter: low, bytes.sizeBytes)
    }

    private func firstTime(from start: Int, to end: Int) -> Int? {
        var time: Int?
        LogLines(bytes).read(from: start, to: end) { bytes, _, head, _ in
            if time == nil {
                time = calendar.microseconds(of: ByteString(copying: bytes, head.time))
            }
        }
        return time
    }
}
