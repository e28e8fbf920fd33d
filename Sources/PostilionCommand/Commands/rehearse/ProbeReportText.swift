// What became of probes, for people: a line with the verdict, then hop by hop. What strangers said
// never reaches a terminal as it is.

import Bytes
import HostAccess
import Instances
import MailTrace
import Rehearsals

/// Writes reports of probes.
struct ProbeReportText {
    let console: Console

    /// The lines of one probe.
    func lines(_ report: ProbeReport) -> [ByteString] {
        let isGood = report.verdict.isAsExpected
        let mark = isGood ? console.styled("ok   ", .good) : console.styled("WRONG", .bad)
        let name = console.styled(report.probe.name.printable, .strong)
        let fates = isGood ? what(report) : "expected \(wanted(report)), got \(what(report))"
        var lines: [ByteString] = [
            "\(mark)  \(name): \(fates.printable), \(JourneyText.span(report.duration))"
        ]
        if !report.entry.isEmpty { lines.append("       \(report.entry)") }
        for journey in report.journeys {
            for hop in journey.hops { lines += self.lines(hop) }
            for notice in journey.notices {
                lines.append(
                    "       notice \(notice.queueID) in \(notice.instance): "
                        + ByteString(notice.kind.rawValue))
            }
            if !isGood, let place = journey.whereabouts {
                lines.append(
                    "       now in the \(place.queue) queue of \(place.instance), as "
                        + place.queueID)
            }
        }
        for warning in report.warnings {
            lines.append("       \(console.styled(warning.printable, .warning))")
        }
        return lines
    }

    private func lines(_ hop: Hop) -> [ByteString] {
        let end = hop.endTime ?? hop.attempts.last?.time
        let took = end.map { Self.milliseconds($0 - hop.receivedTime) } ?? "-"
        let status = console.styled(ByteString(hop.status.rawValue), hop.status.style)
        let subject: ByteString = "\(hop.instance)  \(hop.queueID)  \(took)"
        var lines: [ByteString] = ["       \(subject.printable)  \(status)"]
        for attempt in hop.attempts {
            let delivery = attempt.delivery
            let place: ByteString = "by \(attempt.service) at \(delivery.relay)"
            let text: ByteString = "\(delivery.recipient) \(place): \(delivery.reply)"
            lines.append("         \(text.printable)")
        }
        return lines
    }

    /// What became of it, fates that are alike as one.
    private func what(_ report: ProbeReport) -> ByteString {
        var words: [ByteString] = []
        for item in report.verdict.items {
            let word = item.fate.sentence
            if !words.contains(word) { words.append(word) }
        }
        if words.isEmpty { return "no trace of it" }
        return words.joined(by: "; ")
    }

    private func wanted(_ report: ProbeReport) -> ByteString {
        switch report.probe.expectation {
        case .relayed(.some(let nextHop)): "relayed to \(nextHop.destination)"
        case .rejected(.some(let reply)): "rejected with '\(reply)'"
        default: report.probe.expectation.word
        }
    }

    private static func milliseconds(_ time: Int) -> ByteString {
        let number = max(0, time) / 1000
        return number < 10_000 ? "\(number)ms" : JourneyText.span(time)
    }
}

extension Fate {
    /// The fate in a few words.
    var sentence: ByteString {
        switch self {
        case .rejected(let reply): "rejected (\(reply))"
        case .delivered(let daemon): "delivered by \(daemon)"
        case .relayed(let relay, _): "relayed to \(relay.text)"
        case .bounced(let reply): reply.isEmpty ? "bounced" : "bounced (\(reply))"
        case .deferred(let reply): reply.isEmpty ? "deferred" : "deferred (\(reply))"
        case .failed(let reason): "not sent: \(reason)"
        case .held, .discarded, .underway: word
        }
    }
}

extension Relay {
    /// The relay as the log has it.
    var text: ByteString {
        let place = address.map { "[\(ByteString($0.description))]" as ByteString } ?? ""
        return name + place + (port.map { ":\($0)" } ?? "")
    }
}
