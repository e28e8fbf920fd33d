// The command queue shape: which domains mail waits for, and how long, as qshape(1) shows it.

import ArgumentParser
import Bytes
import HostAccess
import Instances

struct QueueShapeCommand: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "shape",
        abstract: "Show domains by the age of their mail.",
        discussion: """
            Counts recipients that still wait by domain and age, for each instance and for all \
            together. A column has mail that is younger than the next one's minutes; each but the \
            first is twice as long as the one before, and the last has no end. Without --queue, \
            mail in incoming, active and deferred counts.

            Exit status: 0 done; 1 no queue could be read; 3 some could not; 4 a selector means no \
            instance; 64 the command line is wrong.

            Examples:
              postilion queue shape
              postilion queue shape out --queue deferred --top 5
              postilion queue shape --senders --json
            """)

    @OptionGroup var options: QueueFilterOptions

    @Flag(name: .shortAndLong, help: "Count messages by the domains of their senders.")
    var senders = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Show so many domains of each instance, 0 for all.", valueName: "count"))
    var top = 20

    @Option(
        name: .shortAndLong, help: ArgumentHelp("How many columns of ages.", valueName: "count"))
    var buckets = AgeBuckets.usual.count

    @Option(help: ArgumentHelp("How long the first of them is.", valueName: "minutes"))
    var tick = AgeBuckets.usual.tickMinutes

    @Flag(help: "One JSON object per instance and domain, and one per instance with its total.")
    var json = false

    func validate() throws {
        // Thirty doublings of a minute are two thousand years.
        if !(2...30).contains(buckets) {
            throw ValidationError("--buckets \(buckets): from 2 to 30")
        }
        if !(1...100_000).contains(tick) {
            throw ValidationError("--tick \(tick): from 1 to 100000 minutes")
        }
        if top < 0 { throw ValidationError("--top \(top): at least 0") }
    }

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        var options = options
        if options.queue.isEmpty { options.queue = [.incoming, .active, .deferred] }
        var reading = try QueueReading(context, options)
        let buckets = AgeBuckets(count: buckets, tickMinutes: tick)
        let now = context.host.clock.nowSeconds
        var shapes: [(name: ByteString, shape: QueueShape)] = []
        for instance in reading.instances {
            var shape = QueueShape(buckets)
            try reading.messages(of: instance) { messages in
                for message in messages {
                    shape.add(message, bySender: senders, nowSeconds: now)
                }
            }
            shapes.append((instance.displayName, shape))
        }
        var total = QueueShape(buckets)
        for (_, shape) in shapes { total.add(shape) }
        if json {
            for (name, shape) in shapes { try putJSON(shape, .text(name), context.console) }
            try putJSON(total, .null, context.console)
        } else {
            let view = QueueShapeText(context.console, top: top == 0 ? .max : top)
            try context.console.put(view.text(shapes, total: total))
        }
        return reading.status
    }

    /// Puts each domain and the total; an instance that is null stands for all together.
    private func putJSON(
        _ shape: QueueShape, _ instance: JSONValue, _ console: Console
    ) throws(CommandFailure) {
        let rows =
            shape.ranking.map { (JSONValue.text($0.domain), $0.counts, $0.sum) }
            .prefix(top == 0 ? .max : top)
            + [(.null, shape.total, shape.total.reduce(0, +))]
        for (domain, counts, sum) in rows {
            let ages = zip(shape.buckets.startMinutes, counts).map { start, count in
                JSONValue.object([
                    .init("from_minutes", .number(start)), .init("count", .number(count)),
                ])
            }
            try console.put(
                .object([
                    .init("instance", instance), .init("domain", domain),
                    .init("count", .number(sum)), .init("ages", .list(ages)),
                ]))
        }
    }
}
