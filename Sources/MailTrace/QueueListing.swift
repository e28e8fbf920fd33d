// What the queues hold at one time, as far as a journey asks for it.

package import Bytes
import PostfixFormats

/// The messages of all queues, or of those that were asked for.
package struct QueueListing: Hashable, Sendable {
    package var entries: [QueueEntry]

    package init(_ entries: [QueueEntry]) { self.entries = entries }

    /// Reads what `postqueue -j` writes, a message a line, with the instance as one member more.
    ///
    /// - Parameter damagedLines: Is given the numbers of lines that are none of it.
    package init(json: ByteString, damagedLines: inout [Int]) {
        entries = []
        let lines = json.bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where !line.isEmpty {
            guard let value = JSONText(ByteString(line)), let queue = value["queue_name"]?.string,
                let id = value["queue_id"]?.string
            else {
                damagedLines.append(index + 1)
                continue
            }
            let recipients = value["recipients"]?.elements.compactMap { $0["address"]?.string }
            // The primary's name in commands is none that it would log by.
            let instance = value["instance"]?.string ?? "-"
            entries.append(
                QueueEntry(
                    instance: instance == "-" ? "postfix" : instance, queue: queue, queueID: id,
                    recipients: recipients ?? []))
        }
    }

    /// What the queues of an instance hold of an id.
    func entry(_ instance: ByteString, _ id: ByteString) -> QueueEntry? {
        entries.first { $0.instance == instance && $0.queueID == id }
    }
}

/// One message in a queue.
package struct QueueEntry: Hashable, Sendable {
    package var instance: ByteString
    /// "active", "deferred", "hold" and others.
    package var queue: ByteString
    package var queueID: ByteString
    /// Recipients that are still to do; empty if nobody looked.
    package var recipients: [ByteString]

    package init(
        instance: ByteString, queue: ByteString, queueID: ByteString,
        recipients: [ByteString] = []
    ) {
        self.instance = instance
        self.queue = queue
        self.queueID = queueID
        self.recipients = recipients
    }
}
