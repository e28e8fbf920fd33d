// Dates in header fields. What time it is enters as a number.

import Bytes
import PostfixFormats

/// Dates as header fields have them (RFC 5322, section 3.3), in universal time.
enum MailDate {
    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

    /// The date of so many seconds since 1970.
    static func text(_ seconds: Int) -> String {
        let time = CivilTime(seconds: seconds)
        let clock = [time.hour, time.minute, time.second]
            .map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
        let month = CivilTime.monthNames[time.month - 1]
        return "\(Self.weekdays[time.weekday]), \(time.day) \(month) \(time.year) \(clock) +0000"
    }
}
