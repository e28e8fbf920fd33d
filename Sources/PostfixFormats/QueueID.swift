// The names of messages in queues, and what they tell: mail_queue.h, enable_long_queue_ids.

package import Bytes

/// The name of a message in a queue.
package struct QueueID: Hashable, Sendable {
    package let text: ByteString

    /// Takes the name of an object in a queue directory; nil if it is no message.
    ///
    /// One character is a directory of a hashed queue, and a file that is being made has a dot in
    /// its name.
    package init?(fileName: ByteString) {
        guard fileName.count > 1, fileName.bytes.allSatisfy(Self.isAllowed) else { return nil }
        text = fileName
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
        default: false
        }
    }

    /// When the queue file was made, in seconds since 1970, from a long name; nil for a short one.
    ///
    /// Six or more digits of base 52 are the seconds, four the microseconds; then "z" and the inode
    /// follow.
    package var createdSeconds: Int? {
        // More than ten digits of seconds would be beyond any time.
        guard let end = text.bytes.lastIndex(of: 0x7A), (10...14).contains(end) else { return nil }
        var seconds = 0
        for byte in text.bytes[..<(end - 4)] {
            guard let digit = Self.digit(byte) else { return nil }
            seconds = seconds * 52 + digit
        }
        guard text.bytes[(end - 4)..<end].allSatisfy({ Self.digit($0) != nil }) else { return nil }
        return seconds
    }

    /// The value of a digit of base 52: figures and letters without vowels.
    private static func digit(_ byte: UInt8) -> Int? {
        let value = Int(values[Int(byte)])
        return value < 0 ? nil : value
    }

    private static let values: [Int8] = {
        var values = [Int8](repeating: -1, count: 256)
        let digits = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"
        for (value, byte) in digits.utf8.enumerated() { values[Int(byte)] = Int8(value) }
        return values
    }()
}
