// The command metrics: numbers for monitoring systems.

import ArgumentParser
import Bytes
import HostAccess
import InstanceOperations
import Instances

struct Metrics: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics",
        abstract: "Numbers for monitoring systems.",
        discussion: """
            Without a sub-command, prints all numbers as OpenMetrics text; see metrics print. The \
            names are a promise: Documentation/metrics.md lists them.
            """,
        subcommands: [MetricsPrint.self, MetricsCheck.self, MetricsDiscovery.self],
        defaultSubcommand: MetricsPrint.self)
}

extension CommandContext {
    /// What status and doctor see, with the age of the oldest message of each queue for certain.
    func observeForMetrics(
        _ scene: Scene, _ selectors: [String]
    ) throws(CommandFailure) -> Snapshot {
        SnapshotObserver(host, installation: scene.installation, known: scene.parameters)
            .snapshot(of: try scene.selected(by: selectors), with: [.queues, .exactAges])
    }
}

extension InstanceSet.Member {
    /// The value of the label "mta": the primary has no name by itself.
    var metricName: ByteString { displayName == "-" ? "postfix" : displayName }
}

extension InstanceSnapshot {
    /// How many messages the active queue may have; nil if that is not known.
    var activeLimit: Int? {
        // What cannot be expanded is no number.
        let value = (try? parameters?.value(of: "qmgr_message_active_limit")) ?? nil
        return value.flatMap { Int($0.text) }.flatMap { $0 > 0 ? $0 : nil }
    }
}
