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
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        if let last = text.last, let unit = units[last] {
            // Longer ago than a hundred years is a slip of the finger.
            guard let count = Int(text.dropLast()), (0...(3_200_000_000 / unit)).contains(count)
            else { return nil }
            self = .ago(seconds: count * unit)
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
