// The time of day as the rest of the product sees it, for commands that go on for a while.

/// Tells the time.
package protocol Clock {
    /// Seconds since 1970.
    var nowSeconds: Int { get }
}

/// The clock of this machine.
package struct LiveClock: Clock {
    package init() {}

    package var nowSeconds: Int { ThisProcess.currentSeconds }
}
