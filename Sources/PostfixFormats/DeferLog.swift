// The file in which bounce(8) keeps why recipients did not get a message yet: bounce_log.c.
//
// Entries are lines "name=value", and an empty line after each. A first line "<recipient>: reason"
// is how it was before Postfix 2.3; whatever it is, the named lines after it count more.

package import Bytes

/// A recipient who did not get the message, and why.
package struct DeferredRecipient: Hashable, Sendable {
    /// The address in its outer form, quoted where it has to be.
    package var address: ByteString
    package var reason: ByteString

    package init(address: ByteString, reason: ByteString) {
        self.address = address
        self.reason = reason
    }
}

/// What the log of one message's deferrals tells.
package struct DeferLog: Hashable, Sendable {
    /// The recipients in the order in which they were tried.
    package let recipients: [DeferredRecipient]

    /// Reads the log; what is none of it is passed over.
    package init(_ text: [UInt8]) {
        let bytes = text.span
        var recipients: [DeferredRecipient] = []
        var entry = Entry()
        var start = 0
        while start < bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != 0x0A { end += 1 }
            if end == start {
                entry.finish(&recipients)
            } else {
                entry.take(bytes, start..<end)
            }
            start = end + 1
        }
        entry.finish(&recipients)
        self.recipients = recipients
    }

    /// The lines of one entry so far.
    private struct Entry {
        private var isEmpty = true
        private var address: ByteString?
        private var reason: ByteString?

        mutating func take(_ bytes: borrowing Span<UInt8>, _ line: Range<Int>) {
            isEmpty = false
            if let value = bytes.value(of: "recipient=", in: line) {
                let text = ByteString(copying: bytes, value)
                address = text.isEmpty ? "(MAILER-DAEMON)" : text
            } else if let value = bytes.value(of: "reason=", in: line) {
                reason = ByteString(copying: bytes, value)
            } else if bytes[line.lowerBound] == UInt8(ascii: "<") {
                takeOldForm(bytes, line)
            }
        }

        private mutating func takeOldForm(_ bytes: borrowing Span<UInt8>, _ line: Range<Int>) {
            var end = line.lowerBound + 1
            while end + 2 < line.upperBound,
                bytes[end] != 0x3E || bytes[end + 1] != 0x3A || bytes[end + 2] != 0x20
            {
                end += 1
            }
            guard end + 2 < line.upperBound else { return }
            let text = ByteString(copying: bytes, (line.lowerBound + 1)..<end)
            address = text.isEmpty ? "(MAILER-DAEMON)" : text
            var start = end + 2
            while start < line.upperBound, bytes[start].isSpace { start += 1 }
            reason = ByteString(copying: bytes, start..<line.upperBound)
        }

        mutating func finish(_ recipients: inout [DeferredRecipient]) {
            defer { self = Entry() }
            if isEmpty { return }
            recipients.append(
                DeferredRecipient(
                    address: (address ?? "(recipient address unavailable)").postfixPrintable,
                    reason: (reason ?? "(description unavailable)").postfixPrintable))
        }
    }
}

extension Span<UInt8> {
    /// The rest of a line that begins with a name and its sign of equality.
    fileprivate func value(of name: StaticString, in line: Range<Int>) -> Range<Int>? {
        let length = name.utf8CodeUnitCount
        guard line.count >= length else { return nil }
        var place = line.lowerBound
        for byte in "\(name)".utf8 {
            if self[place] != byte { return nil }
            place += 1
        }
        return place..<line.upperBound
    }
}
