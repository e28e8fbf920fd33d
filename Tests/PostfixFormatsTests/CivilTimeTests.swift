// The calendar, against counting day by day.

import Bytes
import PostfixFormats
import Testing

@Suite struct `A date` {
    @Test func `of each day is the day after that of the day before`() {
        // 1 January of the year -401 is this many days before 1970.
        var (year, month, day) = (-401, 1, 1)
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        let first = CivilTime.days(year: year, month: month, day: day)
        var wrong: [Int] = []
        for number in first..<(first + 1300 * 366) {
            let time = CivilTime(seconds: number * 86_400 + 86_399)
            let isSame = time.year == year && time.month == month && time.day == day
            let isBack = CivilTime.days(year: year, month: month, day: day) == number
            if !isSame || !isBack { wrong.append(number) }
            let leapDay = month == 2 && CivilTime.isLeap(year) ? 1 : 0
            day += 1
            if day > lengths[month - 1] + leapDay { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
        #expect(wrong == [])
    }

    @Test(arguments: [
        (0, 1970, 1, 1, 4), (-1, 1969, 12, 31, 3), (951_782_400, 2000, 2, 29, 2),
        (4_107_542_400, 2100, 3, 1, 1), (-62_135_596_800, 1, 1, 1, 1),
    ])
    func `is that of date(1)`(seconds: Int, year: Int, month: Int, day: Int, weekday: Int) {
        let time = CivilTime(seconds: seconds)
        #expect([time.year, time.month, time.day, time.weekday] == [year, month, day, weekday])
    }

    @Test func `has a time of day, also before 1970`() {
        let time = CivilTime(seconds: -1)
        #expect([time.hour, time.minute, time.second] == [23, 59, 59])
        let other = CivilTime(seconds: 1_795_242_574)
        #expect([other.hour, other.minute, other.second] == [6, 29, 34])
    }

    @Test func `has a leap day every four years but for three centuries of four`() {
        let years = [1900, 1999, 2000, 2024, 2026, 2100, 2400]
        #expect(years.filter(CivilTime.isLeap) == [2000, 2024, 2400])
    }
}
