// What the operator says of one instance in the blueprint's own keys, and the settings that each
// key means. They mean the same for every role.

import Bytes
import Instances
import PostfixFormats

/// The keys of an instance as they were read.
struct InstanceKeys {
    var line: Int
    var name: ByteString = ""
    /// Listeners of smtpd(8) as they are written: "127.0.0.1:10026", "[::1]:25", "25".
    var listen: [ByteString] = []
    var hostname: ByteString?
    var heloName: ByteString?
    /// Where mail goes, as a next hop; what it means is the role's business.
    var relay: ByteString?
    var relayDomains: [ByteString] = []
    var networks: [ByteString] = []
    /// The content filter in front of which the instance stands.
    var filter: ByteString?
    /// Who gets what cannot be delivered at once.
    var fallback: ByteString?
    /// The address to send from.
    var address: ByteString?
    var certificate: ByteString?
    var certificateKey: ByteString?
    var queueLifetime: ByteString?
    /// The lines of the keys.
    var lines: [String: Int] = [:]

    init(line: Int) { self.line = line }
}

extension InstanceKeys {
    /// The settings of the keys that are there.
    var settings: [OwnedSetting] {
        var settings = listenerSettings + addressSettings
        if let hostname {
            settings.append(
                OwnedSetting("myhostname", hostname, reason: "its own name, unlike any other's"))
        }
        if let heloName {
            settings.append(
                OwnedSetting("smtp_helo_name", heloName, reason: "the name it says to the world"))
        }
        if !networks.isEmpty {
            settings.append(
                OwnedSetting("mynetworks", networks.joined(by: " "), reason: "who may relay"))
        }
        if !relayDomains.isEmpty {
            settings.append(
                OwnedSetting(
                    "relay_domains", relayDomains.joined(by: " "), reason: "it takes mail for these"
                ))
        }
        if let filter { settings += Role.toFilter(bracketed(filter)) }
        if let fallback { settings += fallbackSettings(fallback) }
        if let certificate { settings += certificateSettings(certificate) }
        if let queueLifetime {
            settings += [
                OwnedSetting(
                    "maximal_queue_lifetime", queueLifetime, reason: "how long mail may wait"),
                OwnedSetting(
                    "bounce_queue_lifetime", queueLifetime, reason: "how long a bounce may wait"),
            ]
        }
        return settings
    }

    private var listenerSettings: [OwnedSetting] {
        guard !listen.isEmpty else { return [] }
        var settings = [
            OwnedSetting(
                "master_service_disable", "", reason: "the listeners are wanted: nothing is off")
        ]
        let addresses = listen.map { splitEndpoint($0).host.flatMap { IPAddress($0) } }
        if addresses.allSatisfy({ $0?.isLoopback ?? false }) {
            settings.append(
                OwnedSetting(
                    "inet_interfaces", "loopback-only", reason: "only this host speaks to it"))
        } else if addresses.allSatisfy({ $0 != nil && $0?.isWildcard == false }) {
            var hosts: [ByteString] = []
            for address in addresses.compactMap({ $0?.description }) {
                let host = ByteString(address)
                if !hosts.contains(host) { hosts.append(host) }
            }
            settings.append(
                OwnedSetting(
                    "inet_interfaces", hosts.joined(by: " "),
                    reason: "these addresses are its own; others belong to other instances"))
        } else {
            return settings
        }
        if address == nil {
            settings.append(
                OwnedSetting(
                    "smtp_bind_address", "0.0.0.0",
                    reason: "the listeners' address is not the one to speak to others from"))
        }
        return settings
    }

    private var addressSettings: [OwnedSetting] {
        guard let address else { return [] }
        let isIPv6 = IPAddress(address)?.isIPv6 ?? false
        return [
            OwnedSetting(
                isIPv6 ? "smtp_bind_address6" : "smtp_bind_address", address,
                reason: "mail leaves from this address")
        ]
    }

    private func fallbackSettings(_ fallback: ByteString) -> [OwnedSetting] {
        [
            OwnedSetting(
                "smtp_fallback_relay", bracketed(fallback),
                reason: "what the first try does not deliver waits there, out of the way"),
            OwnedSetting(
                "smtp_connect_timeout", "5s", reason: "slow servers are the fallback's business"),
            OwnedSetting(
                "smtp_helo_timeout", "30s", reason: "slow servers are the fallback's business"),
        ]
    }

    private func certificateSettings(_ certificate: ByteString) -> [OwnedSetting] {
        [
            OwnedSetting("smtpd_tls_cert_file", certificate, reason: "its own certificate"),
            OwnedSetting(
                "smtpd_tls_key_file", certificateKey ?? certificate, reason: "and the key of it"),
            OwnedSetting("smtpd_tls_security_level", "may", reason: "TLS is offered"),
        ]
    }

    /// A numeric address in brackets: the host itself is meant, no mail exchanger is asked for.
    private func bracketed(_ endpoint: ByteString) -> ByteString {
        guard !endpoint.hasPrefix("[") else { return endpoint }
        let (host, port) = splitEndpoint(endpoint)
        guard let host, IPAddress(host) != nil else {
            return IPAddress(endpoint) == nil ? endpoint : "[\(endpoint)]"
        }
        return "[\(host)]:\(port)"
    }

    /// The listeners' addresses as entries of mynetworks.
    var ownNetworks: [ByteString] {
        listen.compactMap { splitEndpoint($0).host.flatMap { IPAddress($0) } }
            .filter { !$0.isLoopback && !$0.isWildcard }
            .map { $0.isIPv6 ? "[\($0.description)]" : "\($0.description)" }
    }

    /// The listeners as services of master.cf.
    var listenerServices: [OwnedService] {
        listen.map { listener in
            OwnedService(
                listener == "25" ? "smtp" : listener, "inet",
                fields: [.private: "n", .command: "smtpd"], reason: "listens for SMTP")
        }
    }
}
