// The start of a queue file: when the message came. The rest of the envelope is not read here.
//
// A file is a row of records: a type byte, the length in base 128 with the least digit first and a
// high bit while more follow, and the data.

/// What the first bytes of a queue file tell.
package struct QueueFile: Hashable, Sendable {
    /// When the message came, in seconds since 1970.
    package let arrivedSeconds: Int

    /// As many bytes as hold the arrival: it is the first or the second record.
    package static let headBytes = 256

    /// Reads the first bytes; nil if they hold no time of arrival.
    package init?(head: [UInt8]) {
        var place = 0
        while let record = Self.record(in: head, at: &place) {
            // The first record of that type counts: later ones belong to what the message holds.
            guard record.type == 0x54 else { continue }  // "T"
            let digits = record.data.prefix { (0x30...0x39).contains($0) }
            guard let seconds = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
            arrivedSeconds = seconds
            return
        }
        return nil
    }

    private static func record(
        in bytes: [UInt8], at place: inout Int
    ) -> (type: UInt8, data: ArraySlice<UInt8>)? {
        guard place < bytes.count else { return nil }
        let type = bytes[place]
        place += 1
        var length = 0
        for shift in stride(from: 0, to: 28, by: 7) {
            guard place < bytes.count else { return nil }
            let byte = bytes[place]
            place += 1
            length |= Int(byte & 0x7F) << shift
            if byte & 0x80 == 0 {
                guard place + length <= bytes.count else { return nil }
                defer { place += length }
                return (type, bytes[place..<place + length])
            }
        }
        return nil
    }
}
