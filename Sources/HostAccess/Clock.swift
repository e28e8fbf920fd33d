// Time as the rest of the product sees it, for commands that go on for a while.

import Glibc

/// Tells the time.
package protocol Clock {
    /// Seconds since 1970.
    var nowSeconds: Int { get }

    /// How many seconds local time was ahead of UTC at a time, in seconds since 1970.
    func zoneOffset(atSeconds seconds: Int) -> Int

    /// Lets other processes go on for a while, between two bounded looks at the same thing.
    func pause(milliseconds: Int)
}

/// The clock of this machine.
package struct LiveClock: Clock {
    package init() {}

    package var nowSeconds: Int { ThisProcess.currentSeconds }

    /// Microseconds since 1970.
    package var nowMicroseconds: Int {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        return now.tv_sec * 1_000_000 + now.tv_nsec / 1000
    }

    package func zoneOffset(atSeconds seconds: Int) -> Int {
        var time = time_t(seconds)
        var parts = unsafe tm()
        guard unsafe localtime_r(&time, &parts) != nil else { return 0 }
        return unsafe parts.tm_gmtoff
    }

    package func pause(milliseconds: Int) { HostAccess.pause(milliseconds: milliseconds) }
}
