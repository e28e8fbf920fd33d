// The command probe: a test message through the running system, followed to its end.

import ArgumentParser
import Bytes
import HostAccess
import Instances
import Rehearsals

struct ProbeCommand: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Send a test message through the running system, and follow it.",
        discussion: """
            Sends one message, which arrives where it is sent: take an address that is there for \
            tests. It comes in at a listener, by default the first one that other hosts can reach, \
            or is handed to sendmail(1) of an instance. Then the logs are followed until all is \
            known that became of it, and each hop is shown. If the time is over before, the last \
            lines say where the message is.

            The client is this host: --client can only be one of its addresses, and rules that \
            look at clients see that. See postilion rehearse for clients elsewhere.

            Exit status: 0 it became what was expected; 1 it did not, or not in time; 64 the \
            command line is wrong.

            Examples:
              postilion probe --to postmaster@example.com
              postilion probe --entry local:out --to test@example.net --relayed-to mx.example.net
              postilion probe --entry 203.0.113.25:25 --to nobody@example.com --expect rejected
            """)

    @OptionGroup var probe: ProbeOptions

    @Flag(help: "One JSON object.")
    var json = false

    func validate() throws {
        if probe.to.isEmpty { throw ValidationError("say to whom: --to ADDRESS") }
    }

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        let probe = try probe.probe()
        let scene = try context.observeInstances()
        let view = context.observeFlow(scene)
        let entry = try entry(of: probe, view)
        let sender = ProbeSender(
            context.host, sendmail: "\(try scene.value("command_directory"))/sendmail")
        var following = try LiveFollowing(context)
        let began = LiveClock().nowMicroseconds
        let content = ProbeContent(
            probe, body: try body(of: probe, context.host), time: began, number: 1)
        let submission: Submission
        switch entry {
        case .local(let member):
            submission = sender.submit(probe, content, at: member.configDirectory)
        case .network(let socket, _):
            submission = sender.send(
                probe, content, helo: probe.helo ?? context.host.nodeName, to: socket,
                from: probe.client, in: nil)
        }
        let inner = innerSockets(view)
        let (journeys, verdict) = ProbeFollowing(context.host.clock, inner: inner)
            .follow(probe, submission) { following.journeys(of: content.messageID) }
        let report = ProbeReport(
            probe: probe, entry: summary(of: entry, probe), messageID: content.messageID,
            submission: submission,
            journeys: verdict.isFinal ? journeys : following.located(content.messageID),
            verdict: verdict, warnings: LiveFollowing.warnings(in: journeys),
            duration: LiveClock().nowMicroseconds - began)
        if json {
            try context.console.put(report.json)
        } else {
            let lines = ProbeReportText(console: context.console).lines(report)
            try context.console.put(lines.reduce("") { "\($0)\($1)\n" })
        }
        return verdict.isAsExpected ? .done : .failed
    }

    /// Where it comes in; the host itself is the client, so listeners for it alone will do.
    private func entry(
        of probe: Probe, _ view: CommandContext.FlowView
    ) throws(CommandFailure) -> ChosenEntry {
        let own = ownAddresses(view)
        if let client = probe.client, !client.isLoopback, !own.contains(client) {
            throw CommandFailure(
                .usage, "\(ByteString(client.description)) is no address of this host",
                hint: "postilion rehearse has clients elsewhere")
        }
        let chooser = EntryChooser(view.snapshot, view.flow, ownAddresses: own)
        var fallback = probe
        do throws(EntryProblem) {
            do throws(EntryProblem) {
                return try chooser.choose(probe)
            } catch .noListener where probe.client == nil {
                fallback.client = IPAddress("127.0.0.1")
                return try chooser.choose(fallback)
            }
        } catch {
            throw CommandFailure(.failed, error.sentence, hint: "postilion status shows listeners")
        }
    }

    /// The host's addresses that others can reach.
    private func ownAddresses(_ view: CommandContext.FlowView) -> [IPAddress] {
        (view.snapshot.hostAddresses.value ?? []).compactMap { IPAddress($0) }
            .filter { !$0.isLoopback }
    }

    private func innerSockets(_ view: CommandContext.FlowView) -> InnerSockets {
        let own = Set(ownAddresses(view))
        return InnerSockets(view.snapshot, StandIn.needed(view.snapshot, view.flow)) {
            $0.isLoopback || own.contains($0)
        }
    }

    private func summary(of entry: ChosenEntry, _ probe: Probe) -> ByteString {
        // Without --client the kernel chooses.
        if case .network(let socket, _) = entry, probe.client == nil {
            return "this host to \(ByteString(socket.description))"
        }
        return entry.summary
    }

    private func body(of probe: Probe, _ host: Host) throws(CommandFailure) -> ByteString? {
        guard case .file(let path) = probe.message.body else { return nil }
        do throws(FileError) {
            let contents = try host.files.read(path, limitBytes: WrittenProbe.limitSizeBytes)
            return ByteString(contents.bytes)
        } catch {
            throw CommandFailure(.failed, error.sentence)
        }
    }
}
