// How long something takes or took, for people: one or two units, never more exact than useful.

import Bytes

/// A number of seconds in words: "45s", "12m", "3h 20m", "5d 2h", "400d".
func durationText(seconds: Int) -> ByteString {
    let seconds = max(0, seconds)
    let minutes = seconds / 60
    let hours = minutes / 60
    let days = hours / 24
    if minutes == 0 { return "\(seconds)s" }
    if hours == 0 { return "\(minutes)m" }
    if days == 0 { return two(hours, "h", minutes % 60, "m") }
    return days < 100 ? two(days, "d", hours % 24, "h") : "\(days)d"
}

private func two(
    _ large: Int, _ largeUnit: ByteString, _ small: Int, _ smallUnit: ByteString
) -> ByteString {
    small == 0 ? "\(large)\(largeUnit)" : "\(large)\(largeUnit) \(small)\(smallUnit)"
}
