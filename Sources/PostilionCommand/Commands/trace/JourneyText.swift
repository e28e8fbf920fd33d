// A journey for people: what became of it, then hop by hop what happened when. What strangers
// wrote into the log never reaches a terminal as it is.

import Bytes
import HostAccess
import MailTrace
import PostfixFormats

/// Writes journeys.
struct JourneyText {
    private let console: Console
    /// How many seconds local time is ahead of UTC at a time.
    private let zoneOffset: (Int) -> Int

    /// So many recipients with one fate are named; the JSON form has all.
    private static let limitNamed = 4

    init(_ context: CommandContext) {
        console = context.console
        let clock = context.host.clock
        zoneOffset = { clock.zoneOffset(atSeconds: $0) }
    }

    /// The lines of one journey.
    func lines(_ journey: Journey) -> [ByteString] {
        var lines = head(journey)
        for (index, hop) in journey.hops.enumerated() {
            lines.append("")
            lines.append(title(hop, isFirst: index == 0))
            for event in Self.merged(hop.events) { lines += self.lines(event) }
        }
        lines.append("")
        lines.append(ending(journey))
        return lines
    }

    private func head(_ journey: Journey) -> [ByteString] {
        var lines: [ByteString] = []
        if !journey.messageID.isEmpty { lines.append(field("message", journey.messageID)) }
        lines.append(field("from", journey.sender.isEmpty ? "<>" : journey.sender))
        var seen: [FinalStatus] = []
        for final in journey.finals where !seen.contains(final.status) { seen.append(final.status) }
        for status in seen {
            let names = journey.finals.filter { $0.status == status }.map(\.recipient)
            let word = console.styled(ByteString(status.rawValue), status.style)
            lines.append("\(label("to"))\(Self.some(names).printable)  \(word)")
        }
        if let start = journey.hops.map(\.receivedTime).min() {
            lines.append(field("began", day(start)))
        }
        for notice in journey.notices {
            let text: ByteString =
                "\(notice.kind.words), as \(notice.queueID) in \(notice.instance)"
            lines.append(field("notice", text))
        }
        return lines
    }

    private func label(_ name: ByteString) -> ByteString {
        console.styled(name, .faint) + Self.blanks(9 - name.count)
    }

    private func field(_ name: ByteString, _ text: ByteString) -> ByteString {
        label(name) + text.printable
    }

    /// The line above the events of a hop.
    func title(_ hop: Hop, isFirst: Bool) -> ByteString {
        let subject: ByteString = "\(hop.instance)  \(hop.queueID)"
        let name = console.styled(subject.printable, .strong)
        let status = console.styled(ByteString(hop.status.rawValue), hop.status.style)
        let note = hop.note.map { " (\($0))" as ByteString } ?? ""
        let words = hop.evidence.map(\.words).reduce("") { $0.isEmpty ? $1 : "\($0), \($1)" }
        let link = isFirst ? "" : console.styled("  known by \(words)", .faint)
        return "\(name)  \(status)\(note.printable)\(link)"
    }

    /// The lines of one event.
    func lines(_ event: JourneyEvent) -> [ByteString] {
        let time = console.styled(local(event.time).clockText, .faint)
        let word = console.styled(event.word.printable, event.style)
        let gap = Self.blanks(9 - event.word.count)
        let first: ByteString = "  \(time)  \(word)\(gap) \(event.text.printable)"
        return [first] + event.details.map { Self.blanks(22) + $0.printable }
    }

    private static func blanks(_ count: Int) -> ByteString {
        ByteString([UInt8](repeating: 0x20, count: max(0, count)))
    }

    /// One event in place of several of the same kind in a row.
    static func merged(_ events: [JourneyEvent]) -> [JourneyEvent] {
        var merged: [JourneyEvent] = []
        for event in events {
            if let last = merged.last, let both = last.joined(with: event) {
                merged[merged.count - 1] = both
            } else {
                merged.append(event)
            }
        }
        return merged
    }

    /// The first names, and how many more there are.
    static func some(_ names: [ByteString]) -> ByteString {
        let named = names.prefix(limitNamed).reduce("") { $0.isEmpty ? $1 : "\($0), \($1)" }
        let more = names.count - limitNamed
        return more > 0 ? "\(named) and \(more) more" : named
    }

    /// The line that tells where the message is.
    func ending(_ journey: Journey) -> ByteString { field("now", now(journey)) }

    private func now(_ journey: Journey) -> ByteString {
        if let place = journey.whereabouts {
            return "in the \(place.queue) queue of \(place.instance), as \(place.queueID)"
        }
        if journey.finals.contains(where: \.status.isOpen) || journey.finals.isEmpty {
            return "not known: the log does not tell, and no queue has it"
        }
        if journey.hops.allSatisfy({ $0.status == .rejected }) { return "it was never taken" }
        let start = journey.hops.map(\.receivedTime).min() ?? 0
        let last = journey.hops.flatMap(\.records).map(\.time).max() ?? start
        return "in no queue; all was done after \(Self.span(last - start))"
    }

    /// A time span in microseconds, for people.
    static func span(_ microseconds: Int) -> ByteString {
        let tenths = max(0, microseconds) / 100_000
        return tenths < 600 ? "\(tenths / 10).\(tenths % 10)s" : durationText(seconds: tenths / 10)
    }

    private func local(_ time: Int) -> CivilTime {
        let seconds = time / 1_000_000
        return CivilTime(seconds: seconds + zoneOffset(seconds))
    }

    private func day(_ time: Int) -> ByteString {
        "\(local(time).dayText) \(local(time).clockText)"
    }
}

extension FinalStatus {
    var style: Style {
        switch self {
        case .sent: .good
        case .bounced, .expired, .rejected, .deleted, .discarded: .bad
        case .deferred, .hold, .mixed, .unknown: .warning
        case .queued, .requeued: .faint
        }
    }
}

extension NoticeKind {
    fileprivate var words: ByteString {
        switch self {
        case .failed: "the sender was told that it failed"
        case .delayed: "the sender was told that it is late"
        case .success: "the sender was told that it arrived"
        }
    }
}

extension Evidence {
    fileprivate var words: ByteString {
        switch self {
        case .messageID: "Message-ID, addresses and time"
        case .sameOrigin: "the first hop's id"
        case .filterLog: "the filter's log"
        case .originalQueueID: "orig_queue_id"
        case .queuedAs: "queued as"
        case .forwarded: "forwarded as"
        case .requeued: "requeue"
        }
    }
}
