// A plan as a file: the blueprint, and the changes that it meant when it was made. Pure.

package import Bytes
package import Instances

/// A plan that is to be applied later, if it still means the same then.
package struct SavedPlan: Hashable, Sendable {
    /// What the blueprint's file was called.
    package var file: ByteString
    package var text: ByteString
    package var startsAndStops: Bool
    package var changes: ChangeSet

    package init(
        file: ByteString, text: ByteString, startsAndStops: Bool, changes: ChangeSet
    ) {
        self.file = file
        self.text = text
        self.startsAndStops = startsAndStops
        self.changes = changes
    }

    private static let head: ByteString = "postilion-plan 1\n"

    /// True for a text that begins as saved plans do.
    package static func isPlan(_ text: ByteString) -> Bool { text.hasPrefix(head) }

    /// The plan as bytes.
    package var encoded: ByteString {
        let record = TransactionRecord(
            startedSeconds: 0, user: 0, invokedBy: "",
            command: [file, text, startsAndStops ? "start" : "no-start"], changes: changes)
        return Self.head + record.encoded
    }

    /// Reads a plan back; nil if the bytes are not a whole one.
    package init?(decoding bytes: ByteString) {
        guard Self.isPlan(bytes),
            let record = TransactionRecord(decoding: bytes.dropFirst(Self.head.count)),
            record.command.count == 3
        else { return nil }
        self.init(
            file: record.command[0], text: record.command[1],
            startsAndStops: record.command[2] == "start", changes: record.changes)
    }
}

extension ChangeSet {
    /// True if both do the same to files.
    package func isSame(as other: ChangeSet) -> Bool {
        preparation == other.preparation && commit == other.commit
            && completion == other.completion
    }
}
