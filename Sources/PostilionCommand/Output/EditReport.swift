// What an edit of files did or would do, and what running instances need so that it has its effect.

import Bytes
import Instances

extension CommandContext {
    /// Tells of a change and of what comes next, as text or as one JSON object.
    ///
    /// - Parameters:
    ///   - next: The instances that are concerned, with what each needs.
    ///   - more: Further members of the JSON object.
    func show(
        _ changes: ChangeSet, next: [ConfigPlan.InstancePlan], _ options: ChangeOptions,
        more: [JSONValue.Member] = []
    ) throws(CommandFailure) {
        if options.json {
            return try console.put(
                changes.json(
                    isApplied: !options.dryRun, broken: [],
                    more: more + [.init("instances", .list(next.map(\.json)))]))
        }
        if options.dryRun {
            try console.put(changes.text(for: console))
        } else {
            try console.put(changes.isEmpty ? "nothing to do\n" : "done: \(changes.summary)\n")
        }
        for instance in next where instance.next != .nothing {
            let command: ByteString = "postfix -c \(instance.configDirectory)"
            let words: ByteString =
                instance.next == .reload
                ? "needs '\(command) reload'"
                : "needs a restart: '\(command) stop', '\(command) start'"
            console.say("postilion: \(instance.displayName): \(words)\n")
        }
    }
}

extension ConfigPlan.InstancePlan {
    /// What it needs if it runs; one that does not needs nothing.
    func ifRunning(_ mayRun: Bool) -> Self {
        var plan = self
        if !mayRun { plan.next = .nothing }
        return plan
    }

    fileprivate var json: JSONValue {
        .object([
            .init("instance", .text(displayName)),
            .init("config_directory", .text(configDirectory)), .init("next", .text(next.word)),
        ])
    }
}

extension ConfigPlan.NextStep {
    /// The step for programs.
    fileprivate var word: ByteString {
        switch self {
        case .nothing: "nothing"
        case .reload: "reload"
        case .restart: "restart"
        }
    }
}
