// The role submission: mail of people who have logged in.

import Bytes
import PostfixFormats

extension Role {
    static let submission = Role(
        "submission", "takes mail from people with a password, encrypted only",
        required: ["tls_certificate"], listeners: ["587"]
    ) { keys in
        var settings = OwnedSetting.noLocalDelivery + [.rootSubmits]
        settings += [
            OwnedSetting(
                "smtpd_tls_security_level", "encrypt", reason: "no password goes in the clear"),
            OwnedSetting("smtpd_tls_auth_only", "yes", reason: "no login is offered before TLS"),
            OwnedSetting("smtpd_sasl_auth_enable", "yes", reason: "who submits logs in"),
            OwnedSetting(
                "smtpd_relay_restrictions", "permit_sasl_authenticated, reject",
                reason: "who has not logged in sends nothing, not even to our own domains"),
            .noMoreRestrictions,
            OwnedSetting(
                "smtpd_reject_unlisted_recipient", "no",
                reason: "a client shows refusals of the submission as errors of the server"),
        ]
        if let relay = keys.relay {
            settings.append(
                OwnedSetting("relayhost", relay, reason: "submitted mail goes there"))
        }
        return settings
    }
}
