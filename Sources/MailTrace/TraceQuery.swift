// What is asked for, and whether a journey is an answer.

package import Bytes
import PostfixFormats

/// What journeys are asked for; all that is given must fit.
package struct TraceQuery: Hashable, Sendable {
    package var messageID: ByteString?
    package var queueID: ByteString?
    package var instance: ByteString?
    package var sender: ByteString?
    package var recipient: ByteString?
    /// Any of these, or a part of a line.
    package var text: ByteString?

    package init() {}

    /// True if nothing is asked for that lines could be searched for.
    package var isEmpty: Bool {
        messageID == nil && queueID == nil && sender == nil && recipient == nil && text == nil
    }

    /// The journeys that are answers.
    ///
    /// A text that is an id or an address of some journey means those only; else every journey
    /// with a line that holds it.
    package func answers(among journeys: [Journey]) -> [Journey] {
        let fitting = journeys.filter(fits)
        guard let text else { return fitting }
        let exact = fitting.filter { $0.isNamed(text) }
        if !exact.isEmpty { return exact }
        return fitting.filter { journey in
            journey.hops.contains { hop in
                hop.records.contains { $0.text.containsIgnoringCase(text) }
            }
        }
    }

    private func fits(_ journey: Journey) -> Bool {
        if let messageID, !journey.hasMessageID(messageID) { return false }
        if queueID != nil || instance != nil {
            let isThere = journey.hops.contains { hop in
                (queueID ?? hop.queueID) == hop.queueID && isInstance(hop.instance)
            }
            if !isThere { return false }
        }
        if let sender, !journey.hasSender(sender) { return false }
        if let recipient, !journey.hasRecipient(recipient) { return false }
        return true
    }

    /// Instances may be named without "postfix-".
    private func isInstance(_ name: ByteString) -> Bool {
        guard let instance else { return true }
        return name == instance || name == "postfix-\(instance)"
            || instance == "-" && name == "postfix"
    }
}

extension Journey {
    fileprivate func isNamed(_ text: ByteString) -> Bool {
        hasMessageID(text) || hasSender(text) || hasRecipient(text)
            || hops.contains { $0.queueID == text }
    }

    fileprivate func hasMessageID(_ id: ByteString) -> Bool {
        hops.contains { hop in
            hop.records.contains { record in
                guard case .messageID(let found) = record.event else { return false }
                return found == id || found == "<\(id)>"
            }
        }
    }

    fileprivate func hasSender(_ address: ByteString) -> Bool {
        let address = address.withoutBrackets.lowercased
        return hops.contains { hop in
            hop.records.contains { record in
                switch record.event {
                case .active(let sender, _, _), .expired(let sender), .pickup(let sender, _):
                    sender.lowercased == address
                case .action(let action): action.sender?.lowercased == address
                default: false
                }
            }
        }
    }

    fileprivate func hasRecipient(_ address: ByteString) -> Bool {
        let address = address.withoutBrackets.lowercased
        if finals.contains(where: { $0.recipient.lowercased == address }) { return true }
        return hops.contains { hop in
            hop.records.contains { record in
                switch record.event {
                case .delivery(let delivery):
                    delivery.recipient.lowercased == address
                        || delivery.originalRecipient?.lowercased == address
                case .action(let action): action.recipient?.lowercased == address
                default: false
                }
            }
        }
    }
}

extension ByteString {
    /// The address in "<address>".
    var withoutBrackets: ByteString {
        hasPrefix("<") && hasSuffix(">") && count >= 2 ? ByteString(bytes[1..<(count - 1)]) : self
    }
}
