// Check maillog-postlog: a log file that nobody writes.

import Bytes
import PostfixFormats

extension Check {
    static let maillogPostlog = Check(
        id: "maillog-postlog", title: "Nobody writes the log file", severity: .error,
        reference: "MAILLOG_README",
        why: """
            With maillog_file set, all programs send their lines to the postlog service instead \
            of syslog. An older master.cf does not have it: then the instance does not start, or \
            its log is lost.
            """,
        example: "maillog_file = /var/log/postfix.log, and no postlog line in master.cf",
        mend: "postconf -M 'postlog/unix-dgram=postlog unix-dgram n - n - 1 postlogd'"
    ) { snapshot in
        snapshot.enabled.compactMap { instance in
            guard let file = instance.value("maillog_file"), !file.isEmpty,
                let services = instance.services.value,
                services.service("postlog", "unix-dgram") == nil
            else { return nil }
            let service: ByteString = "postlog/unix-dgram=postlog unix-dgram n - n - 1 postlogd"
            return Sighting(
                of: [instance], at: instance.place(of: "maillog_file"),
                "\(instance.name) logs to \(file), but its master.cf has no postlog service",
                mend: "postconf -c \(instance.directory.quotedForShell) "
                    + "-M \(service.quotedForShell)")
        }
    }
}
