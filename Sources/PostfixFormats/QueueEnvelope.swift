// The envelope of a queue file: who sent the message, who is still to get it, when it came and how
// large it is: rec_type.h, cleanup(8). The content is jumped over, never read.
//
// The file may be changed while it is read: a delivered recipient's record gets another type, and
// nothing else moves. What is read here comes from whoever may write to the queue, so every step
// goes forward, but for pointers, and no file is read through more than once.

package import Bytes

/// The types of records that matter here.
enum QueueRecordType {
    static let size = UInt8(ascii: "C")
    static let time = UInt8(ascii: "T")
    static let sender = UInt8(ascii: "S")
    /// A recipient who is still to get the message; done ones have another type.
    static let recipient = UInt8(ascii: "R")
    static let content = UInt8(ascii: "M")
    static let pointer = UInt8(ascii: "p")
    static let end = UInt8(ascii: "E")
}

/// What the envelope of a message tells.
package struct QueueEnvelope: Hashable, Sendable {
    /// When the message came, in seconds since 1970; nil if it does not say.
    package fileprivate(set) var arrivedSeconds: Int?
    /// How large the message is; nil if the file does not say, as a new one in maildrop.
    package fileprivate(set) var messageBytes: Int?
    /// The sender as it came, empty for notices; nil if there is none.
    package fileprivate(set) var sender: ByteString?
    /// Those who are still to get the message, as they came.
    package fileprivate(set) var recipients: [ByteString] = []
    /// The last record was read.
    package fileprivate(set) var isComplete = false
}

/// Reads an envelope from pieces of a file.
package struct QueueEnvelopeReader {
    /// What was read so far.
    package private(set) var envelope = QueueEnvelope()
    private let fileBytes: Int
    /// Where the next record begins.
    private var place = 0
    /// How much was read or jumped over; more than the file has is a loop of pointers.
    private var passedBytes = 0
    private let trustsSizes: Bool

    /// What is needed to go on.
    package enum Step: Hashable, Sendable {
        /// The bytes from there on, as many as there are, more than came last if it was there.
        case bytes(from: Int)
        /// Nothing: the last record was read, or none can follow.
        case nothing
    }

    /// - Parameters:
    ///   - fileBytes: How large the file is.
    ///   - isNew: It lies in maildrop: cleanup(8) has not yet written the sizes that count.
    package init(fileBytes: Int, isNew: Bool = false) {
        self.fileBytes = fileBytes
        trustsSizes = !isNew
    }

    /// Reads whole records from a piece of the file that begins at `offset`.
    package mutating func read(_ piece: borrowing Span<UInt8>, at offset: Int) -> Step {
        while true {
            let local = place - offset
            guard local >= 0, local < piece.count else { return .bytes(from: place) }
            switch QueueRecord.read(piece, at: local) {
            case .damaged: return .nothing
            case .cutOff: return .bytes(from: place)
            case .record(let record):
                if record.data.upperBound > piece.count, Self.hasMeaning(record.type) {
                    return .bytes(from: place)
                }
                guard pass(to: offset + record.data.upperBound) else { return .nothing }
                guard take(record, piece) else { return .nothing }
            }
        }
    }

    /// True if the record's data is needed.
    private static func hasMeaning(_ type: UInt8) -> Bool {
        switch type {
        case QueueRecordType.size, QueueRecordType.time, QueueRecordType.sender,
            QueueRecordType.recipient, QueueRecordType.pointer:
            true
        default: false
        }
    }

    /// Goes forward to a place; false if more was passed then than there is.
    private mutating func pass(to next: Int) -> Bool {
        passedBytes += next - place
        place = next
        return passedBytes <= fileBytes
    }

    /// Takes what a record tells; false if none follows.
    private mutating func take(_ record: QueueRecord, _ piece: borrowing Span<UInt8>) -> Bool {
        switch record.type {
        case QueueRecordType.time where envelope.arrivedSeconds == nil:
            envelope.arrivedSeconds = piece.leadingNumber(in: record.data)
        case QueueRecordType.size where trustsSizes && envelope.messageBytes == nil:
            envelope.messageBytes = piece.leadingNumber(in: record.data)
        case QueueRecordType.sender where envelope.sender == nil:
            envelope.sender = ByteString(copying: piece, record.data)
        case QueueRecordType.recipient:
            envelope.recipients.append(ByteString(copying: piece, record.data))
        case QueueRecordType.content:
            // Without a size the lines of the content are records like others.
            let (end, overflows) = place.addingReportingOverflow(envelope.messageBytes ?? 0)
            return !overflows && pass(to: end)
        case QueueRecordType.pointer:
            if let target = piece.leadingNumber(in: record.data), target > 0 { place = target }
        case QueueRecordType.end:
            envelope.isComplete = true
            return false
        default: break
        }
        return true
    }
}
