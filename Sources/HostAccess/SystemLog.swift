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
        // Not a dictionary, which would be made anew at each start of the program.
        switch name.lowercased.text {
        case "auth", "security": code = LOG_AUTH
        case "authpriv": code = LOG_AUTHPRIV
        case "cron": code = LOG_CRON
        case "daemon": code = LOG_DAEMON
        case "ftp": code = LOG_FTP
        case "kern": code = LOG_KERN
        case "lpr": code = LOG_LPR
        case "mail": code = LOG_MAIL
        case "news": code = LOG_NEWS
        case "syslog": code = LOG_SYSLOG
        case "user": code = LOG_USER
        case "uucp": code = LOG_UUCP
        case "local0": code = LOG_LOCAL0
        case "local1": code = LOG_LOCAL1
        case "local2": code = LOG_LOCAL2
        case "local3": code = LOG_LOCAL3
        case "local4": code = LOG_LOCAL4
        case "local5": code = LOG_LOCAL5
        case "local6": code = LOG_LOCAL6
        case "local7": code = LOG_LOCAL7
        default: return nil
        }
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
