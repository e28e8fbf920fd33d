// Check syslog-name-prefix: a log tag that log tools do not take for Postfix's.

import Bytes

extension Check {
    static let syslogNamePrefix = Check(
        id: "syslog-name-prefix", title: "Log tools do not know the log tag", severity: .note,
        reference: "MULTI_INSTANCE_README, syslog_name",
        why: """
            Log tools recognise Postfix's lines by tags that begin with "postfix". By convention \
            those of a secondary begin with "postfix-"; lines with another tag do not appear in \
            reports and are not watched by fail2ban and the like.
            """,
        example: "syslog_name = outbound",
        mend: "postconf -c /etc/postfix-out -e 'syslog_name = postfix-outbound'"
    ) { snapshot in
        snapshot.enabledSecondaries.compactMap { instance in
            let isNamed = instance.instance?.name != nil || instance.sets("syslog_name")
            guard isNamed, let name = instance.value("syslog_name"), !name.hasPrefix("postfix")
            else { return nil }
            return Sighting(
                of: [instance], at: instance.place(of: "syslog_name"),
                "\(instance.name) logs as \(name), which log tools do not take for Postfix",
                mend: instance.setting("syslog_name", "postfix-\(name)"))
        }
    }
}
