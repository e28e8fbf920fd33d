// Queued messages for people: a line each, and below it why they wait.
//
// Written as they are read, so that a queue of any length takes no more memory than a short one;
// that is why it is no table.

import Bytes
import HostAccess
import Instances
import PostfixFormats

/// Lines that show queued messages.
struct QueueListText {
    private let console: Console
    private let nowSeconds: Int
    private let nameWidth: Int
    private var messages = 0
    private var recipients = 0
    private var bytes = 0

    /// Whoever has more recipients is shown with as many.
    private static let shownRecipients = 3
    private static let shownReasons = 3

    init(_ context: CommandContext, names: [ByteString]) {
        console = context.console
        nowSeconds = context.host.clock.nowSeconds
        nameWidth = max(8, names.map(\.count).max() ?? 0)
    }

    /// Appends the lines of a message.
    mutating func write(
        _ message: QueuedMessage, of instance: ByteString, to text: inout ByteString
    ) {
        if messages == 0 { text += heading }
        messages += 1
        recipients += message.recipients.count
        bytes += message.sizeBytes
        let age = durationText(seconds: nowSeconds - message.arrivedSeconds)
        let name = instance.padded(to: nameWidth).printable
        var line = console.styled(name, .instance(instance))
        for (column, width) in [(message.queue.text, 8), (message.id.text, 12)] {
            line += "  "
            line += column.padded(to: width)
        }
        for (column, width) in [(age, 7), (sizeText(message.sizeBytes), 6)] {
            line += "  "
            line += column.padded(to: width, onLeft: true)
        }
        line += "  "
        line += message.sender.printable
        line += " → "
        line += recipients(of: message).printable
        if message.isForcedToExpire { line += console.styled(" (expires)", .warning) }
        put(line, to: &text)
        for reason in reasons(of: message) {
            put("    " + console.styled(reason.printable, .faint), to: &text)
        }
    }

    /// What all that was written comes to.
    var summary: ByteString {
        if messages == 0 { return "no messages\n" }
        let text: ByteString = """
            \(messages) message\(messages == 1 ? "" : "s") for \
            \(recipients) recipient\(recipients == 1 ? "" : "s"), \(sizeText(bytes))
            """
        return console.styled(text, .strong) + "\n"
    }

    private var heading: ByteString {
        let name = ("INSTANCE" as ByteString).padded(to: nameWidth)
        return console.styled(
            "\(name)  QUEUE     ID                AGE    SIZE  SENDER → RECIPIENTS", .faint) + "\n"
    }

    private func put(_ line: ByteString, to text: inout ByteString) {
        text += console.columns.map { line.cutForTerminal(columns: $0) } ?? line
        text += "\n"
    }

    private func recipients(of message: QueuedMessage) -> ByteString {
        if message.recipients.isEmpty { return "nobody any more" }
        let shown = message.recipients.prefix(Self.shownRecipients).map(\.address)
        let rest = message.recipients.count - shown.count
        return shown.joined(by: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }

    /// The different reasons, each once.
    private func reasons(of message: QueuedMessage) -> [ByteString] {
        var reasons: [ByteString] = []
        for case let reason? in message.recipients.map(\.reason) where !reasons.contains(reason) {
            if reasons.count == Self.shownReasons { return reasons + ["and other reasons"] }
            reasons.append(reason)
        }
        return reasons
    }
}

/// A size for people: "870", "4.1K", "12M".
func sizeText(_ bytes: Int) -> ByteString {
    if bytes < 1000 { return "\(max(0, bytes))" }
    var tenths = bytes * 10 / 1024
    for unit: ByteString in ["K", "M", "G"] {
        if tenths < 100 { return "\(tenths / 10).\(tenths % 10)\(unit)" }
        if tenths < 10_000 || unit == "G" { return "\(tenths / 10)\(unit)" }
        tenths /= 1024
    }
    return ""
}

extension ByteString {
    /// The text with blanks on one side, to a width in bytes.
    func padded(to width: Int, onLeft: Bool = false) -> ByteString {
        let blanks = ByteString([UInt8](repeating: 0x20, count: max(0, width - count)))
        return onLeft ? blanks + self : self + blanks
    }
}
