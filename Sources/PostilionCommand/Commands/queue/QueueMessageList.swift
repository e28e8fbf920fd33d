// A list of queued messages as it is read: for people, or as JSON.

import Bytes
import Instances
import PostfixFormats

/// Lists the messages that are meant.
struct QueueMessageList {
    private let context: CommandContext
    private var reading: QueueReading
    private let isJSON: Bool

    init(_ context: CommandContext, _ reading: QueueReading, isJSON: Bool) {
        self.context = context
        self.reading = reading
        self.isJSON = isJSON
    }

    /// Lists them.
    mutating func show() throws(CommandFailure) -> CommandStatus {
        let (isJSON, console) = (isJSON, context.console)
        let instances = reading.instances
        var text = QueueListText(context, names: instances.map(\.displayName))
        for instance in instances {
            let name = instance.displayName
            try reading.messages(of: instance, withReasons: true) {
                messages throws(CommandFailure) in
                var lines: ByteString = ""
                for message in messages {
                    if isJSON {
                        message.writeJSON(instance: name, to: &lines)
                    } else {
                        text.write(message, of: name, to: &lines)
                    }
                }
                try console.put(lines)
            }
        }
        if !isJSON { try console.put(text.summary) }
        return reading.status
    }
}

extension QueuedMessage {
    /// Appends the message as postqueue(1) writes it, with the instance as first member.
    ///
    /// Written piece by piece: a value for each message of a full queue would take long to make.
    func writeJSON(instance: ByteString, to text: inout ByteString) {
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
