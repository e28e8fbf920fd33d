// How a command line says which queued messages are meant.

import ArgumentParser
import Bytes
import Instances

/// The instances, and the conditions on messages.
struct QueueFilterOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp("Which instances; all without one.", valueName: "selector"),
        completion: .selectors)
    var selectors: [String] = []

    @Option(
        name: [.short, .long], parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "In this queue: maildrop, incoming, active, deferred, hold or corrupt; may be repeated."
        ))
    var queue: [QueueName] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("With this queue id; may be repeated.", valueName: "id"))
    var id: [String] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("From this sender, @DOMAIN, or <> for notices.", valueName: "address"))
    var sender: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("To this recipient, or @DOMAIN.", valueName: "address"))
    var recipient: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("To a recipient in this domain; .DOMAIN for those below it."))
    var domain: String?

    @Option(help: ArgumentHelp("Came at least so long ago: 90s, 20m, 12h, 3d.", valueName: "age"))
    var older: TimeSpan?

    @Option(help: ArgumentHelp("Came at most so long ago.", valueName: "age"))
    var newer: TimeSpan?

    @Option(help: ArgumentHelp("At least so large: 4000, 20K, 10M, 1G.", valueName: "size"))
    var larger: ByteSize?

    @Option(help: ArgumentHelp("At most so large.", valueName: "size"))
    var smaller: ByteSize?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Waits for a reason that has this text, in upper or lower case.", valueName: "text"))
    var reason: String?

    /// What is asked for.
    var filter: MessageFilter {
        var filter = MessageFilter()
        filter.queues = Set(queue)
        filter.ids = Set(id.map { ByteString($0) })
        filter.sender = sender.map { AddressCondition(ByteString($0)) }
        filter.recipient = recipient.map { AddressCondition(ByteString($0)) }
        filter.domain = domain.map { ByteString($0).lowercased }
        filter.leastAgeSeconds = older?.seconds
        filter.mostAgeSeconds = newer?.seconds
        filter.leastBytes = larger?.bytes
        filter.mostBytes = smaller?.bytes
        filter.reason = reason.map { ByteString($0).lowercased }
        return filter
    }
}

extension QueueName: ExpressibleByArgument {}

/// A span of time as "20m".
struct TimeSpan: ExpressibleByArgument {
    let seconds: Int

    init?(argument: String) {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
        guard let unit = argument.last.flatMap({ units[$0] }),
            // Mail does not wait for a hundred years.
            let count = Int(argument.dropLast()), (0...(3_200_000_000 / unit)).contains(count)
        else { return nil }
        seconds = count * unit
    }
}

/// A size as "20K", in units of 1024.
struct ByteSize: ExpressibleByArgument {
    let bytes: Int

    init?(argument: String) {
        let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
        let unit = argument.uppercased().last.flatMap { units[$0] }
        guard let count = Int(unit == nil ? argument[...] : argument.dropLast()),
            (0...(1 << 30)).contains(count)
        else { return nil }
        bytes = count * (unit ?? 1)
    }
}
