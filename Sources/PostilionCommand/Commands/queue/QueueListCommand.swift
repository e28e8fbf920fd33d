// The command queue list: every message that waits, and why.

import ArgumentParser
import Bytes
import HostAccess
import Instances
import PostfixFormats

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
        let instances = reading.instances
        var text = QueueListText(context, names: instances.map(\.displayName))
        for instance in instances {
            let name = instance.displayName
            try reading.messages(of: instance, withReasons: true) {
                messages throws(CommandFailure) in
                var lines: ByteString = ""
                for message in messages {
                    if json {
                        message.writeJSON(instance: name, to: &lines)
                    } else {
                        text.write(message, of: name, to: &lines)
                    }
                }
                try context.console.put(lines)
            }
        }
        if !json { try context.console.put(text.summary) }
        return reading.status
    }
}

extension QueuedMessage {
    /// Appends the message as postqueue(1) writes it, with the instance as first member.
    ///
    /// Written piece by piece: a value for each message of a full queue would take most of the time.
    fileprivate func writeJSON(instance: ByteString, to text: inout ByteString) {
        text += "{\"instance\":"
        JSONValue.write(instance, to: &text)
        text += ",\"queue_name\":"
        JSONValue.write(queue.text, to: &text)
        text += ",\"queue_id\":"
        JSONValue.write(id.text, to: &text)
        text += ",\"arrival_time\":\(arrivedSeconds),\"message_size\":\(sizeBytes)"
        text += isForcedToExpire ? ",\"forced_expire\":true" : ",\"forced_expire\":false"
        text += ",\"sender\":"
        JSONValue.write(sender, to: &text)
        text += ",\"recipients\":["
        for (index, recipient) in recipients.enumerated() {
            text += index > 0 ? ",{\"address\":" : "{\"address\":"
            JSONValue.write(recipient.address, to: &text)
            if let reason = recipient.reason {
                text += ",\"delay_reason\":"
                JSONValue.write(reason, to: &text)
            }
            text += "}"
        }
        text += "]}\n"
    }
}
