// Waits until it is known what became of a probe, or its time is over.

import Bytes
package import HostAccess
package import Instances
package import MailTrace

/// Follows a probe through the logs.
package struct ProbeFollowing {
    private let clock: any Clock
    private let inner: InnerSockets

    /// Between two looks at the logs; a hop takes longer.
    private static let pauseMilliseconds = 30

    package init(_ clock: any Clock, inner: InnerSockets) {
        self.clock = clock
        self.inner = inner
    }

    /// The last journeys and the verdict on them.
    ///
    /// - Parameter journeys: The journeys of the probe's Message-ID by what is logged now.
    package func follow(
        _ probe: Probe, _ submission: Submission, journeys: () -> [Journey]
    ) -> (journeys: [Journey], verdict: ProbeVerdict) {
        let deadline = LiveClock().nowMicroseconds + probe.limitSeconds * 1_000_000
        while true {
            let found = submission.taken.isEmpty ? [] : journeys()
            let verdict = ProbeVerdict(probe, submission, found, inner: inner)
            if verdict.isFinal || LiveClock().nowMicroseconds >= deadline {
                return (found, verdict)
            }
            clock.pause(milliseconds: Self.pauseMilliseconds)
        }
    }
}
