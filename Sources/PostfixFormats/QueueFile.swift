// The start of a queue file: when the message came. QueueEnvelope reads the rest of the envelope.

/// What the first bytes of a queue file tell.
package struct QueueFile: Hashable, Sendable {
    /// When the message came, in seconds since 1970.
    package let arrivedSeconds: Int

    /// As many bytes as hold the arrival: it is the first or the second record.
    package static let headBytes = 256

    /// Reads the first bytes; nil if they hold no time of arrival.
    package init?(head: [UInt8]) {
        let bytes = head.span
        var place = 0
        while case .record(let record) = QueueRecord.read(bytes, at: place),
            record.data.upperBound <= bytes.count
        {
            // The first record of that type counts: later ones belong to what the message holds.
            if record.type == QueueRecordType.time {
                guard let seconds = bytes.leadingNumber(in: record.data) else { return nil }
                arrivedSeconds = seconds
                return
            }
            place = record.data.upperBound
        }
        return nil
    }
}
