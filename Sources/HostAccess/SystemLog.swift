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

/// Takes log records.
package protocol LogWriter {
    /// Writes one record under a tag such as "postmulti"; the process id is added.
    func write(_ text: ByteString, tag: ByteString, severity: LogSeverity)
}

/// The host's syslog service.
package struct SystemLog: LogWriter {
    package init() {}

    package func write(_ text: ByteString, tag: ByteString, severity: LogSeverity) {
        unsafe tag.withCString { name in
            // LOG_NDELAY is not set: a host without a log service is no reason to fail.
            unsafe openlog(name, LOG_PID, LOG_MAIL)
            unsafe text.withCString { message in
                unsafe withVaList([message]) { unsafe vsyslog(severity.priority, "%s", $0) }
            }
            closelog()
        }
    }
}
