// What counting has to remember so that it can go on later where a log grew: the latest messages,
// to know those that come from or go to another instance.

package import Bytes

/// The latest messages of logs.
package struct LogMemory: Hashable, Sendable {
    package var entries: [Entry]

    /// A hand-over takes seconds: so many messages last for minutes on a very busy host.
    package static let limitEntries = 20_000

    /// A message in one queue.
    package struct Entry: Hashable, Sendable {
        /// The instance's log name.
        package var instance: ByteString
        /// How early on the way of a message its queue is, by who brought it.
        package var rank: Int
        /// When it came, in microseconds since 1970.
        package var time: Int
        /// What stands for its queue id and its Message-ID.
        package var id: UInt64
        package var messageID: UInt64
        /// It was counted as received.
        package var isCounted: Bool

        package init(
            instance: ByteString, rank: Int, time: Int, id: UInt64, messageID: UInt64,
            isCounted: Bool
        ) {
            self.instance = instance
            self.rank = rank
            self.time = time
            self.id = id
            self.messageID = messageID
            self.isCounted = isCounted
        }
    }

    package init(_ entries: [Entry] = []) { self.entries = entries }
}
