// Time as the rest of the product sees it, for commands that go on for a while.

/// Tells the time.
package protocol Clock {
    /// Seconds since 1970.
    var nowSeconds: Int { get }

    /// Lets other processes go on for a while, between two bounded looks at the same thing.
    func pause(milliseconds: Int)
}

/// The clock of this machine.
package struct LiveClock: Clock {
    package init() {}

    package var nowSeconds: Int { ThisProcess.currentSeconds }

    package func pause(milliseconds: Int) { HostAccess.pause(milliseconds: milliseconds) }
}
