// A time as a person gives it: how long ago, or a date.

import Bytes
import MailTrace

/// A point in time, from now or by the calendar.
enum SinceTime: Equatable {
    case ago(seconds: Int)
    /// A date, and maybe a time of day, on the local clock.
    case local(ByteString)

    /// Reads "10m", "2h", "2026-11-21" or "2026-11-21T06:29"; nil for anything else.
    init?(_ text: String) {
        if let span = TimeSpan(argument: text) {
            self = .ago(seconds: span.seconds)
            return
        }
        let whole: String
        switch text.utf8.count {
        case 10: whole = text + "T00:00:00"
        case 16: whole = text + ":00"
        default: whole = text
        }
        let calendar = LogCalendar(latestSeconds: 0)
        let isDate = text.first?.isNumber == true
        guard isDate, calendar.microseconds(of: ByteString(whole)) != nil else { return nil }
        self = .local(ByteString(whole))
    }

    /// The time in seconds since 1970.
    func seconds(now: Int, zoneOffset: @escaping (Int) -> Int) -> Int {
        switch self {
        case .ago(let seconds): now - seconds
        case .local(let stamp):
            (LogCalendar(latestSeconds: now, zoneOffset: zoneOffset).microseconds(of: stamp) ?? 0)
                / 1_000_000
        }
    }
}
