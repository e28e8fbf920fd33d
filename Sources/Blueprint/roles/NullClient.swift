// The role null-client: the host's own mail, to one place.

import Bytes
import PostfixFormats

extension Role {
    static let nullClient = Role(
        "null-client", "takes the host's own mail and hands all of it to one server",
        required: ["relay"]
    ) { keys in
        var settings = OwnedSetting.noLocalDelivery
        settings.append(
            OwnedSetting(
                "relayhost", keys.relay ?? "", reason: "all mail of this host goes there"))
        if keys.listen.isEmpty {
            settings.append(
                OwnedSetting(
                    "master_service_disable", "inet",
                    reason: "mail enters by sendmail(1) only; no network service runs"))
        }
        return settings
    }
}
