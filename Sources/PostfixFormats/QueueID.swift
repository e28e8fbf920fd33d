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

    /// Takes the name of a message as a line of the log has it; nil if it cannot be one.
    ///
    /// A short name is six or more hexadecimal digits in upper case; a long one has the digits of
    /// its time, "z", and those of the inode.
    package init?(logged name: ByteString) {
        guard name.count >= 6, name.count <= Self.limitLogged else { return nil }
        let isShort = name.bytes.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte)
        }
        if !isShort {
            guard let end = name.bytes.lastIndex(of: 0x7A), (10...14).contains(end),
                end + 1 < name.count,
                name.bytes.indices.allSatisfy({ $0 == end || Self.digit(name.bytes[$0]) != nil })
            else { return nil }
        }
        text = name
    }

    /// No name is longer: the seconds, microseconds and inode of 64 bits take less.
    private static let limitLogged = 40

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

    /// The microseconds of the second in which the queue file was made; nil if it has none.
    ///
    /// A long name has them before its "z", a short one in its first five digits.
    package var createdMicroseconds: Int? {
        if createdSeconds != nil, let end = text.bytes.lastIndex(of: 0x7A) {
            let value = text.bytes[(end - 4)..<end].reduce(0) { $0 * 52 + (Self.digit($1) ?? 0) }
            return value < 1_000_000 ? value : nil
        }
        guard text.count >= 6 else { return nil }
        let digits = String(decoding: text.bytes[..<5], as: UTF8.self)
        guard let value = Int(digits, radix: 16), value < 1_000_000 else { return nil }
        return value
    }

    /// The letters by which the directories of a hashed queue are named, one a level.
    ///
    /// Of a long name the microseconds count, as five hexadecimal digits; a short one has them.
    package var hashLetters: ByteString {
        guard createdSeconds != nil, let micros = createdMicroseconds else { return text }
        let digits = String(micros, radix: 16, uppercase: true)
        return ByteString(String(repeating: "0", count: max(0, 5 - digits.count)) + digits)
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
