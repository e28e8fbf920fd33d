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
        name: [.short, .long],
        texts: "In this queue: maildrop, incoming, active, deferred, hold or corrupt; "
            + "may be repeated.")
    var queue: [QueueName] = []

    @Option(texts: "With this queue id; may be repeated.", "id")
    var id: [ByteString] = []

    @Option(text: "From this sender, @DOMAIN, or <> for notices.", "address")
    var sender: AddressCondition?

    @Option(text: "To this recipient, or @DOMAIN.", "address")
    var recipient: AddressCondition?

    @Option(text: "To a recipient in this domain; .DOMAIN for those below it.")
    var domain: ByteString?

    @Option(help: ArgumentHelp("Came at least so long ago: 90s, 20m, 12h, 3d.", valueName: "age"))
    var older: TimeSpan?

    @Option(help: ArgumentHelp("Came at most so long ago.", valueName: "age"))
    var newer: TimeSpan?

    @Option(help: ArgumentHelp("At least so large: 4000, 20K, 10M, 1G.", valueName: "size"))
    var larger: ByteSize?

    @Option(help: ArgumentHelp("At most so large.", valueName: "size"))
    var smaller: ByteSize?

    @Option(text: "Waits for a reason that has this text, in upper or lower case.", "text")
    var reason: ByteString?

    /// What is asked for.
    var filter: MessageFilter {
        var filter = MessageFilter()
        filter.queues = Set(queue)
        filter.ids = Set(id)
        filter.sender = sender
        filter.recipient = recipient
        filter.domain = domain?.lowercased
        filter.leastAgeSeconds = older?.seconds
        filter.mostAgeSeconds = newer?.seconds
        filter.leastBytes = larger?.bytes
        filter.mostBytes = smaller?.bytes
        filter.reason = reason?.lowercased
        return filter
    }
}
