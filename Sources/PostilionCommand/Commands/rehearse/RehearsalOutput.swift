// What a rehearsal has shown: first the system, then each probe.

import Bytes
import HostAccess
import Instances
import MailTrace
import Rehearsals

/// Writes reports of rehearsals.
struct RehearsalOutput {
    private let console: Console
    private let isJSON: Bool

    init(_ console: Console, isJSON: Bool) {
        self.console = console
        self.isJSON = isJSON
    }

    /// Writes all of it.
    func put(_ report: RehearsalReport) throws(CommandFailure) {
        if isJSON {
            try console.put(report.systemJSON)
            for probe in report.probes { try console.put(probe.json) }
            return
        }
        let view = ProbeReportText(console: console)
        var lines = system(report)
        for probe in report.probes { lines += [""] + view.lines(probe) }
        let good = report.probes.count { $0.verdict.isAsExpected }
        lines += [
            "",
            "\(good) of \(report.probes.count) probes as expected, in "
                + JourneyText.span(report.duration),
        ]
        try console.put(lines.reduce("") { "\($0)\($1)\n" })
    }

    /// The lines about instances, filters and what was logged at the start.
    private func system(_ report: RehearsalReport) -> [ByteString] {
        var lines: [ByteString] = []
        let running = report.starts.filter { $0.failure == nil }.map(\.instance)
        if !running.isEmpty { lines.append("started  \(running.joined(by: ", "))") }
        for start in report.starts {
            guard let failure = start.failure else { continue }
            lines.append("\(console.styled("FAILED", .bad))   \(start.instance): \(failure)")
            lines += start.lines.map { "         \($0.printable)" }
        }
        for neighbour in report.neighbours {
            let socket = ByteString(neighbour.standIn.socket.description)
            let fault = neighbour.failure.map { ": \($0)" as ByteString } ?? ""
            lines.append("beside   \(socket)  \(neighbour.sentence)\(fault)")
        }
        for warning in report.warnings {
            lines.append("         \(console.styled(warning.printable, .warning))")
        }
        return lines
    }
}
