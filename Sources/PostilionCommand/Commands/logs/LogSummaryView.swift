// logs --summary: a row of numbers for each instance.

import Bytes
import MailTrace

/// Counts logs and shows the numbers.
struct LogSummaryView {
    private let context: CommandContext
    private let isJSON: Bool

    init(_ context: CommandContext, json: Bool) {
        self.context = context
        isJSON = json
    }

    func show(_ logs: OpenedLogs) throws(CommandFailure) {
        var summary = LogSummary(names: logs.names)
        for log in logs.traced { summary.add(log) }
        if isJSON {
            for (name, counts) in summary.instances {
                try context.console.put(
                    .object(
                        [.init("instance", .text(name))]
                            + counts.members.map { .init($0.name, .number($0.value)) }))
            }
            return
        }
        let columns = InstanceCounts().members.map {
            Table.Column($0.heading, isNumber: true)
        }
        var table = Table([.init("INSTANCE")] + columns)
        table.rows = summary.instances.map { name, counts in
            [.init(name)] + counts.members.map { .init("\($0.value)") }
        }
        try context.console.put(table.rendered(for: context.console))
    }
}

extension InstanceCounts {
    /// The numbers with their names for programs and for people.
    fileprivate var members: [(name: ByteString, heading: ByteString, value: Int)] {
        [
            ("lines", "LINES", lines), ("connections", "CONNECTS", connections),
            ("received", "RECEIVED", received),
            ("received_from_outside", "FROM OUTSIDE", receivedFromOutside),
            ("rejected", "REJECTED", rejected), ("sent", "SENT", sent),
            ("sent_outside", "TO OUTSIDE", sentOutside), ("deferred", "DEFERRED", deferred),
            ("bounced", "BOUNCED", bounced), ("expired", "EXPIRED", expired),
            ("warnings", "WARNINGS", warnings), ("errors", "ERRORS", errors),
        ]
    }
}
