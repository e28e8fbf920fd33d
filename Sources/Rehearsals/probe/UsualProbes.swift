// The probes that a system tells by itself, for those who name none.

import Bytes
package import Instances
import PostfixFormats

/// Finds out what every system should be asked.
package struct UsualProbes {
    private let snapshot: Snapshot
    private let chooser: EntryChooser

    /// A domain of nobody on the host.
    private static let foreign: ByteString = "example.org"

    package init(_ snapshot: Snapshot, _ chooser: EntryChooser) {
        self.snapshot = snapshot
        self.chooser = chooser
    }

    /// The probes: for each entry one that is taken and one that is not, and a local one.
    package var probes: [Probe] {
        var probes: [Probe] = []
        for socket in chooser.sockets(for: nil) {
            guard let instance = instance(at: socket) else { continue }
            let name = instance.member.displayName
            if let (recipient, expectation) = recipient(of: instance) {
                probes.append(
                    Probe(
                        name: "mail for \(recipient) at \(name)", sender: "probe@\(Self.foreign)",
                        recipients: [recipient], entry: .listener(socket),
                        expectation: expectation))
            }
            probes.append(
                Probe(
                    name: "a stranger's mail for others at \(name)",
                    sender: "probe@\(Self.foreign)", recipients: ["someone@\(Self.foreign)"],
                    entry: .listener(socket), expectation: .rejected(reply: nil)))
        }
        if let recipient = ownRecipient {
            probes.append(
                Probe(
                    name: "mail of the host itself", sender: "root",
                    recipients: [recipient.address],
                    entry: .local(instance: "-"), expectation: recipient.expectation))
        }
        return probes
    }

    private func instance(at socket: ListeningSocket) -> InstanceSnapshot? {
        snapshot.instances.first { instance in
            instance.listeners.contains { listener in
                listener.sockets.contains { $0.serves(socket.address, socket.port) }
            }
        }
    }

    /// Somebody who gets mail by an instance from outside, and where it goes.
    private func recipient(
        of instance: InstanceSnapshot
    ) -> (address: ByteString, expectation: Probe.Expectation)? {
        guard let parameters = instance.parameters else { return nil }
        func words(_ name: ByteString) -> [ByteString] { (try? parameters.list(of: name)) ?? [] }
        // A list of recipients in main.cf itself tells who is there.
        for name: ByteString in ["relay_recipient_maps", "virtual_mailbox_maps"] {
            let value = (try? parameters.value(of: name)) ?? ""
            guard let start = value.text.range(of: "inline:{") else { continue }
            let first = value.text[start...].split { " ,=}\t".contains($0) }.first
            if let first, first.contains("@") {
                return (ByteString(String(first)), .relayed(to: nil))
            }
        }
        let isDomain: (ByteString) -> Bool = { $0.bytes.allSatisfy { $0 != 0x3A && $0 != 0x2F } }
        if let domain = words("relay_domains").first(where: isDomain) {
            return ("postmaster@\(domain)", .relayed(to: nil))
        }
        guard let domain = words("mydestination").first(where: isDomain) else { return nil }
        return ("postmaster@\(domain)", .delivered)
    }

    /// Somebody outside, for mail of the host itself.
    private var ownRecipient: (address: ByteString, expectation: Probe.Expectation)? {
        guard snapshot.instances.first?.instance?.isEnabled == true else { return nil }
        return ("someone@\(Self.foreign)", .relayed(to: nil))
    }
}

extension String {
    /// The place behind a text, with any number of blanks after it.
    fileprivate func range(of text: String) -> String.Index? {
        var rest = self[...]
        while !rest.isEmpty {
            if rest.hasPrefix(text) { return rest.index(rest.startIndex, offsetBy: text.count) }
            rest = rest.dropFirst()
        }
        return nil
    }
}
