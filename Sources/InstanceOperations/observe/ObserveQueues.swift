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
        /// The oldest time that is in a name.
        var oldestSeconds: Int?
        /// The first files whose names tell no time.
        var untold: [ByteString] = []
        /// There are more of them.
        var hasMoreUntold = false
    }

    init(_ files: any FileReading) { self.files = files }

    /// The states of all queues below a queue directory.
    func queues(in queueDirectory: ByteString) -> Observed<[QueueState]> {
        var states: [QueueState] = []
        do throws(FileError) {
            for name in Self.names {
                var found = Found()
                try collect("\(queueDirectory)/\(name)", depth: 0, into: &found)
                states.append(state(name, found))
            }
        } catch {
            return .unknown(reason: error.sentence)
        }
        return .known(states)
    }

    private func collect(
        _ directory: ByteString, depth: Int, into found: inout Found
    ) throws(FileError) {
        let names: [ByteString]
        do throws(FileError) {
            names = try files.namesUnsorted(in: directory)
        } catch {
            // A queue that was never used is not there, and a level of hashing may have gone.
            if error.isNotFound { return }
            throw error
        }
        for name in names {
            // One character is a level of hashing: no need to ask for its kind.
            if name.count == 1, depth < Self.limitDepth {
                try collect("\(directory)/\(name)", depth: depth + 1, into: &found)
            } else if let message = QueueID(fileName: name) {
                found.messages += 1
                note(message, directory, in: &found)
            }
        }
    }

    private func note(_ message: QueueID, _ directory: ByteString, in found: inout Found) {
        if let seconds = message.createdSeconds {
            found.oldestSeconds = min(found.oldestSeconds ?? seconds, seconds)
        } else if found.untold.count < Self.limitOpened {
            found.untold.append("\(directory)/\(message.text)")
        } else {
            found.hasMoreUntold = true
        }
    }

    private func state(_ name: ByteString, _ found: Found) -> QueueState {
        // The file's own times do not tell: the queue manager sets them to the next attempt.
        let read = found.untold.compactMap { path in
            // A message that has just left is none of the oldest any more.
            (try? files.read(.first(bytes: QueueFile.headBytes), of: path))
                .flatMap { QueueFile(head: $0)?.arrivedSeconds }
        }
        let times = read + [found.oldestSeconds].compactMap { $0 }
        return QueueState(
            name: name, messages: found.messages, oldestSeconds: times.min(),
            isOldestCertain: !found.hasMoreUntold)
    }
}
