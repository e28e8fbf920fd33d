// What an instance is for, as settings with their reasons. Each role is a file of its own.
//
// A role knows what the operator said of the instance, never the host.

import Bytes
package import PostfixFormats

/// A kind of instance, with what it needs.
package struct Role: Sendable {
    /// What a blueprint calls it.
    package let name: String
    /// What it is for, in a few words.
    package let summary: String
    /// The keys without which it makes no sense.
    let required: [String]
    /// Its listeners if none are named.
    let listeners: [String]
    /// The keys that it is mostly used with, beside the required ones.
    private let usual: [String]
    private let decide: @Sendable (InstanceKeys) -> [OwnedSetting]

    init(
        _ name: String, _ summary: String, required: [String] = [], listeners: [String] = [],
        usual: [String] = [],
        settings: @escaping @Sendable (InstanceKeys) -> [OwnedSetting]
    ) {
        self.name = name
        self.summary = summary
        self.required = required
        self.listeners = listeners
        self.usual = usual
        decide = settings
    }

    /// The settings of an instance of this role, in the order in which they are written.
    func settings(_ keys: InstanceKeys) -> [OwnedSetting] { decide(keys) }

    /// All roles, in the order of the manual.
    package static let all: [Role] = [
        .nullClient, .input, .output, .submission, .sender, .fallbackRelay, .backupMX, .plain,
    ]

    /// What the role sets, on an example: for people who want to read it.
    package var example: [OwnedSetting] {
        func isUsual(_ key: String) -> Bool { required.contains(key) || usual.contains(key) }
        var keys = InstanceKeys(line: 1)
        keys.listen = listeners.map { ByteString($0) }
        if isUsual("listen") { keys.listen = ["10.0.0.1:25"] }
        if isUsual("relay") { keys.relay = "[mailhub.example.com]" }
        if isUsual("relay_domains") { keys.relayDomains = ["example.com"] }
        if isUsual("filter") { keys.filter = "127.0.0.1:10025" }
        if isUsual("hostname") { keys.hostname = "mail.example.com" }
        if isUsual("address") { keys.address = "192.0.2.1" }
        if isUsual("tls_certificate") {
            keys.certificate = "/etc/ssl/private/mail.example.com.pem"
        }
        let own = settings(keys)
        return own + keys.settings.filter { key in !own.contains { $0.name == key.name } }
    }
}
