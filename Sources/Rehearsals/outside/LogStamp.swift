// Time stamps for lines of a rehearsal's log: exact, where those of syslog know only seconds.

import Bytes
import HostAccess
import PostfixFormats

/// The time stamp of a line.
enum LogStamp {
    /// The time now, in UTC: "2026-11-21T19:12:00.123456Z".
    static var now: ByteString { text(LiveClock().nowMicroseconds) }

    /// A time in microseconds since 1970.
    static func text(_ time: Int) -> ByteString {
        let civil = CivilTime(seconds: time / 1_000_000)
        let day = "\(civil.year)-\(two(civil.month))-\(two(civil.day))"
        let clock = "\(two(civil.hour)):\(two(civil.minute)):\(two(civil.second))"
        let digits = String(time % 1_000_000)
        let zeros = String(repeating: "0", count: 6 - digits.count)
        return ByteString("\(day)T\(clock).\(zeros)\(digits)Z")
    }

    /// What stands behind priority and time in "<22>Nov 21 19:12:00 postfix/smtpd[12]: text".
    static func body(of message: ByteString) -> ByteString {
        let body = message.bytes.drop { $0 != 0x3E }.dropFirst(1 + stampBytes)
        return ByteString(body.filter { $0 != 0x0A && $0 != 0 })
    }

    /// The length of a time with the blank behind it.
    private static let stampBytes = 16

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
