// How bad it is about an instance, as monitoring systems rank it: judged on a snapshot only.

import Bytes
import Instances

/// How bad something is; the order is that in which a summary takes the worst.
enum HealthLevel: Int32, Comparable {
    case fine = 0, warning, critical, unknown

    /// What is unknown is worse than a warning, but does not hide what is critical.
    private var rank: Int {
        switch self {
        case .fine: 0
        case .warning: 1
        case .unknown: 2
        case .critical: 3
        }
    }

    static func < (left: HealthLevel, right: HealthLevel) -> Bool { left.rank < right.rank }

    /// The word of plugins.
    var word: ByteString {
        switch self {
        case .fine: "OK"
        case .warning: "WARNING"
        case .critical: "CRITICAL"
        case .unknown: "UNKNOWN"
        }
    }

    /// The exit status of plugins, whose numbers mean something else for other commands.
    var status: CommandStatus {
        switch self {
        case .fine: .done
        case .warning: .failed
        case .critical: .pending
        case .unknown: .partlyDone
        }
    }
}

/// From which numbers on something is bad; nil for never.
struct HealthLimits {
    var messages: (warning: Int?, critical: Int?)
    var ageSeconds: (warning: Int?, critical: Int?)
}

/// How an instance is.
struct InstanceHealth {
    let name: ByteString
    /// What is bad, the worst first.
    private(set) var faults: [(level: HealthLevel, sentence: ByteString)] = []
    /// The messages that wait, without those on hold, and the age of the oldest; nil if unknown.
    private(set) var messages: Int?
    private(set) var oldestSeconds: Int?
    private let limits: HealthLimits

    init(_ instance: InstanceSnapshot, of snapshot: Snapshot, limits: HealthLimits) {
        name = instance.member.metricName
        self.limits = limits
        for fault in snapshot.faults(of: instance) { add(.critical, fault.sentence) }
        if instance.instance != nil {
            judgeQueues(instance, nowSeconds: snapshot.takenSeconds)
            for reason in [instance.process.reason, instance.services.reason].compactMap({ $0 }) {
                add(.unknown, reason)
            }
            if let reason = snapshot.listeningSockets.reason { add(.unknown, reason) }
        }
        faults.sort { $0.level > $1.level }
    }

    /// The worst of it.
    var level: HealthLevel { faults.map(\.level).max() ?? .fine }

    private mutating func add(_ level: HealthLevel, _ sentence: ByteString) {
        faults.append((level, sentence))
    }

    private mutating func judgeQueues(_ instance: InstanceSnapshot, nowSeconds: Int) {
        guard let queues = instance.queues.value else {
            return add(.unknown, instance.queues.reason ?? "queues were not looked at")
        }
        let waiting = queues.filter { !["hold", "corrupt"].contains($0.name) && $0.messages > 0 }
        let count = waiting.reduce(0) { $0 + $1.messages }
        let age = max(0, nowSeconds - (waiting.compactMap(\.oldestSeconds).min() ?? nowSeconds))
        messages = count
        oldestSeconds = age
        if let level = Self.level(count, limits.messages) {
            add(level, "\(count) messages wait")
        }
        if let level = Self.level(age, limits.ageSeconds) {
            add(level, "the oldest message waits for \(durationText(seconds: age))")
        }
        if let limit = instance.activeLimit, let active = instance.messages(in: "active"),
            active > limit / 5 * 4
        {
            add(.warning, "\(active) messages in the active queue of \(limit)")
        }
        if let corrupt = instance.messages(in: "corrupt"), corrupt > 0 {
            add(.warning, "\(corrupt) messages in corrupt")
        }
    }

    private static func level(
        _ value: Int, _ limits: (warning: Int?, critical: Int?)
    ) -> HealthLevel? {
        if let critical = limits.critical, value >= critical { return .critical }
        if let warning = limits.warning, value >= warning { return .warning }
        return nil
    }

    /// Performance data of plugins: 'label'=value[unit];warning;critical;minimum.
    var performanceData: [ByteString] {
        zip(["", "s"] as [ByteString], data).compactMap { unit, part in
            part.value.map {
                "'\(name)_\(part.label)'=\($0)\(unit);\(part.warning);\(part.critical);0"
            }
        }
    }

    /// The same for a local check: label=value;warning;critical.
    var localData: [ByteString] {
        data.compactMap { part in
            part.value.map { "\(part.label)=\($0);\(part.warning);\(part.critical)" }
        }
    }

    private var data: [(label: ByteString, value: Int?, warning: ByteString, critical: ByteString)]
    {
        func text(_ limit: Int?) -> ByteString { limit.map { "\($0)" } ?? "" }
        return [
            ("messages", messages, text(limits.messages.warning), text(limits.messages.critical)),
            (
                "oldest", oldestSeconds, text(limits.ageSeconds.warning),
                text(limits.ageSeconds.critical)
            ),
        ]
    }
}
