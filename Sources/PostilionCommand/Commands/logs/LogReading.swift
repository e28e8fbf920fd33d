// Shows lines of logs, those that are there and those that come.

import Bytes
import HostAccess
import MailTrace
import PostfixFormats

/// Shows the lines that are wanted.
struct LogReading {
    private let context: CommandContext
    private(set) var logs: OpenedLogs
    private let filter: LineFilter
    private let isJSON: Bool
    private var text: LogLineText

    /// Often enough for a person who watches.
    private static let intervalMilliseconds = 250
    /// Who follows a log sees as much of its end first: some ten lines.
    private static let tailBytes = 2000
    /// As much is written at a time.
    private static let writtenBytes = 1 << 16

    init(_ context: CommandContext, _ logs: OpenedLogs, _ filter: LineFilter, isJSON: Bool) {
        self.context = context
        self.logs = logs
        self.filter = filter
        self.isJSON = isJSON
        text = LogLineText(context)
    }

    /// Shows all lines; if it follows, until nobody reads any more.
    mutating func run(following: Bool) throws(CommandFailure) {
        var view = LogView(logs.traced, filter, names: logs.names)
        if following, filter.since == nil { view.skipToEnd(keepingBytes: Self.tailBytes) }
        try show(&view, isFinal: !following)
        if !following { return logs.tellFailures() }
        while true {
            context.host.clock.pause(milliseconds: Self.intervalMilliseconds)
            // What is left of the old file comes before the new one.
            try show(&view, isFinal: false)
            for index in logs.reopenMoved() { view.replace(index, with: logs.traced[index]) }
            try show(&view, isFinal: false)
        }
    }

    private mutating func show(_ view: inout LogView, isFinal: Bool) throws(CommandFailure) {
        var shown: ByteString = ""
        var failure: CommandFailure?
        view.read(isFinal: isFinal) { line in
            if isJSON { shown += line.json.line } else { text.write(line, to: &shown) }
            if shown.count < Self.writtenBytes { return true }
            failure = write(&shown)
            return failure == nil
        }
        if let failure = failure ?? write(&shown) { throw failure }
    }

    private func write(_ shown: inout ByteString) -> CommandFailure? {
        defer { shown = "" }
        if shown.isEmpty { return nil }
        do throws(CommandFailure) {
            try context.console.put(shown)
        } catch {
            return error
        }
        return nil
    }
}

/// Lines of a log for people.
struct LogLineText {
    private let console: Console
    private let zoneOffset: (Int) -> Int
    /// The second of the last line: many have the same one.
    private var lastSecond = Int.min
    private var lastStamp: ByteString = ""

    init(_ context: CommandContext) {
        console = context.console
        let clock = context.host.clock
        zoneOffset = { clock.zoneOffset(atSeconds: $0) }
    }

    /// Appends the line with its end: time, instance, service, text.
    mutating func write(_ line: ViewedLine, to shown: inout ByteString) {
        shown += stamp(line.time)
        shown += " "
        shown += console.styled(line.instance.printable, .instance(line.instance))
        shown += " "
        shown += line.service.printable
        if let processID = line.processID { shown += "[\(processID)]" }
        shown += ": "
        let text = line.text.printable
        shown += line.severity.style.map { console.styled(text, $0) } ?? text
        shown += "\n"
    }

    private mutating func stamp(_ time: Int) -> ByteString {
        let seconds = time / 1_000_000
        if seconds != lastSecond {
            let date = CivilTime(seconds: seconds + zoneOffset(seconds))
            lastSecond = seconds
            lastStamp = console.styled("\(date.dayText) \(date.clockText)", .faint)
        }
        return lastStamp
    }
}

extension CivilTime {
    /// The date as 2026-11-21.
    var dayText: ByteString { "\(year)-\(Self.two(month))-\(Self.two(day))" }

    /// The time of day as 06:29:34.
    var clockText: ByteString { "\(Self.two(hour)):\(Self.two(minute)):\(Self.two(second))" }

    private static func two(_ number: Int) -> ByteString {
        number < 10 ? "0\(number)" : "\(number)"
    }
}

extension LineSeverity {
    fileprivate var style: Style? {
        switch self {
        case .info: nil
        case .warning: .warning
        case .error, .fatal, .panic: .bad
        }
    }
}

extension ViewedLine {
    fileprivate var json: JSONValue {
        .object([
            .init("at", .seconds(time)), .init("instance", .text(instance)),
            .init("service", .text(service)), .init("pid", JSONValue(processID)),
            .init("severity", .text(ByteString(severity.rawValue))), .init("text", .text(text)),
        ])
    }
}
