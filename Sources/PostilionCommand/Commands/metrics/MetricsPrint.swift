// The command metrics print: all numbers as text.

import ArgumentParser
import Bytes
import HostAccess
import InstanceOperations
import Instances
import LogOperations
import PostfixFormats

struct MetricsPrint: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "print",
        abstract: "Print all numbers as OpenMetrics text, or put them into a file.",
        discussion: """
            The label mta is the name of an instance; the primary without one is postfix. \
            Deliveries and received messages have the label edge: outside, or internal if the \
            other side is another instance of this host, so that a message counts once with \
            edge="outside" however many instances it goes through.

            What was logged is counted from the first call on: the numbers and the place in each \
            log are kept in a file, and a call reads what came since. Without --state that is \
            /var/lib/postilion/metrics; with --no-log nothing is read or kept.

            With --textfile the numbers replace a file in one step, in the form that the textfile \
            collector of the Prometheus node exporter reads; its name must end in .prom.

            Exit status: 0 done; 1 nothing could be written; 3 something could not be seen, and \
            is left out; 4 a selector means no instance; 64 the command line is wrong.

            Examples:
              postilion metrics
              postilion metrics --textfile /var/lib/prometheus/node-exporter/postfix.prom
              postilion metrics @mta --no-log
            """)

    @Argument(
        help: ArgumentHelp("Which instances; all without one.", valueName: "selector"),
        completion: .selectors)
    var selectors: [String] = []

    @Option(
        help: ArgumentHelp("Put the numbers there, in one step.", valueName: "file"),
        completion: .file())
    var textfile: String?

    @Option(
        help: ArgumentHelp("Keep what was counted in logs there.", valueName: "file"),
        completion: .file())
    var state: String?

    @Flag(help: "Count nothing in logs.")
    var noLog = false

    func validate() throws {
        if noLog, state != nil { throw ValidationError("--no-log and --state: choose one of them") }
        for path in [textfile, state].compactMap({ $0 }) where !path.hasPrefix("/") {
            throw ValidationError("'\(path)' is no absolute path")
        }
        if let textfile, !textfile.hasSuffix(".prom") {
            throw ValidationError("'\(textfile)' does not end in .prom")
        }
    }

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        let scene = try context.observeInstances()
        let snapshot = try context.observeForMetrics(scene, selectors)
        var problems = snapshot.unseen
        var tally: LogTally?
        if !noLog {
            do throws(FileError) {
                let path: ByteString
                if let state {
                    path = ByteString(state)
                } else {
                    path = try MetricsState(context.host.files).path()
                }
                let views = scene.instances.usable.compactMap {
                    scene.parameters[$0.configDirectory]
                }
                let counted = try LogCounting(context.host, path: path).run(views)
                tally = counted.tally
                problems += counted.problems
            } catch {
                problems.append(error.sentence)
            }
        }
        let families = MetricFamilies(
            snapshot, tally: tally, logNames: logNames(scene), problems: problems.count
        ).all
        if let textfile {
            try put(families, into: ByteString(textfile), context)
        } else {
            try context.console.put(MetricForm.openMetrics.text(families))
        }
        for problem in problems { context.console.say("postilion: \(problem.printable)\n") }
        return problems.isEmpty ? .done : .partlyDone
    }

    private func logNames(_ scene: Scene) -> [ByteString: ByteString] {
        var names: [ByteString: ByteString] = [:]
        for (directory, parameters) in scene.parameters {
            // A name that cannot be expanded is one under which nothing was logged.
            names[directory] = try? parameters.value(of: "syslog_name")
        }
        return names
    }

    private func put(
        _ families: [MetricFamily], into path: ByteString, _ context: CommandContext
    ) throws(CommandFailure) {
        let accounts = context.host.accounts
        do throws(FileError) {
            // Whoever collects it is another user.
            try context.host.files.replace(
                path,
                with: FileReplacement(
                    contents: MetricForm.prometheus.text(families), expected: .anything,
                    attributes: .given(
                        mode: 0o644, owner: accounts.effectiveUser,
                        group: accounts.effectiveGroup)))
        } catch {
            throw CommandFailure(.failed, error.sentence.printable)
        }
    }
}

extension Snapshot {
    /// Why facts that metrics are made of cannot be seen.
    var unseen: [ByteString] {
        let host = [listeningSockets.reason.map { "cannot see what listens: \($0)" as ByteString }]
        return host.compactMap { $0 }
            + instances.flatMap { instance in
                guard instance.instance != nil else { return [ByteString]() }
                return [
                    instance.process.reason, instance.services.reason, instance.queues.reason,
                ].compactMap { $0 }.map { "\(instance.member.displayName): \($0)" }
            }
    }
}
