// The command logs: the logs of all instances as one.

import ArgumentParser
import Bytes
import HostAccess
import Instances
import MailTrace

struct Logs: HostCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the logs of all instances as one.",
        discussion: """
            Lines of all logs in the order of time, each under the instance that it is of, even if \
            its tag names another one. On a terminal every instance has its colour. Without --log \
            the instances' own logs are read, and with --since also the older ones that reach so \
            far back.

            TIME is a number with s, m, h, d or w for how long ago, or a date as 2026-11-21, \
            with T06:29 or T06:29:34 if need be, in local time.

            --summary counts instead: what each instance received and from outside, rejected, \
            delivered and out of the host, deferred, and bounced. A message that goes through \
            three instances came from outside once.

            Exit status: 0 done; 3 some log could not be read; 4 no instance is meant; 64 the \
            command line is wrong.

            Examples:
              postilion logs --since 10m --severity warning
              postilion logs --instance in --follow
              postilion logs --log /var/log/mail.log.1 --summary
            """)

    @Option(texts: "Lines of this instance; may be repeated.", "name", completion: .selectors)
    var instance: [ByteString] = []

    @Option(help: "Lines at least as bad as this: warning, error, fatal or panic.")
    var severity: LineSeverity = .info

    @Option(help: ArgumentHelp("Nothing from before.", valueName: "time"))
    var since: String?

    @Option(texts: "Read this file; may be repeated, and compressed.", "file", completion: .file())
    var log: [String] = []

    @Flag(help: "Show the last lines, and go on with what comes.")
    var follow = false

    @Flag(help: "Count, and show no lines.")
    var summary = false

    @Flag(help: "One JSON object per line, or per instance with --summary.")
    var json = false

    func validate() throws {
        if summary, follow || since != nil || severity != .info || !instance.isEmpty {
            throw ValidationError(
                "--summary counts whole logs, and goes with --log and --json only")
        }
        if let since, SinceTime(since) == nil {
            throw ValidationError("'\(since)' is no time: 10m, 2h, 1d, 2026-11-21T06:29")
        }
    }

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        let clock = context.host.clock
        let since = since.flatMap { SinceTime($0) }?.seconds(
            now: clock.nowSeconds, zoneOffset: clock.zoneOffset)
        let reach = since.map { OpenedLogs.Reach.since($0) } ?? (summary ? .all : .current)
        var logs = try OpenedLogs(context, named: log, reach: reach)
        if summary {
            try LogSummaryView(context, json: json).show(logs)
            logs.tellFailures()
        } else {
            var filter = LineFilter()
            filter.leastSeverity = severity
            filter.since = since.map { $0 * 1_000_000 }
            filter.instances = try names(logs)
            var reading = LogReading(context, logs, filter, isJSON: json)
            try reading.run(following: follow)
            logs = reading.logs
        }
        return logs.hasFailures ? .partlyDone : .done
    }

    /// The log names of the instances that are meant; nil for all.
    private func names(_ logs: OpenedLogs) throws(CommandFailure) -> Set<ByteString>? {
        if instance.isEmpty { return nil }
        if logs.instances.isEmpty {
            // Only the log could tell which names there are.
            return Set(instance + instance.map { $0 == "-" ? "postfix" : "postfix-\($0)" })
        }
        do {
            let members = try logs.instances.map { InstanceSet.Member.instance($0.instance) }
                .selected(by: instance)
            let directories = Set(members.map(\.configDirectory))
            return Set(
                logs.instances.filter { directories.contains($0.instance.configDirectory) }
                    .map(\.name))
        } catch {
            throw error.commandFailure
        }
    }
}

extension LineSeverity: ExpressibleByArgument {}
