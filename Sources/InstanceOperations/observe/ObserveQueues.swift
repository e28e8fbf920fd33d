// What the queues of an instance hold: names only, and as few files as tell the age of the oldest.

import Bytes
import HostAccess
import Instances
import PostfixFormats

/// Counts the messages of an instance.
struct QueueObserver {
    private let files: any FileReading

    /// The queues in the order of a message's way, then those that it does not leave by itself.
    private static let names: [ByteString] = [
        "maildrop", "incoming", "active", "deferred", "hold", "corrupt",
    ]
    /// Postfix hashes queues at most three levels deep.
    private static let limitDepth = 8
    /// As many files of a queue are opened, to keep a view of many full queues quick.
    static let limitOpened = 500

    /// The messages of one queue.
    private struct Found {
        var messages = 0
        /// The oldest time of those that told one.
        var oldestSeconds: Int?
        /// How many had to be looked into for their time.
        var opened = 0
        /// Others would have had to be.
        var isOldestCertain = true
    }

    init(_ files: any FileReading) { self.files = files }

    /// The states of all queues below a queue directory.
    func queues(in queueDirectory: ByteString) -> Observed<[QueueState]> {
        var states: [QueueState] = []
        do throws(FileError) {
            for name in Self.names {
                var found = Found()
                if let directory = try existing({ () throws(FileError) in
                    try files.directory("\(queueDirectory)/\(name)")
                }) {
                    try collect(directory, depth: 0, into: &found)
                }
                states.append(
                    QueueState(
                        name: name, messages: found.messages, oldestSeconds: found.oldestSeconds,
                        isOldestCertain: found.isOldestCertain))
            }
        } catch {
            return .unknown(reason: error.sentence)
        }
        return .known(states)
    }

    /// A queue that was never used is not there, and a level of hashing may have gone: then nil.
    private func existing(
        _ open: () throws(FileError) -> any DirectoryReading
    ) throws(FileError) -> (any DirectoryReading)? {
        do throws(FileError) {
            return try open()
        } catch {
            if error.isNotFound { return nil }
            throw error
        }
    }

    private func collect(
        _ directory: any DirectoryReading, depth: Int, into found: inout Found
    ) throws(FileError) {
        for name in try directory.names() {
            // One character is a level of hashing: no need to ask for its kind.
            if name.count == 1, depth < Self.limitDepth {
                let level = try existing { () throws(FileError) in try directory.directory(name) }
                if let level { try collect(level, depth: depth + 1, into: &found) }
            } else if let message = QueueID(fileName: name) {
                found.messages += 1
                note(message, directory, in: &found)
            }
        }
    }

    private func note(
        _ message: QueueID, _ directory: any DirectoryReading, in found: inout Found
    ) {
        var seconds = message.createdSeconds
        if seconds == nil, found.opened < Self.limitOpened {
            found.opened += 1
            // The file's own times do not tell: the queue manager sets them to the next attempt.
            // A message that has just left is none of the oldest any more.
            let head = try? directory.read(firstBytes: QueueFile.headBytes, of: message.text)
            seconds = head.flatMap { QueueFile(head: $0)?.arrivedSeconds }
        } else if seconds == nil {
            found.isOldestCertain = false
        }
        if let seconds { found.oldestSeconds = min(found.oldestSeconds ?? seconds, seconds) }
    }
}
