// What can be wrong with the values of an instance's keys, whatever the host is like.

import Bytes
import Instances
import PostfixFormats
import TOMLReading

extension InstanceReader {
    /// Notes what is wrong with the values.
    func check(_ keys: InstanceKeys) {
        for (index, listener) in keys.listen.enumerated() where !isListener(listener) {
            table.complain(
                "listen", at: index, "\"\(listener)\" is no listener",
                mend: "write \"127.0.0.1:10026\", \"[::1]:10026\", or a port alone: \"25\"")
        }
        let nextHops: [(String, ByteString?)] = [
            ("relay", keys.relay), ("filter", keys.filter), ("fallback", keys.fallback),
        ]
        for case (let key, let value?) in nextHops {
            let isNextHop = NextHop(destination: value) != nil && !value.contains(0x20)
            if !isNextHop, IPAddress(value) == nil {
                table.complain(
                    key, "\"\(value)\" is no next hop",
                    mend: "write \"[host.example.com]\", or \"127.0.0.1:10025\"")
            }
        }
        if let address = keys.address, !hasPlaceholder(address), IPAddress(address) == nil {
            table.complain(
                "address", "\"\(address)\" is no numeric address", mend: "write it as 192.0.2.1")
        }
        if let name = keys.hostname, name.isEmpty || name.contains(0x20) {
            table.complain("hostname", "\"\(name)\" is no name", mend: "write a host name")
        }
        if keys.certificateKey != nil, keys.certificate == nil {
            table.complain(
                "tls_key", "there is no certificate that it belongs to",
                mend: "add tls_certificate")
        }
        for (key, path) in [
            ("tls_certificate", keys.certificate), ("tls_key", keys.certificateKey),
        ]
        where path.map({ !$0.hasPrefix("/") }) ?? false {
            table.complain(key, "no absolute path", mend: "begin it with /")
        }
        if let time = keys.queueLifetime, !isPostfixTime(time) {
            table.complain(
                "queue_lifetime", "\"\(time)\" is no time", mend: "write \"5d\" or \"12h\"")
        }
    }

    private func hasPlaceholder(_ text: ByteString) -> Bool { text.contains(0x7B) }

    private func isListener(_ text: ByteString) -> Bool {
        // What a pool fills in is checked by Postfix's own reader later.
        if hasPlaceholder(text) { return true }
        if isPort(text) { return true }
        let (host, port) = splitEndpoint(text)
        guard let host, let address = IPAddress(host), isPort(port) else { return false }
        return address.isIPv6 == host.hasPrefix("[")
    }

    private func isPort(_ text: ByteString) -> Bool {
        Int(text.text).map { (1...65535).contains($0) } ?? false
    }

    /// A time of postconf(5): a number and a unit.
    private func isPostfixTime(_ text: ByteString) -> Bool {
        let digits = text.bytes.prefix { (0x30...0x39).contains($0) }
        let unit = ByteString(text.bytes.dropFirst(digits.count))
        return !digits.isEmpty && (["", "s", "m", "h", "d", "w"] as [ByteString]).contains(unit)
    }
}

extension InstanceKeys {
    /// The line of the key that a setting comes from, or of the table.
    func line(of setting: ByteString) -> Int {
        let keys: [ByteString: String] = [
            "myhostname": "hostname", "smtp_helo_name": "helo_name", "mynetworks": "networks",
            "relay_domains": "relay_domains", "relayhost": "relay", "default_transport": "filter",
            "smtp_fallback_relay": "fallback", "smtp_bind_address": "address",
            "smtp_bind_address6": "address", "smtpd_tls_cert_file": "tls_certificate",
            "smtpd_tls_key_file": "tls_key", "maximal_queue_lifetime": "queue_lifetime",
            "bounce_queue_lifetime": "queue_lifetime", "inet_interfaces": "listen",
            "relay_transport": filter == nil ? "relay" : "filter",
        ]
        return keys[setting].flatMap { lines[$0] } ?? line
    }
}
