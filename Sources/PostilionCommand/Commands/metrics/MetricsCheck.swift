// The command metrics check: a plugin for monitoring systems of the Nagios family, and for Checkmk.

import ArgumentParser
import Bytes
import HostAccess
import Instances

struct MetricsCheck: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Tell monitoring systems how instances are, as a plugin does.",
        discussion: """
            One line that begins with POSTFIX OK, WARNING, CRITICAL or UNKNOWN, with performance \
            data behind a bar, and a line for each fault. Critical are an instance that is broken \
            or enabled and does not run, and a socket on which nothing listens; a warning is an \
            active queue that is four fifths full, and mail in corrupt. Numbers of waiting \
            messages and ages count for each instance, without those on hold.

            With --checkmk, a line for each instance as a local check of Checkmk prints it.

            Exit status: 0 OK; 1 warning; 2 critical; 3 unknown. With --checkmk 0 if all could \
            be told.

            Examples:
              postilion metrics check --warning 1000 --critical 5000
              postilion metrics check in --age-critical 1h
              postilion metrics check --checkmk
            """)

    @Argument(
        help: ArgumentHelp("Which instances; all without one.", valueName: "selector"),
        completion: .selectors)
    var selectors: [String] = []

    @Option(name: .shortAndLong, help: ArgumentHelp("So many messages wait.", valueName: "count"))
    var warning: Int?

    @Option(name: .shortAndLong, help: ArgumentHelp("So many messages wait.", valueName: "count"))
    var critical: Int?

    @Option(help: ArgumentHelp("The oldest message came so long ago.", valueName: "age"))
    var ageWarning: TimeSpan?

    @Option(help: ArgumentHelp("The oldest message came so long ago.", valueName: "age"))
    var ageCritical: TimeSpan?

    @Flag(help: "Print local checks of Checkmk, one for each instance.")
    var checkmk = false

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        let snapshot: Snapshot
        do throws(CommandFailure) {
            snapshot = try context.observeForMetrics(context.observeInstances(), selectors)
        } catch {
            // A plugin says that on its output, too.
            try context.console.put("POSTFIX UNKNOWN - \(error.message.onOneLine)\n")
            return .partlyDone
        }
        let limits = HealthLimits(
            messages: (warning, critical), ageSeconds: (ageWarning?.seconds, ageCritical?.seconds))
        let healths = snapshot.instances.map {
            InstanceHealth($0, of: snapshot, limits: limits)
        }
        if checkmk {
            for health in healths { try context.console.put(health.localCheck) }
            return healths.contains { $0.level == .unknown } ? .partlyDone : .done
        }
        let worst = healths.map(\.level).max() ?? .unknown
        let faults = healths.flatMap { health in
            health.faults.map { "\(health.name): \($0.sentence.onOneLine)" as ByteString }
        }
        let waiting = healths.compactMap(\.messages).reduce(0, +)
        let summary: ByteString =
            faults.first ?? "\(healths.count) instances, \(waiting) messages wait"
        let more: ByteString = faults.count > 1 ? " (and \(faults.count - 1) more)" : ""
        let data = healths.flatMap(\.performanceData).joined(by: " ")
        var text: ByteString = "POSTFIX \(worst.word) - \(summary)\(more) | \(data)\n"
        for fault in faults.dropFirst() { text += fault + "\n" }
        try context.console.put(text)
        return worst.status
    }
}

extension ByteString {
    /// The text for a line of a plugin, in which a bar begins performance data.
    fileprivate var onOneLine: ByteString {
        ByteString(printable.bytes.map { $0 == 0x7C ? 0x2F : $0 })
    }
}

extension InstanceHealth {
    /// The line of a local check: level, name, data, text.
    fileprivate var localCheck: ByteString {
        let text =
            faults.isEmpty ? "all is well" : faults.map(\.sentence.onOneLine).joined(by: ", ")
        let data = localData.joined(by: "|")
        return "\(Int(level.rawValue)) \"Postfix \(name)\" \(data.isEmpty ? "-" : data) \(text)\n"
    }
}
