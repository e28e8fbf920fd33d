// The command queue list: every message that waits, and why.

import ArgumentParser
import Bytes
import HostAccess
import Instances

struct QueueListCommand: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List queued messages of all instances.",
        discussion: """
            A line for each message: instance, queue, queue id, age since it came, size, sender \
            and recipients that still wait; below it the reasons. With --json, a line for each \
            message has the members that postqueue -j writes, and the instance.

            Messages that move from queue to queue meanwhile are listed once, where they are found \
            in the end.

            Exit status: 0 done; 1 no queue could be read; 3 some could not; 4 a selector means no \
            instance; 64 the command line is wrong.

            Examples:
              postilion queue list --queue deferred --domain example.com
              postilion queue list out --older 1d --reason 'connection refused'
              postilion queue list --json | jq -r .sender | sort | uniq -c
              postilion queue list --count
            """)

    @OptionGroup var options: QueueFilterOptions

    @Flag(help: "One JSON object per message and line.")
    var json = false

    @Flag(help: "Count only, by instance and queue.")
    var count = false

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        var reading = try QueueReading(context, options)
        if count {
            try QueueCounts(context, isJSON: json).show(&reading)
            return reading.status
        }
        var listing = QueueMessageList(context, reading, isJSON: json)
        return try listing.show()
    }
}
