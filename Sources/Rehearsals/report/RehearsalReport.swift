// What a rehearsal, or a probe of the running system, has shown. A value: it is printed elsewhere.

package import Bytes
package import Instances
package import MailTrace

/// What became of one probe.
package struct ProbeReport: Sendable {
    package var probe: Probe
    /// Where it came in, as "198.51.100.77 -> 203.0.113.25:25"; empty if it came in nowhere.
    package var entry: ByteString
    package var messageID: ByteString
    package var submission: Submission
    package var journeys: [Journey]
    package var verdict: ProbeVerdict
    /// What was logged meanwhile as a warning or worse, each once.
    package var warnings: [ByteString]
    /// From being sent to the verdict, in microseconds.
    package var duration: Int

    package init(
        probe: Probe, entry: ByteString, messageID: ByteString, submission: Submission,
        journeys: [Journey], verdict: ProbeVerdict, warnings: [ByteString], duration: Int
    ) {
        self.probe = probe
        self.entry = entry
        self.messageID = messageID
        self.submission = submission
        self.journeys = journeys
        self.verdict = verdict
        self.warnings = warnings
        self.duration = duration
    }
}

/// What a rehearsal has shown.
package struct RehearsalReport: Sendable {
    /// How an instance started.
    package struct Start: Sendable {
        package var instance: ByteString
        /// Why it did not start; nil if it runs.
        package var failure: ByteString?
        /// What it said then.
        package var lines: [ByteString]

        package init(instance: ByteString, failure: ByteString?, lines: [ByteString]) {
            self.instance = instance
            self.failure = failure
            self.lines = lines
        }
    }

    /// A filter or mailbox server, and who it was.
    package struct Neighbour: Sendable {
        package var standIn: StandIn
        /// The content filter's own program ran with this configuration; nil if it was a stand-in.
        package var configuration: ByteString?
        /// Why nobody answered there.
        package var failure: ByteString?

        package init(_ standIn: StandIn, configuration: ByteString?, failure: ByteString?) {
            self.standIn = standIn
            self.configuration = configuration
            self.failure = failure
        }
    }

    package var starts: [Start] = []
    package var neighbours: [Neighbour] = []
    /// What was logged before the first probe as a warning or worse, each once.
    package var warnings: [ByteString] = []
    package var probes: [ProbeReport] = []
    /// The names that were asked for and are not the host's, with the addresses they had.
    package var names: [(name: ByteString, address: IPAddress)] = []
    /// What the outside was given.
    package var received: [SinkTransaction] = []
    /// From the beginning to the end, in microseconds.
    package var duration = 0

    package init() {}

    /// True if all instances ran and all probes went as expected.
    package var isAsExpected: Bool {
        starts.allSatisfy { $0.failure == nil } && probes.allSatisfy(\.verdict.isAsExpected)
            && neighbours.allSatisfy { $0.failure == nil }
    }
}
