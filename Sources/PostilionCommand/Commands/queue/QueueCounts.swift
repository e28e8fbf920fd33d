// queue list --count: how many messages each queue of each instance has.

import Bytes
import Instances

/// Counts messages and shows the numbers.
struct QueueCounts {
    private let context: CommandContext
    private let isJSON: Bool

    init(_ context: CommandContext, isJSON: Bool) {
        self.context = context
        self.isJSON = isJSON
    }

    func show(_ reading: inout QueueReading) throws(CommandFailure) {
        let queues = QueueName.allCases.filter(reading.filter.admits)
        var table = Table(
            [.init("INSTANCE", mayBeCut: true)]
                + queues.map { .init(ByteString($0.rawValue.uppercased()), isNumber: true) }
                + [.init("TOTAL", isNumber: true)])
        for instance in reading.instances {
            guard let counts = try reading.counts(of: instance) else { continue }
            let numbers = queues.map { counts[$0] ?? 0 }
            let total = numbers.reduce(0, +)
            if isJSON {
                try context.console.put(
                    .object(
                        [.init("instance", .text(instance.displayName))]
                            + zip(queues, numbers).map { .init($0.text, .number($1)) }
                            + [.init("total", .number(total))]))
            } else {
                table.rows.append(
                    [.init(instance.displayName)]
                        + (numbers + [total]).map { .init("\($0)", $0 == 0 ? .faint : nil) })
            }
        }
        if !isJSON { try context.console.put(table.rendered(for: context.console)) }
    }
}
