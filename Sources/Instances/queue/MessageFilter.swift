// Which queued messages are meant: conditions that must all hold.

package import Bytes
import PostfixFormats

/// Conditions on queued messages; one that is not set holds for all.
package struct MessageFilter: Hashable, Sendable {
    /// The queues that are looked at; empty for all.
    package var queues: Set<QueueName> = []
    package var ids: Set<ByteString> = []
    package var sender: AddressCondition?
    package var recipient: AddressCondition?
    /// The domain of a recipient, in lower case; one that begins with a dot means those below it.
    package var domain: ByteString?
    /// The message came at least so long ago, or at most.
    package var leastAgeSeconds: Int?
    package var mostAgeSeconds: Int?
    package var leastBytes: Int?
    package var mostBytes: Int?
    /// Part of the reason of a deferral, in lower case.
    package var reason: ByteString?

    package init() {}

    /// True if nothing is asked for, so that all messages are meant.
    package var isEmpty: Bool { self == MessageFilter() }

    /// True if the names of files do not tell whether a message is meant.
    package var needsEnvelopes: Bool {
        var rest = self
        rest.queues = []
        rest.ids = []
        return !rest.isEmpty
    }

    /// True if the reasons of deferrals must be known.
    package var needsReasons: Bool { reason != nil }

    /// True if a message of that name and queue may be meant.
    package func admits(_ queue: QueueName, _ id: ByteString) -> Bool {
        admits(queue) && (ids.isEmpty || ids.contains(id))
    }

    /// True if messages of that queue may be meant.
    package func admits(_ queue: QueueName) -> Bool { queues.isEmpty || queues.contains(queue) }

    /// True if the message is meant.
    package func matches(_ message: QueuedMessage, nowSeconds: Int) -> Bool {
        let age = nowSeconds - message.arrivedSeconds
        guard admits(message.queue, message.id.text), age >= leastAgeSeconds ?? .min,
            age <= mostAgeSeconds ?? .max, message.sizeBytes >= leastBytes ?? .min,
            message.sizeBytes <= mostBytes ?? .max
        else { return false }
        if let sender, !sender.matches(message.sender) { return false }
        guard recipient != nil || domain != nil || reason != nil else { return true }
        // All conditions on a recipient are about the same one.
        return message.recipients.contains { one in
            recipient?.matches(one.address) ?? true
                && domain.map { one.address.isInDomain($0) } ?? true
                && reason.map { one.reason?.lowercased.contains($0) ?? false } ?? true
        }
    }
}

/// Which addresses are meant.
package enum AddressCondition: Hashable, Sendable {
    /// This one, in lower case.
    case address(ByteString)
    /// All of a domain, in lower case.
    case domain(ByteString)
    /// The empty sender of notices.
    case empty

    /// Takes an address, "@domain", or "<>"; angle brackets around an address may be there.
    package init(_ text: ByteString) {
        var text = text.lowercased
        if text.hasPrefix("<"), text.hasSuffix(">") {
            text = ByteString(text.bytes.dropFirst().dropLast())
        }
        if text.isEmpty || text == "mailer-daemon" {
            self = .empty
        } else if text.hasPrefix("@") {
            self = .domain(text.dropFirst(1))
        } else {
            self = .address(text)
        }
    }

    /// True if the address, in outer form, is meant.
    package func matches(_ address: ByteString) -> Bool {
        switch self {
        case .address(let wanted): address.lowercased == wanted
        case .domain(let wanted): address.isInDomain(wanted)
        case .empty: address.isEmpty || address == "MAILER-DAEMON"
        }
    }
}

extension ByteString {
    /// True if the domain of the address is the one given, or lies below it if that begins with a
    /// dot.
    fileprivate func isInDomain(_ wanted: ByteString) -> Bool {
        let domain = domainOfAddress
        return domain == wanted || wanted.hasPrefix(".") && domain.hasSuffix(wanted)
    }

    /// True if `part` occurs in the text.
    fileprivate func contains(_ part: ByteString) -> Bool {
        guard let first = part.bytes.first else { return true }
        var start = 0
        while start + part.count <= count {
            if bytes[start] == first, bytes[start..<(start + part.count)].elementsEqual(part.bytes)
            {
                return true
            }
            start += 1
        }
        return false
    }
}
