// Times of lines: with and without year and zone.

import Bytes
import MailTrace
import PostfixFormats
import Testing

@Suite struct `A time stamp` {
    /// 1 March 2028, 12:00 UTC.
    private static let march = 1_835_524_800

    private func time(
        _ stamp: ByteString, latest: Int = march, offset: Int = 0
    ) -> Int? {
        LogCalendar(latestSeconds: latest) { _ in offset }.microseconds(of: stamp)
    }

    @Test(arguments: [
        ("2026-11-21T06:29:34Z", 1_795_242_574_000_000),
        ("2026-11-21T07:29:34+01:00", 1_795_242_574_000_000),
        ("2026-11-21T07:29:34.5+0100", 1_795_242_574_500_000),
        ("2026-11-21T01:29:34.547805-05:00", 1_795_242_574_547_805),
        ("2026-11-21 06:29:34,25Z", 1_795_242_574_250_000),
    ])
    func `with a zone is a time`(_ stamp: String, _ expected: Int) {
        #expect(time(ByteString(stamp)) == expected)
        // Where the host is does not matter then.
        #expect(time(ByteString(stamp), offset: 7200) == expected)
    }

    @Test func `without a zone is in that of the host`() {
        #expect(time("2026-11-21T06:29:34", offset: 3600) == 1_795_238_974_000_000)
        #expect(time("Nov 21 06:29:34", latest: endOfDay, offset: 3600) == 1_795_238_974_000_000)
    }

    @Test func `without a year is of the latest year that is not in the future`() {
        #expect(time("Nov 21 06:29:34", latest: endOfDay) == 1_795_242_574_000_000)
        // A month later it is still last November; a year before, too.
        #expect(time("Nov 21 06:29:34", latest: endOfDay + 40 * 86_400) == 1_795_242_574_000_000)
        #expect(
            time("Nov 21 06:29:34", latest: endOfDay - 30 * 86_400)
                == 1_795_242_574_000_000 - 365 * 86_400_000_000)
    }

    @Test func `of December is before one of January`() throws {
        let newYear = 1_798_761_600  // 2027
        let before = try #require(time("Dec 31 23:59:59", latest: newYear + 60))
        let after = try #require(time("Jan  1 00:00:01", latest: newYear + 60))
        #expect(after - before == 2_000_000)
    }

    @Test func `of a leap day is in a leap year`() {
        #expect(time("Feb 29 12:00:00") == (Self.march - 86_400) * 1_000_000)
        #expect(
            time("Feb 29 12:00:00", latest: Self.march + 400 * 86_400)
                == (Self.march - 86_400) * 1_000_000)
    }

    @Test(arguments: ["Nov  5 09:01:02", "Nov 5 09:01:02", "Nov 05 09:01:02"])
    func `may have its day in three forms`(_ stamp: String) {
        #expect(time(ByteString(stamp)) != nil)
    }

    @Test(arguments: [
        "", "Nov", "Nov 32 09:01:02", "Nov  5 24:01:02", "Nov  5 09:01", "nov  5 09:01:02",
        "2026-13-01T00:00:00Z", "2026-11-21T06:29:34+", "2026-11-21T06:29:34Zx", "2026-11-21",
        "99999999999999999999",
    ])
    func `of another form is none`(_ stamp: String) {
        #expect(time(ByteString(stamp)) == nil)
    }

    @Test func `can be shown`() {
        let time = CivilTime(seconds: 1_795_242_574)
        #expect((time.year, time.month, time.day) == (2026, 11, 21))
        #expect((time.hour, time.minute, time.second) == (6, 29, 34))
        #expect(CivilTime(seconds: -1).year == 1969)
        #expect(CivilTime(seconds: Self.march).month == 3)
        #expect(CivilTime(seconds: Self.march - 86_400).day == 29)
    }
}
