// The system's log, syslog(3), facility mail.

package import Bytes
import Glibc

/// How grave a log record is, in Postfix's words.
package enum LogSeverity: Sendable {
    case info, warning, error, fatal

    /// The severity of the record for syslog(3); Postfix logs fatal errors as critical.
    var priority: Int32 {
        switch self {
        case .info: LOG_INFO
        case .warning: LOG_WARNING
        case .error: LOG_ERR
        case .fatal: LOG_CRIT
        }
    }
}

/// The part of the system that a log record is about, syslog(3).
package struct LogFacility: Hashable, Sendable {
    /// The facility's bits in a priority.
    package let code: Int32

    /// The facility of mail systems, Postfix's own default.
    package static let mail = LogFacility(code: LOG_MAIL)

    private init(code: Int32) { self.code = code }

    /// The facility of a name that syslog_facility may have, in any case; nil for another name.
    package init?(named name: ByteString) {
        let codes: [ByteString: Int32] = [
            "auth": LOG_AUTH, "authpriv": LOG_AUTHPRIV, "cron": LOG_CRON, "daemon": LOG_DAEMON,
            "ftp": LOG_FTP, "kern": LOG_KERN, "lpr": LOG_LPR, "mail": LOG_MAIL, "news": LOG_NEWS,
            "security": LOG_AUTH, "syslog": LOG_SYSLOG, "user": LOG_USER, "uucp": LOG_UUCP,
            "local0": LOG_LOCAL0, "local1": LOG_LOCAL1, "local2": LOG_LOCAL2,
            "local3": LOG_LOCAL3, "local4": LOG_LOCAL4, "local5": LOG_LOCAL5,
            "local6": LOG_LOCAL6, "local7": LOG_LOCAL7,
        ]
        guard let code = codes[name.lowercased] else { return nil }
        self.code = code
    }
}

/// Takes log records.
package protocol LogWriter {
    /// Writes one record under a tag such as "postmulti"; the process id is added.
    func write(
        _ text: ByteString, tag: ByteString, severity: LogSeverity, facility: LogFacility)
}

/// The host's syslog service.
package struct SystemLog: LogWriter {
    package init() {}

    package func write(
        _ text: ByteString, tag: ByteString, severity: LogSeverity, facility: LogFacility
    ) {
        unsafe tag.withCString { name in
            // LOG_NDELAY is not set: a host without a log service is no reason to fail.
            unsafe openlog(name, LOG_PID, facility.code)
            unsafe text.withCString { message in
                unsafe withVaList([message]) { unsafe vsyslog(severity.priority, "%s", $0) }
            }
            closelog()
        }
    }
}
