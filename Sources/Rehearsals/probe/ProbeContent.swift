// The message that a probe sends: the fields that every message has, then what the probe asks for.

package import Bytes
import HostAccess
package import Instances
import PostfixFormats

/// A probe's message.
package struct ProbeContent: Hashable, Sendable {
    /// The Message-ID with its brackets, by which the message is found again.
    package let messageID: ByteString
    /// All lines, each ended by a line feed.
    package let text: ByteString

    /// Makes the message.
    ///
    /// - Parameters:
    ///   - body: What the file holds that the probe names, if it names one.
    ///   - time: In microseconds since 1970; it makes the Message-ID the only one.
    ///   - number: The place of the probe among several.
    package init(_ probe: Probe, body: ByteString?, time: Int, number: Int) {
        messageID = "<probe-\(number).\(time)@postilion.invalid>"
        var fields: [(name: ByteString, line: ByteString)] = [
            (
                "from",
                "From: <\(probe.sender.isEmpty ? "postmaster@postilion.invalid" : probe.sender)>"
            ),
            ("to", "To: <\(probe.recipients.first ?? "")>"),
            ("subject", "Subject: Postilion probe: \(Self.ascii(probe.name))"),
            ("date", "Date: \(Self.date(time / 1_000_000))"),
            ("message-id", "Message-ID: \(messageID)"),
        ]
        for line in probe.message.headers {
            let name = ByteString(line.bytes.prefix { $0 != 0x3A }).lowercased
            // The message is found by its own id.
            if name == "message-id" { continue }
            fields.removeAll { $0.name == name && $0.line.hasPrefix("From") == (name == "from") }
            fields.append((name, line))
        }
        var text = fields.reduce("" as ByteString) { "\($0)\($1.line)\n" } + "\n"
        switch probe.message.body {
        case .usual: text += "This message tests the way of mail. Nobody needs to read it.\n"
        case .text(let words): text += Self.endedLine(words)
        case .file: text += Self.endedLine(body ?? "")
        case .size(let bytes): text += Self.filling(bytes)
        }
        self.text = text
    }

    /// The message as SMTP sends it, with the line that ends it.
    package var stuffed: ByteString {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count + text.count / 64 + 3)
        var isAtStart = true
        for byte in text.bytes where byte != 0x0D {
            if isAtStart, byte == 0x2E { bytes.append(0x2E) }
            if byte == 0x0A { bytes.append(0x0D) }
            bytes.append(byte)
            isAtStart = byte == 0x0A
        }
        return ByteString(bytes) + ".\r\n"
    }

    private static func endedLine(_ text: ByteString) -> ByteString {
        text.hasSuffix("\n") ? text : text + "\n"
    }

    /// Lines of 72 bytes, so many bytes in all with their ends.
    private static func filling(_ count: Int) -> ByteString {
        var bytes = [UInt8](repeating: 0x78, count: max(0, count))
        for index in stride(from: 71, to: count, by: 72) { bytes[index] = 0x0A }
        if count > 0 { bytes[count - 1] = 0x0A }
        return ByteString(bytes)
    }

    private static func ascii(_ text: ByteString) -> ByteString {
        ByteString(text.bytes.map { (0x20...0x7E).contains($0) ? $0 : 0x3F })
    }

    /// A date of RFC 5322, in UTC.
    private static func date(_ seconds: Int) -> ByteString {
        let time = CivilTime(seconds: seconds)
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let clock = "\(two(time.hour)):\(two(time.minute)):\(two(time.second))"
        return ByteString("\(time.day) \(months[time.month - 1]) \(time.year) \(clock) +0000")
    }
}
