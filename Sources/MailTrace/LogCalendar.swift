// When a line was logged. Time stamps of RFC 3164 have neither year nor zone: both are given here.

package import Bytes
import PostfixFormats

/// Turns time stamps of log lines into times.
package struct LogCalendar {
    /// No line is from later than this, in seconds since 1970.
    package var latestSeconds: Int
    /// How many seconds the host's clocks are ahead of UTC at a time, in seconds since 1970.
    package var zoneOffset: (Int) -> Int

    package init(latestSeconds: Int, zoneOffset: @escaping (Int) -> Int = { _ in 0 }) {
        self.latestSeconds = latestSeconds
        self.zoneOffset = zoneOffset
    }

    /// A clock may be ahead of ours, and a zone may be unknown.
    private static let slackSeconds = 86_400

    /// The time of a stamp in microseconds since 1970; nil if it is none.
    package func microseconds(of stamp: ByteString) -> Int? {
        var reader = DigitReader(bytes: stamp.bytes[...])
        return stamp.bytes.first.map { (0x30...0x39).contains($0) } == true
            ? full(&reader) : yearless(&reader)
    }

    /// "2026-11-05T09:01:02.123456+01:00"; the zone may be "Z", "+0100" or missing.
    private func full(_ reader: inout DigitReader) -> Int? {
        guard let year = reader.number(4), reader.skip(0x2D), let month = reader.number(2),
            reader.skip(0x2D), let day = reader.number(2), (1...12).contains(month),
            (1...31).contains(day), reader.skip(0x54) || reader.skip(0x20),
            let second = reader.timeOfDay()
        else { return nil }
        let fraction = reader.fraction()
        let local = CivilTime.days(year: year, month: month, day: day) * 86_400 + second
        let isWithoutZone = reader.isAtEnd
        guard let offset = isWithoutZone ? offset(atLocal: local) : reader.zone(), reader.isAtEnd
        else { return nil }
        return (local - offset) * 1_000_000 + fraction
    }

    /// "Nov  5 09:01:02", also with a fraction, as some loggers are set up.
    private func yearless(_ reader: inout DigitReader) -> Int? {
        guard let month = reader.month() else { return nil }
        reader.skipBlanks()
        guard let day = reader.shortNumber(), (1...31).contains(day) else { return nil }
        reader.skipBlanks()
        guard let second = reader.timeOfDay() else { return nil }
        let fraction = reader.fraction()
        guard reader.isAtEnd else { return nil }
        // The latest year in which the line is not from the future.
        var year = CivilTime(seconds: latestSeconds + Self.slackSeconds).year
        while true {
            let local = CivilTime.days(year: year, month: month, day: day) * 86_400 + second
            let time = local - offset(atLocal: local)
            let isRealDay = month != 2 || day != 29 || CivilTime.isLeap(year)
            if time <= latestSeconds + Self.slackSeconds, isRealDay {
                return time * 1_000_000 + fraction
            }
            year -= 1
        }
    }

    /// The offset that holds at a time of the local clock.
    private func offset(atLocal local: Int) -> Int { zoneOffset(local - zoneOffset(local)) }
}

/// Reads numbers of few digits from the front of some bytes.
private struct DigitReader {
    var bytes: ArraySlice<UInt8>

    var isAtEnd: Bool { bytes.isEmpty }

    mutating func number(_ count: Int) -> Int? {
        guard bytes.count >= count else { return nil }
        var value = 0
        for byte in bytes.prefix(count) {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        bytes = bytes.dropFirst(count)
        return value
    }

    /// One or two digits.
    mutating func shortNumber() -> Int? { number(2) ?? number(1) }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard bytes.first == byte else { return false }
        bytes = bytes.dropFirst()
        return true
    }

    mutating func skipBlanks() { bytes = bytes.drop { $0 == 0x20 } }

    mutating func timeOfDay() -> Int? {
        guard let hour = number(2), skip(0x3A), let minute = number(2), skip(0x3A),
            let second = number(2), hour < 24, minute < 60, second < 61
        else { return nil }
        return hour * 3600 + minute * 60 + second
    }

    /// A point or comma and digits, in microseconds; zero if there are none.
    mutating func fraction() -> Int {
        guard skip(0x2E) || skip(0x2C) else { return 0 }
        var value = 0
        var unit = 100_000
        while let digit = number(1) {
            value += digit * unit
            unit /= 10
        }
        return value
    }

    mutating func zone() -> Int? {
        if skip(0x5A) { return 0 }
        let sign = bytes.first == 0x2D ? -1 : 1
        guard skip(0x2B) || skip(0x2D), let hours = number(2) else { return nil }
        _ = skip(0x3A)
        return sign * (hours * 3600 + (number(2) ?? 0) * 60)
    }

    /// The number of a month by its name of three letters.
    mutating func month() -> Int? {
        let name = ByteString(bytes.prefix(3))
        guard let index = CivilTime.monthNames.firstIndex(of: name) else { return nil }
        bytes = bytes.dropFirst(3)
        return index + 1
    }
}
