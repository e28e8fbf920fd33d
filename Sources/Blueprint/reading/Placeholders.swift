// What stands for other text in the keys of a pool: {n}, {n+10100}, {address}.

import Bytes
import PostfixFormats

/// The values of one instance of a pool.
struct Placeholders {
    /// Counted from 1.
    let number: Int
    let address: ByteString

    /// The text with all placeholders filled in; what is none stays.
    func filled(_ text: ByteString) -> ByteString {
        guard let start = text.bytes.firstIndex(of: 0x7B),
            let end = text.bytes[start...].firstIndex(of: 0x7D)
        else { return text }
        let before = ByteString(text.bytes[..<start])
        let word = ByteString(text.bytes[(start + 1)..<end])
        let rest = filled(ByteString(text.bytes[(end + 1)...]))
        return before + (value(of: word) ?? "{\(word)}") + rest
    }

    private func value(of word: ByteString) -> ByteString? {
        switch word {
        case "n": return "\(number)"
        case "address": return address
        case "address-":
            return ByteString(address.bytes.map { $0 == 0x2E || $0 == 0x3A ? 0x2D : $0 })
        default:
            guard word.hasPrefix("n+"), let offset = Int(word.dropFirst(2).text), offset >= 0,
                offset < 1 << 32
            else { return nil }
            return "\(number + offset)"
        }
    }
}

extension InstanceKeys {
    /// The keys of one instance of a pool.
    func filled(_ fill: Placeholders) -> InstanceKeys {
        var keys = self
        keys.listen = listen.map(fill.filled)
        keys.hostname = hostname.map(fill.filled)
        keys.heloName = heloName.map(fill.filled)
        keys.relay = relay.map(fill.filled)
        keys.relayDomains = relayDomains.map(fill.filled)
        keys.networks = networks.map(fill.filled)
        keys.filter = filter.map(fill.filled)
        keys.fallback = fallback.map(fill.filled)
        keys.address = address.map(fill.filled)
        keys.certificate = certificate.map(fill.filled)
        keys.certificateKey = certificateKey.map(fill.filled)
        return keys
    }
}

extension OwnedSetting {
    /// The setting of one instance of a pool.
    func filled(_ fill: Placeholders) -> OwnedSetting {
        // Braces are main.cf's own, too: only behind no dollar sign do they mean a placeholder.
        value.contains(0x24) ? self : OwnedSetting(name, fill.filled(value), reason: reason)
    }
}
