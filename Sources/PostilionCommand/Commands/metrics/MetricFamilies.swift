// Which metrics there are, and where their values come from. Names and labels are a promise to
// those who have dashboards: Documentation/metrics.md has the same table.
//
// The label of instances is "mta", since "instance" is what Prometheus calls the scraped host.

import ArgumentParser
import Bytes
import Instances
import LogOperations
import MailTrace

/// All metrics of a host at one time.
struct MetricFamilies {
    private let snapshot: Snapshot
    /// What was logged; nil if nobody looked.
    private let tally: LogTally?
    /// The log names of instances, by configuration directory.
    private let logNames: [ByteString: ByteString]
    private let problems: Int

    init(
        _ snapshot: Snapshot, tally: LogTally?, logNames: [ByteString: ByteString], problems: Int
    ) {
        self.snapshot = snapshot
        self.tally = tally
        self.logNames = logNames
        self.problems = problems
    }

    /// The families in the order in which they are written.
    var all: [MetricFamily] { states + queues + logged + own }

    private typealias Labels = [(name: ByteString, value: ByteString)]

    private func labels(_ instance: InstanceSnapshot) -> Labels {
        [
            ("mta", instance.member.metricName),
            ("group", instance.instance?.group?.text ?? ""),
        ]
    }

    private var states: [MetricFamily] {
        var up = MetricFamily("postfix_up", .gauge, "1 if the master daemon runs, else 0.")
        var enabled = MetricFamily(
            "postfix_enabled", .gauge, "1 if the instance is to be started with the others.")
        var valid = MetricFamily(
            "postfix_configuration_valid", .gauge, "0 if the main.cf cannot be used.")
        var uptime = MetricFamily(
            "postfix_uptime_seconds", .gauge, "For how long the master daemon runs.")
        var listeners = MetricFamily(
            "postfix_listeners", .gauge, "Sockets that the configuration asks for.")
        var missing = MetricFamily(
            "postfix_listeners_missing", .gauge,
            "Sockets of a running instance on which nothing listens.")
        for instance in snapshot.instances {
            let labels = labels(instance)
            valid.add(labels, instance.instance == nil ? 0 : 1)
            up.add(labels, instance.instance == nil ? 0 : instance.process.value.map(\.isUp))
            guard let known = instance.instance else { continue }
            enabled.add(labels, known.isEnabled ? 1 : 0)
            if case .known(.running(_, let since?)) = instance.process {
                uptime.add(labels, max(0, snapshot.takenSeconds - since))
            }
            guard instance.services.value != nil, snapshot.listeningSockets.value != nil else {
                continue
            }
            let states = snapshot.listenerStates(of: instance)
            listeners.add(labels, states.count)
            let isRunning = instance.process.value?.isUp == 1
            missing.add(labels, isRunning ? states.count { $0.isMissing } : 0)
        }
        return [up, enabled, valid, uptime, listeners, missing]
    }

    private var queues: [MetricFamily] {
        var messages = MetricFamily(
            "postfix_queue_messages", .gauge, "Messages in a queue.")
        var ages = MetricFamily(
            "postfix_queue_oldest_age_seconds", .gauge,
            "How long ago the oldest message of a queue came; 0 if there is none.")
        var limits = MetricFamily(
            "postfix_active_queue_limit", .gauge, "How many messages the active queue may have.")
        var fill = MetricFamily(
            "postfix_active_queue_fill_ratio", .gauge,
            "How full the active queue is: at 1 all other mail waits.")
        for instance in snapshot.instances {
            for queue in instance.queues.value ?? [] {
                let labels = labels(instance) + [("queue", queue.name)]
                messages.add(labels, queue.messages)
                let age = queue.oldestSeconds.map { max(0, snapshot.takenSeconds - $0) }
                ages.add(labels, queue.messages == 0 ? 0 : age)
            }
            limits.add(labels(instance), instance.activeLimit)
            if let limit = instance.activeLimit, let active = instance.messages(in: "active") {
                fill.samples.append(
                    .init(labels: labels(instance), value: ratio(active, of: limit)))
            }
        }
        return [messages, ages, limits, fill]
    }

