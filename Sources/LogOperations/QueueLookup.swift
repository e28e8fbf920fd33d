// Where a few messages are now: looks for their files in the queues, and opens none of them.

package import Bytes
package import HostAccess
package import Instances
package import MailTrace
import PostfixFormats

/// Looks for messages in the queues of instances.
package struct QueueLookup {
    private let files: any FileReading
    private let queueDirectories: [ByteString: ByteString]

    /// The queues in the order of a message's way, and the first two once more: a message that
    /// moves meanwhile is seen at its old or its new place.
    private static let queues: [ByteString] = [
        "maildrop", "incoming", "active", "deferred", "hold", "corrupt", "active", "deferred",
    ]
    /// Postfix hashes queues at most three levels deep.
    private static let limitDepth = 4

    /// - Parameters:
    ///   - instances: Each with its log name.
    package init(_ files: any FileReading, instances: [(name: ByteString, instance: Instance)]) {
        self.files = files
        queueDirectories = Dictionary(
            instances.map { ($0.name, $0.instance.queueDirectory) }, uniquingKeysWith: { $1 })
    }

    /// What the queues hold of the hops that have not ended.
    package func listing(for journeys: [Journey]) throws(FileError) -> QueueListing {
        var listing = QueueListing([])
        for journey in journeys {
            for hop in journey.hops where hop.endTime == nil && hop.queueID != "NOQUEUE" {
                guard let directory = queueDirectories[hop.instance] else { continue }
                if let queue = try queue(of: hop.queueID, in: directory) {
                    listing.entries.append(
                        QueueEntry(
                            instance: hop.instance, queue: queue, queueID: hop.queueID))
                }
            }
        }
        return listing
    }

    private func queue(
        of id: ByteString, in queueDirectory: ByteString
    ) throws(FileError) -> ByteString? {
        for queue in Self.queues {
            if try isThere(id, in: "\(queueDirectory)/\(queue)") { return queue }
        }
        return nil
    }

    /// True if a queue has the message, at whatever depth its directories are hashed.
    private func isThere(_ id: ByteString, in queue: ByteString) throws(FileError) -> Bool {
        var directory = queue
        for letter in QueueID(logged: id)?.hashLetters.bytes.prefix(Self.limitDepth) ?? [] {
            if try files.status(of: "\(directory)/\(id)", followingLinks: false) != nil {
                return true
            }
            directory += "/\(ByteString([letter]))"
        }
        return try files.status(of: "\(directory)/\(id)", followingLinks: false) != nil
    }
}
