// The command status: what is configured, side by side with what really runs.

import ArgumentParser
import Bytes
import HostAccess
import InstanceOperations
import Instances

struct Status: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show what runs, what listens, and what mail waits.",
        discussion: """
            One row per instance, then what is wrong, and what each one logged last of warnings \
            and errors. Looks only: no program is started, no daemon asked.

            LISTENERS are the sockets that master.cf and main.cf ask for; an exclamation mark is \
            in front of one where nothing listens, and * stands for all addresses. One in front \
            of running tells that systemd should run the instance, and does not. The queues \
            are counted by the names of their files; those that are empty everywhere have no \
            column, but active and deferred. OLDEST is the age of the oldest message since it \
            came. Of more than 500 messages with short queue ids in one queue not all are \
            looked into: then the age has a > in front, and the oldest may be older. Of a log \
            the last 256 KiB are read.

            Without root, most directories of queues and some logs cannot be seen: then it says \
            so, and shows the rest.

            Exit status: 0 nothing wrong was seen; 1 an instance is broken, or is enabled but \
            does not run, or nothing listens where it should; 4 a selector means no instance; \
            64 the command line is wrong, or --watch has no terminal.

            Examples:
              postilion status
              postilion status @mta --watch
              postilion status --json | jq -c 'select(.faults != [])'
            """)

    @Argument(
        help: ArgumentHelp("Which instances; all without one.", valueName: "selector"),
        completion: .selectors)
    var selectors: [String] = []

    @Flag(help: "One JSON object per instance and line; what is not known is null, with a reason.")
    var json = false

    @Flag(help: "Show it again every second, until q or Ctrl-C.")
    var watch = false

    func validate() throws {
        if json, watch { throw ValidationError("--watch draws on a terminal, and has no --json") }
    }

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        if watch {
            return try StatusWatch(context) { () throws(CommandFailure) in
                try observe(context)
            }.run()
        }
        let snapshot = try observe(context)
        if json {
            for instance in snapshot.instances {
                try context.console.put(snapshot.json(of: instance))
            }
        } else {
            let view = StatusView(snapshot, console: context.console)
            let lines = view.lines(columns: context.console.columns)
            try context.console.put(lines.joined(by: "\n") + "\n")
        }
        return snapshot.hasFaults ? .failed : .done
    }

    private func observe(_ context: CommandContext) throws(CommandFailure) -> Snapshot {
        let scene = try context.observeInstances()
        let members = try scene.selected(by: selectors)
        return SnapshotObserver(
            context.host, installation: scene.installation, known: scene.parameters
        ).snapshot(of: members, with: [.queues, .logs, .units])
    }
}

extension Snapshot {
    /// True if something is wrong with any instance.
    var hasFaults: Bool { instances.contains { !faults(of: $0).isEmpty } }
}