    /// A ratio with four digits.
    private func ratio(_ count: Int, of limit: Int) -> ByteString {
        let thousands = count * 10_000 / limit
        let digits = String(thousands % 10_000)
        let zeroes = String(repeating: "0", count: max(0, 4 - digits.count))
        return "\(thousands / 10_000).\(zeroes)\(digits)"
    }

    private var logged: [MetricFamily] {
        guard let tally else { return [] }
        var received = MetricFamily(
            "postfix_received_messages", .counter,
            "Messages that were taken, from outside of the host or from another instance of it.")
        var delivered = MetricFamily(
            "postfix_deliveries", .counter,
            "Deliveries to recipients, out of the instances of the host or to another one of it.")
        var simple = Self.simpleCounters.map {
            ($0.count, MetricFamily($0.name, .counter, $0.help))
        }
        for instance in snapshot.instances {
            guard let known = instance.instance, let name = logNames[known.configDirectory] else {
                continue
            }
            let counts = tally.counts[name] ?? InstanceCounts()
            let labels = labels(instance)
            let outside: Labels = labels + [("edge", "outside")]
            let inside: Labels = labels + [("edge", "internal")]
            received.add(outside, counts.receivedFromOutside)
            // What nobody brought, as bounces, was received by no count.
            received.add(inside, max(0, counts.received - counts.receivedFromOutside))
            delivered.add(outside, counts.sentOutside)
            delivered.add(inside, max(0, counts.sent - counts.sentOutside))
            for index in simple.indices {
                simple[index].1.add(labels, counts[keyPath: simple[index].0])
            }
        }
        var began = MetricFamily(
            "postfix_log_counted_since_timestamp_seconds", .gauge,
            "When counting in the logs began, in seconds since 1970.")
        began.add([], tally.beganSeconds)
        var gaps = MetricFamily(
            "postfix_log_gaps", .counter,
            "How often a part of a log was put aside before it was counted.")
        gaps.add([], tally.gaps)
        return [received, delivered] + simple.map(\.1) + [began, gaps]
    }

    /// The counters that have one number for each instance.
    private static var simpleCounters:
        [(name: ByteString, help: ByteString, count: KeyPath<InstanceCounts, Int>)]
    {
        [
            ("postfix_connections", "Connections of clients.", \.connections),
            (
                "postfix_rejects", "Refusals of a client, sender, recipient or content.",
                \.rejected
            ),
            ("postfix_deferrals", "Attempts to deliver that will be made again.", \.deferred),
            ("postfix_bounces", "Deliveries that failed for good.", \.bounced),
            ("postfix_expired_messages", "Messages whose time was over.", \.expired),
            ("postfix_log_warnings", "Lines of the severity warning.", \.warnings),
            ("postfix_log_errors", "Lines of the severities error, fatal and panic.", \.errors),
        ]
    }

    private var own: [MetricFamily] {
        var build = MetricFamily("postilion_build", .info, "The program that tells this.")
        build.add([("version", ByteString(Postilion.configuration.version))], 1)
        var unseen = MetricFamily(
            "postilion_problems", .gauge, "Facts that could not be seen; the program says which.")
        unseen.add([], problems)
        var time = MetricFamily(
            "postilion_observation_timestamp_seconds", .gauge,
            "When this was seen, in seconds since 1970.")
        time.add([], snapshot.takenSeconds)
        return [build, unseen, time]
    }
}

extension ProcessState {
    /// 1 if it runs.
    fileprivate var isUp: Int { self == .stopped ? 0 : 1 }
}

extension InstanceSnapshot {
    /// The messages in a queue, or nil if that cannot be seen.
    func messages(in queue: ByteString) -> Int? {
        queues.value?.first { $0.name == queue }?.messages
    }
}
