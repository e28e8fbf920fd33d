// Lines about what a rule did: "reject: RCPT from H[A]: 550 ...; from=<s> to=<r> proto=P helo=<h>".

import Bytes

extension FieldCursor {
    private static let actions: Set<ByteString> = [
        "reject", "reject_warning", "hold", "discard", "filter", "redirect", "bcc", "delay", "info",
        "warn", "warning", "permit", "prepend", "replace", "strip", "pass", "proxy-accept",
        "proxy-reject", "milter-reject", "milter-hold", "milter-discard",
    ]

    /// Takes what a rule did, up to the end of the line.
    mutating func takeAction() -> RuleAction? {
        var probe = self
        guard let word = probe.takeUpTo(": "), Self.actions.contains(word) else { return nil }
        let text = probe.rest
        let isAboutContent =
            probe.sees("header ") || probe.sees("body ") || probe.sees("content ")
        // A header may hold what looks like the envelope, but stands before it; what the client
        // called itself may, too, and stands behind. So which one counts depends on the line. An
        // answer that repeats an address has it in quotes.
        let places =
            isAboutContent
            ? text.places(of: "; from=").reversed() : text.placesOutsideQuotes(of: "; from=")
        for place in places {
            let (head, tail) = (ByteString(text.bytes[..<place]), text.dropFirst(place + 2))
            var envelope = FieldCursor(tail)
            guard let found = envelope.takeEnvelope(mayHaveText: isAboutContent) else { continue }
            return action(word, head, sender: found.sender, recipient: found.recipient)
        }
        return action(word, text, sender: nil, recipient: nil)
    }

    private func action(
        _ word: ByteString, _ head: ByteString, sender: ByteString?, recipient: ByteString?
    ) -> RuleAction {
        var cursor = FieldCursor(head)
        let stage = cursor.takeUpTo(" from ") ?? head
        // "H[A]: " or "[A]:port: " stands in front of what the client was told.
        let client = cursor.takeUpTo(": ") ?? cursor.rest
        return RuleAction(
            action: word, stage: stage, client: client, reply: cursor.rest, sender: sender,
            recipient: recipient)
    }

    /// "from=<s> to=<r> proto=P helo=<h>"; postscreen(8) puts commas between.
    private mutating func takeEnvelope(
        mayHaveText: Bool
    ) -> (sender: ByteString, recipient: ByteString?)? {
        guard take("from="), let sender = takeAddress() else { return nil }
        var recipient: ByteString?
        if take(" to=") || take(", to=") {
            guard let address = takeAddress() else { return nil }
            recipient = address
        }
        if take(" proto=") || take(", proto=") { _ = take { $0 != 0x20 && $0 != 0x2C } }
        guard take(" helo=") || take(", helo=") else { return isAtEnd ? (sender, recipient) : nil }
        if mayHaveText {
            guard takeAddress() != nil else { return nil }
        } else if rest.hasSuffix(">") {
            return (sender, recipient)
        } else {
            guard takeUpTo("> sasl_") != nil || takeUpTo(">, sasl_") != nil else { return nil }
            return (sender, recipient)
        }
        let isDone = isAtEnd || sees(" sasl_") || sees(", sasl_") || sees(": ")
        return isDone ? (sender, recipient) : nil
    }
}

extension ByteString {
    /// Where a text begins, each time.
    fileprivate func places(of text: StaticString) -> [Int] {
        let wanted = Array("\(text)".utf8)
        guard count >= wanted.count else { return [] }
        return (0...(count - wanted.count)).filter { start in
            bytes[start] == wanted[0] && bytes[start..<(start + wanted.count)].elementsEqual(wanted)
        }
    }

    /// The same, but none that stands in quotes; all if the quotes do not match.
    fileprivate func placesOutsideQuotes(of text: StaticString) -> [Int] {
        var quoted: [Range<Int>] = []
        var start: Int?
        var isEscaped = false
        for (place, byte) in bytes.enumerated() {
            if isEscaped {
                isEscaped = false
            } else if byte == 0x5C {
                isEscaped = start != nil
            } else if byte == 0x22 {
                if let open = start { quoted.append(open..<place) }
                start = start == nil ? place : nil
            }
        }
        let all = places(of: text)
        let outside = all.filter { place in !quoted.contains { $0.contains(place) } }
        return outside.isEmpty ? all : outside
    }
}
