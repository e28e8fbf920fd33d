// The probes of a rehearsal: one after the other, so that what is logged meanwhile is theirs.

package import Bytes
import HostAccess
package import Instances
import MailTrace
import PostfixFormats

extension RehearsedSystem {
    /// 1 GiB, as the largest size that a probe may ask for.
    private static let limitBodyBytes = 1 << 30

    /// Sends the probes and waits for what becomes of each; all of it within a limit.
    package func run(_ probes: [Probe], limitSeconds: Int) -> RehearsalReport {
        guard let running else { return report }
        let deadline = LiveClock().nowMicroseconds + limitSeconds * 1_000_000
        for (index, probe) in probes.enumerated() {
            var probe = probe
            let left = (deadline - LiveClock().nowMicroseconds) / 1_000_000
            probe.limitSeconds = max(1, min(probe.limitSeconds, left))
            tell("probe \(index + 1) of \(probes.count): \(probe.name)")
            report.probes.append(
                left > 0
                    ? run(probe, number: index + 1, running)
                    : unsent(probe, "the time for all probes was over"))
        }
        report.names = servers.records.withNames { $0.contacted }
        report.received = servers.records.received
        report.duration = LiveClock().nowMicroseconds - beganMicroseconds
        return report
    }

    private func unsent(_ probe: Probe, _ reason: ByteString) -> ProbeReport {
        var submission = Submission()
        submission.failure = reason
        return ProbeReport(
            probe: probe, entry: "", messageID: "", submission: submission, journeys: [],
            verdict: ProbeVerdict(probe, submission, [], inner: InnerSockets.none), warnings: [],
            duration: 0)
    }

    private func run(_ probe: Probe, number: Int, _ running: Running) -> ProbeReport {
        let entry: ChosenEntry
        do throws(EntryProblem) {
            entry = try running.chooser.choose(probe)
        } catch {
            return unsent(probe, error.sentence)
        }
        var body: ByteString?
        if case .file(let path) = probe.message.body {
            do throws(FileError) {
                body = ByteString(
                    try host.files.read(path, limitBytes: Self.limitBodyBytes).bytes)
            } catch {
                return unsent(probe, error.sentence)
            }
        }
        let began = LiveClock().nowMicroseconds
        let content = ProbeContent(probe, body: body, time: began, number: number)
        let submission = submit(probe, content, entry, running)
        let log = running.log
        var query = TraceQuery()
        query.messageID = content.messageID
        let (journeys, verdict) = ProbeFollowing(host.clock, inner: running.inner)
            .follow(probe, submission) {
                var tracer = Tracer(query, in: log.logs, instanceNames: log.instanceNames)
                tracer.search()
                return tracer.journeys(nil)
            }
        return ProbeReport(
            probe: probe, entry: entry.summary, messageID: content.messageID,
            submission: submission, journeys: journeys, verdict: verdict,
            warnings: log.warnings(since: began), duration: LiveClock().nowMicroseconds - began)
    }

    private func submit(
        _ probe: Probe, _ content: ProbeContent, _ entry: ChosenEntry, _ running: Running
    ) -> Submission {
        let sender = ProbeSender(host, sendmail: running.sendmail)
        switch entry {
        case .local(let member):
            return sender.submit(probe, content, at: member.configDirectory)
        case .network(let socket, let client):
            let helo = probe.helo ?? servers.records.withNames { $0.name(of: client) }
            let isOwn = running.network.isOwn(client)
            return sender.send(
                probe, content, helo: helo, to: socket, from: client,
                in: isOwn ? nil : running.outside)
        }
    }

    /// The probes that a system tells by itself: for each entry a message for somebody of its own
    /// domains and one that strangers must not relay, and one from the host itself.
    package func usualProbes() -> [Probe] {
        guard let running else { return [] }
        return UsualProbes(running.snapshot, running.chooser).probes
    }
}

extension RehearsedSystem.Running {
    /// The path of sendmail(1).
    fileprivate var sendmail: ByteString {
        let parameters = snapshot.instances.first?.parameters
        // What cannot be expanded has stopped the primary already.
        let directory = (try? parameters?.value(of: "command_directory")) ?? "/usr/sbin"
        return "\(directory)/sendmail"
    }
}

extension InnerSockets {
    /// None: for messages that were not sent.
    static let none = InnerSockets(
        Snapshot(
            takenSeconds: 0, hostAddresses: .known([]), listeningSockets: .known([]),
            instances: []), []
    ) { _ in false }
}

extension ChosenEntry {
    /// The entry in a few words.
    package var summary: ByteString {
        switch self {
        case .network(let socket, let client): "\(client.description) to \(socket.description)"
        case .local(let member): "sendmail of \(member.displayName)"
        }
    }
}

extension RehearsedSystem {
    /// Writes the log and what the outside was given, a line each, into a directory.
    package func keepLog(
        in directory: ByteString, received: [ByteString]
    ) throws(RehearsalFailure) {
        let texts: [(name: ByteString, text: ByteString)] = [
            ("mail.log", running?.log.text ?? ""),
            ("received.jsonl", ByteString(Array(received.map(\.bytes).joined()))),
        ]
        for (name, text) in texts {
            do throws(FileError) {
                try host.files.replace(
                    "\(directory)/\(name)",
                    with: FileReplacement(
                        contents: text, expected: .anything,
                        attributes: .given(mode: 0o600, owner: 0, group: 0)))
            } catch {
                throw .stage(error.sentence)
            }
        }
    }
}
